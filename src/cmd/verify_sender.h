/* SPDX-License-Identifier: MIT */
/* verify_sender.h - between the reports that are read and whoever takes them: DKIM, with keys from
 * the DNS.
 */
#ifndef CMD_VERIFY_SENDER_H
#define CMD_VERIFY_SENDER_H

#include "cmd/options.h"
#include "intake/intake.h"

/* By --dkim and --require-dkim: *sink becomes one that sets the source's `trust` (a name of
 * dkim/signature.h) of each report and hands it on; with --require-dkim it rejects what is not
 * aligned. Without them it stays as it is.  An exit status. */
int verify_sender_open(TALLOC_CTX *ctx, const struct options *options, struct intake_sink *sink);

#endif
