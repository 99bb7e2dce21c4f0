/* SPDX-License-Identifier: MIT */
/* log_sessions.h - TLS sessions out of the log of Postfix before 3.10, which reports none itself.
 *
 *     postfix/smtp[9]: server certificate verification failed for mx.example.com[192.0.2.1]:25:
 *         num=62:hostname mismatch
 *     postfix/smtp[9]: Untrusted TLS connection established to mx.example.com[192.0.2.1]:25: ...
 *     postfix/smtp[9]: 9500218E: Server certificate not verified
 *     postfix/smtp[9]: Verified TLS connection established to mx2.example.com[192.0.2.2]:25: ...
 *     postfix/smtp[9]: 9500218E: to=<a@example.com>, relay=mx2.example.com[192.0.2.2]:25, ...,
 *         status=sent (250 Ok)
 *
 * Which domain a session was for is said by the line of the recipient, so what a process says is
 * held until that comes; there the session counts.  A session is a connection: further messages
 * over it, and further recipients, are none.  smtp_tls_loglevel must be 1 or more.
 *
 * What the log does not say: the reply to EHLO, our own address, and whether a certificate was
 * checked by a policy or by TLSA records.  A session without TLS where none was required is no
 * session here, as it is none of newer versions. */
#ifndef COLLECT_LOG_SESSIONS_H
#define COLLECT_LOG_SESSIONS_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/result.h>
#include <mtasts/status.h>

#include "base/bytes.h"

/* Borrowed until the callback returns. */
struct log_session {
    int64_t at;         /* of the line that completes it */
    const char *domain; /* of the recipient, in its final form */
    const char *host, *address;
    enum sts_result result; /* NONE: it succeeded */
    const char *reason;     /* in the words of Postfix; "" */
    bool verified;          /* the certificate was required to be good, and was */
};

struct log_sessions_request {
    void (*session)(void *arg, const struct log_session *session);
    void *arg;
};

struct log_sessions;

/* NULL: no memory. */
struct log_sessions *log_sessions_new(TALLOC_CTX *ctx, const struct log_sessions_request *request);
/* now: for times without a year.  *ret_at: the time of a line of smtp(8); 0: it is another.
 * STS_E_NOMEM. */
STS_MUST_USE enum sts_status log_sessions_line(struct log_sessions *sessions, struct bytes line,
                                               int64_t now, int64_t *ret_at);

#endif
