/* SPDX-License-Identifier: MIT */
/* smtp.h - one look at one address of an MX host: greeting, EHLO, STARTTLS, EHLO, QUIT.
 *
 * Never MAIL FROM.  The dialogue itself is smtp_engine.h, which owns no socket; this file connects,
 * moves bytes, keeps the time-outs and collects the facts.
 */
#ifndef NET_SMTP_H
#define NET_SMTP_H

#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "facts/facts.h"

struct loop;
struct tls_offer;
struct tls_trust;
struct smtp_probe;

typedef void (*smtp_done_fn)(void *arg, struct smtp_session *session);

struct smtp_request {
    const char *host; /* SNI, and the name the certificate's names are sorted by */
    const char *address;
    int64_t port;
    const char *helo; /* NULL: the address literal of our end (RFC 5321 section 4.1.3) */
    const struct tls_offer *offer; /* NULL: everything (tls.h) */
    struct budget *budget;         /* NULL: nobody's */
    int64_t deadline;
    smtp_done_fn done;
    void *arg;
};

/* The session belongs to ctx, the handle's parent.  smtp_partial() gives what was seen so far. */
STS_MUST_USE enum sts_status smtp_look(TALLOC_CTX *ctx, struct loop *loop, struct tls_trust *trust,
                                       const struct smtp_request *request, struct smtp_probe **ret);
struct smtp_session *smtp_partial(struct smtp_probe *probe);

#endif
