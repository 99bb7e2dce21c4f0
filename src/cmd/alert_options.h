/* SPDX-License-Identifier: MIT */
/* alert_options.h - what the options of serve say about messages to groups. */
#ifndef CMD_ALERT_OPTIONS_H
#define CMD_ALERT_OPTIONS_H

#include <talloc.h>

#include "cmd/options.h"

struct alert_settings;

/* Checks them, and begins the processes that run sendmail(1) and the command; before we give up
 * what these may need.  0, or an exit status after a line on standard error. */
int alert_options_prepare(const struct options *options);
/* *ret is owned by ctx.  0, or an exit status likewise. */
int alert_options_read(TALLOC_CTX *ctx, const struct options *options,
                       const struct alert_settings **ret);

#endif
