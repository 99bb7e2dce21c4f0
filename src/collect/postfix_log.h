/* SPDX-License-Identifier: MIT */
/* postfix_log.h - what the log of Postfix says of the TLS sessions that it reported.
 *
 *     Nov 30 12:00:00 mail postfix/smtp[123]: TLSRPT: status=failure, domain=example.com,
 *         receiving_mx=mx.example.com[192.0.2.1], failure_type=certificate_expired
 *     2026-11-30T12:00:00.123456+01:00 mail postfix/smtp[123]: warning: Could not report TLS
 *         handshake result to tlsrpt library: Resource temporarily unavailable (errno 11)
 *
 * A line of the first form is an event that Postfix gave to libtlsrpt, and one of the second form
 * an event that the collector never got.  A time without a year and a zone is one of this machine,
 * not after now. */
#ifndef COLLECT_POSTFIX_LOG_H
#define COLLECT_POSTFIX_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

enum postfix_log_kind {
    POSTFIX_LOG_OTHER,
    POSTFIX_LOG_REPORTED,
    POSTFIX_LOG_UNREPORTED,
};

struct postfix_log_line {
    enum postfix_log_kind kind;
    int64_t at;
    bool failed;         /* REPORTED */
    struct bytes domain; /* REPORTED; empty: not said */
    int64_t error;       /* UNREPORTED: errno; 0: not said */
};

struct postfix_log_line postfix_log_read(struct bytes line, int64_t now);
/* The time that a line begins with.  False: it has none. */
bool postfix_log_time(struct bytes line, int64_t now, int64_t *ret);

#endif
