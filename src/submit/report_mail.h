/* SPDX-License-Identifier: MIT */
/* report_mail.h - the mail that carries a report (RFC 8460 section 5.3), signed.  Pure. */
#ifndef SUBMIT_REPORT_MAIL_H
#define SUBMIT_REPORT_MAIL_H

#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "submit/outgoing.h"

struct signer;

struct report_mail {
    const struct submit_sender *sender;
    const struct outgoing_report *report;
    const char *to;   /* an address as mail_is_address() takes it */
    const char *text; /* in words, UTF-8 */
    int64_t at;
    struct signer *signer; /* NULL where the sender has no keys */
};

/* As sendmail(1) -t takes it: lines end with LF.  Owned by ctx.  STS_E_NOMEM; STS_E_INVALID: a key
 * is of no use. */
STS_MUST_USE enum sts_status report_mail_write(TALLOC_CTX *ctx, const struct report_mail *mail,
                                               char **ret);

#endif
