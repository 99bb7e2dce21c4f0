/* SPDX-License-Identifier: MIT */
/* session_event.h - what a mail server tells of one session, as libtlsrpt sends it.
 *
 * A datagram is a JSON object, here with all that may be in it:
 *
 *     {"dpv": "1", "d": "example.com", "pr": "v=TLSRPTv1;rua=mailto:tls@example.com", "policies": [
 *       {"policy-type": 2, "policy-domain": "example.com", "policy-string": ["version: STSv1",
 * ...], "mx-host": ["*.example.com"], "t": 1, "f": 1, "failure-details": [
 *          {"c": 202, "s": "192.0.2.1", "n": "mx1.example.com", "h": "mx1.example.com ...",
 *           "r": "198.51.100.1", "a": "https://...", "f": "a-reason"}]}]}
 *
 * dpv is missing before libtlsrpt 0.5.1.  d is the domain whose TLSRPT record pr is.  policy-type
 * is 1 (tlsa), 2 (sts) or 9 (no-policy-found), t how many failures there are, f whether the session
 * failed (1) or not (0); c the result type by its number.  Empty lists and missing texts are left
 * out.
 *
 * Anybody who can reach the socket may send anything: what is no event is named by its fault, texts
 * are cut to ceilings (limits.h), and of the reply to EHLO, which has the time and the number of
 * the connection in it and so would make each failure one of its own, only the name is taken. */
#ifndef COLLECT_SESSION_EVENT_H
#define COLLECT_SESSION_EVENT_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include "base/bytes.h"

/* X(symbol, name in logs and metrics) */
#define SESSION_EVENT_FAULTS(X)                                                                    \
    X(NONE, "ok")                                                                                  \
    X(NO_MEMORY, "no-memory")                                                                      \
    X(NOT_JSON, "not-json")                                                                        \
    X(NO_DOMAIN, "no-domain") /* or one that is no host name */                                    \
    X(NO_RECORD, "no-record") /* or one that does not begin v=TLSRPTv1 */                          \
    X(NO_POLICY, "no-policy") /* or one without type or result */                                  \
    X(TOO_MUCH, "too-much")   /* beyond a ceiling that cuts nothing */

enum session_event_fault {
#define X(symbol, name) SESSION_EVENT_##symbol,
    SESSION_EVENT_FAULTS(X)
#undef X
        SESSION_EVENT_FAULT_COUNT
};

const char *session_event_fault_name(enum session_event_fault fault);

/* One kind of failure of the session; "" where it is not known. */
struct session_failure {
    const char *type; /* as reports have it */
    const char *sending_ip, *mx, *helo, *receiving_ip, *reason, *info;
};

struct session_policy {
    const char *type;       /* "tlsa", "sts", "no-policy-found" */
    const char *domain;     /* lower case; "": not said */
    const char *lines, *mx; /* line ends between; "": none */
    struct bytes key;       /* equal for policies that differ in case or order alone */
    bool failed;
    const struct session_failure *failures;
    size_t failure_count;
};

struct session_event {
    const char *domain; /* A-labels, lower case */
    const char *record;
    const struct session_policy *policies; /* one at least */
    size_t policy_count;
};

/* Owned by ctx.  The datagram must live as long. */
enum session_event_fault session_event_read(TALLOC_CTX *ctx, struct bytes datagram,
                                            struct session_event *ret);
/* The datagram of an event, with dpv; NULL: no memory.  *ret_length without a NUL. */
char *session_event_write(TALLOC_CTX *ctx, const struct session_event *event, size_t *ret_length);

/* "sts" of 2; NULL: there is none.  And back; 0: there is none. */
const char *session_policy_type(long long number);
int session_policy_number(const char *type);
/* "certificate-expired" of 204; NULL: there is none.  And back; 0: there is none. */
const char *session_result_type(long long number);
int session_result_number(const char *type);

#endif
