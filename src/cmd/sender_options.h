/* SPDX-License-Identifier: MIT */
/* sender_options.h - what the options of send-reports say about who reports. */
#ifndef CMD_SENDER_OPTIONS_H
#define CMD_SENDER_OPTIONS_H

#include <talloc.h>

#include "cmd/options.h"
#include "submit/outgoing.h"

/* Begins the process that runs sendmail(1), before we give up what it may need.  0, or an exit
 * status after a line on standard error. */
int sender_options_prepare(const struct options *options);
/* The file of a key, "SELECTOR=FILE"; NULL: it is none. */
const char *sender_options_key_file(const char *key);
/* All of it, the keys read.  *ret is owned by ctx.  0, or an exit status likewise. */
int sender_options_read(TALLOC_CTX *ctx, const struct options *options, struct submit_sender *ret);

#endif
