/* SPDX-License-Identifier: MIT */
/* event_line.h - an event as people and scripts write it: one JSON object, with the names that
 * RFC 8460 gives to the parts of a report.
 *
 *     {"domain": "example.com", "result-type": "certificate-expired", "policy-type": "sts",
 *      "receiving-mx-hostname": "mx1.example.com", "receiving-ip": "198.51.100.1"}
 *
 * Needed is domain alone, the one that mail goes to: then a session succeeded, and no policy was
 * found.  tlsrpt-record is the text of the domain's TLSRPT record; where it is missing, whoever
 * sends the event looks it up. */
#ifndef COLLECT_EVENT_LINE_H
#define COLLECT_EVENT_LINE_H

#include "collect/session_event.h"

/* X(symbol, name) */
#define EVENT_LINE_FAULTS(X)                                                                       \
    X(NONE, "ok")                                                                                  \
    X(NO_MEMORY, "no-memory")                                                                      \
    X(NOT_JSON, "not-json")                                                                        \
    X(NO_DOMAIN, "domain")                                                                         \
    X(BAD_POLICY_TYPE, "policy-type")                                                              \
    X(BAD_RESULT_TYPE, "result-type")                                                              \
    X(BAD_MEMBER, "unknown member")

enum event_line_fault {
#define X(symbol, name) EVENT_LINE_##symbol,
    EVENT_LINE_FAULTS(X)
#undef X
        EVENT_LINE_FAULT_COUNT
};

struct event_line {
    struct session_event event; /* record NULL: not said */
    struct session_policy policy;
    struct session_failure failure;
    char *unknown; /* with BAD_MEMBER: its name */
};

/* What is wrong with it; one of the names above. */
const char *event_line_fault_name(enum event_line_fault fault);
/* `event` points into *ret, which must not move.  Owned by ctx; the line must live as long. */
enum event_line_fault event_line_read(TALLOC_CTX *ctx, struct bytes line, struct event_line *ret);

#endif
