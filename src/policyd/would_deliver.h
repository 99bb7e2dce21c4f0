/* SPDX-License-Identifier: MIT */
/* would_deliver.h - what Postfix with this policy daemon does with a mail to a domain: pure.
 *
 * It is set up as docs/policyd.md says: smtp_tls_security_level = dane, which counts where the
 * daemon finds nothing.  MX hosts are tried in their order until one takes the mail; what one did
 * not lead to is told by the line of the log that tells it there. */
#ifndef POLICYD_WOULD_DELIVER_H
#define POLICYD_WOULD_DELIVER_H

#include "policyd/mail_attempt.h"

/* NULL: no memory.  The view is judged, and outlives it. */
struct would_deliver *would_deliver(TALLOC_CTX *ctx, const struct domain_view *view,
                                    enum mailer mailer);

/* "postfix-3.10"; MAILERS: there is no such one. */
enum mailer mailer_of(const char *name);
const char *mailer_name(enum mailer mailer);
const char *mail_fate_name(enum mail_fate fate);

#endif
