/* SPDX-License-Identifier: MIT */
/* serve_mail.h - the mailboxes and the LMTP socket of the web service. */
#ifndef CMD_SERVE_MAIL_H
#define CMD_SERVE_MAIL_H

#include <talloc.h>

#include "cmd/options.h"

struct serve_mail;
struct service;

/* Begins what the options name, if anything, when the parts of the service stand.  0, or the exit
 * status after a line on standard error. */
int serve_mail_start(TALLOC_CTX *ctx, const struct service *service, const struct options *options,
                     struct serve_mail **ret);
/* The file of accounts is read again; on an error those of before go on. */
void serve_mail_reload(struct serve_mail *mail);

#endif
