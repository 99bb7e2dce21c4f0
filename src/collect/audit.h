/* SPDX-License-Identifier: MIT */
/* audit.h - is every session counted and reported?  What the log of Postfix says it reported, held
 * against what collectors received, what was counted and what was sent, day by day and domain by
 * domain. */
#ifndef COLLECT_AUDIT_H
#define COLLECT_AUDIT_H

#include <stddef.h>

#include "collect/postfix_log.h"
#include "store/outgoing.h"

struct audit;

struct audit_day {
    int64_t day; /* since 1970 */
    /* by the log */
    int64_t reported;                     /* events that Postfix handed over */
    int64_t full, absent, denied, failed; /* of these not sent: EAGAIN; ENOENT, ECONNREFUSED;
                                           * EACCES; anything else */
    /* by the store */
    int64_t received, malformed, truncated, lost;
    int64_t counted; /* sessions; of an event with two policies two */
    /* sessions by what became of their reports */
    int64_t reports[STORE_REPORTED_STATES];
    int64_t late; /* counted when their report had been sent, or in it */
};

/* A domain of which the log and the store say different things. */
struct audit_domain {
    int64_t day;
    const char *name;
    int64_t reported, counted;
};

/* NULL: no memory. */
struct audit *audit_new(TALLOC_CTX *ctx);
/* A line of a log.  STS_E_LIMIT: it is of more days or domains than are held apart. */
STS_MUST_USE enum sts_status audit_line(struct audit *audit, struct bytes line, int64_t now);
/* Of a day that the log has. */
void audit_collected(struct audit *audit, const struct store_collected *collected);
STS_MUST_USE enum sts_status audit_counted(struct audit *audit,
                                           const struct store_counted_domain *domain);
void audit_reported(struct audit *audit, const struct store_reported *reported);

/* By day. */
const struct audit_day *audit_days(struct audit *audit, size_t *ret_count);
/* Events that should have come and did not; below 0: more came. */
int64_t audit_missing(const struct audit_day *day);
/* Is something of it lost by now, or not reported though its time has come? */
bool audit_is_incomplete(const struct audit_day *day, int64_t now);
/* Its reports ought to be planned by then. */
bool audit_is_due(const struct audit_day *day, int64_t now);
/* The largest differences first, at most `limit`; owned by audit. */
const struct audit_domain *audit_domains(struct audit *audit, size_t limit, size_t *ret_count);

#endif
