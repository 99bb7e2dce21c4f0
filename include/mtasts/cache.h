/* SPDX-License-Identifier: MIT */
/* cache.h - what a sending MTA does with the policy it holds of a domain, the record it sees, and a
 * time (RFC 8461 sections 3.1, 3.3, 5.1 and 10.2).
 *
 * A pure decision: the caller looks up, fetches, stores and logs.  Before a delivery it asks the
 * DNS for the record, and then
 *
 *     struct sts_cache_decision decision = sts_cache_decide(&held, &seen, now, NULL);
 *
 *     STS_CACHE_USE      apply the policy held
 *     STS_CACHE_REFETCH  apply the policy held, and fetch in the background: a new policy replaces
 *                        it, a failed fetch changes nothing but `failed_at` and `failed_id`
 *     STS_CACHE_FETCH    fetch first: the new policy applies; where that fails, as NONE
 *     STS_CACHE_NONE     deliver as if the domain had no MTA-STS
 *
 * So no missing record, no failed lookup and no failed fetch ends a policy, only its age does
 * (sections 3.1 and 3.3).  It is fetched again long before it is too old, whatever the DNS says of
 * the record: else whoever hides the record from us had only to wait (section 10.2).  When a
 * refresh fails, alert the administrator, unless the policy held is of mode none (section 3.3).
 *
 * A message must not be returned for good because of a policy before the record was looked up anew
 * (section 5.1, step 3): where that shows another id the answer is REFETCH with
 * STS_CACHE_REASON_ID_CHANGED, and the delivery is tried again with the new policy.
 *
 * Times are seconds of one clock, such as those since 1970.  Do not ask before that clock is set:
 * one that runs ahead makes policies expire early, and nobody can tell.  A clock that was set back
 * shows a `fetched_at` later than now.  Such a policy is fetched again, and applies where that is
 * no more than max_age ahead.  When the answer is REFETCH and `fetched_at` is later than now, store
 * now in its place, also if the fetch fails: the policy could otherwise apply for twice its
 * max_age.
 *
 * Mail servers may ask once for each MX host of a delivery (Postfix does): answer all of them out
 * of the same policy, and put a new one in its place between two deliveries. */
#ifndef MTASTS_CACHE_H
#define MTASTS_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include <mtasts/policy.h>
#include <mtasts/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is stored of a domain; all zero: nothing. */
struct sts_cache_entry {
    bool held; /* a policy that was usable when fetched; if not, the next four are ignored */
    int64_t fetched_at;    /* when it was last fetched, whether or not its text had changed */
    int64_t max_age;       /* seconds, as written: more than STS_MAX_AGE_MAX counts as that much */
    enum sts_mode mode;    /* of the policy; borrowed as all that follows */
    const char *id;        /* of the record that led to it; NULL: not known */
    int64_t failed_at;     /* when a fetch last failed; 0: not since one went well */
    const char *failed_id; /* the id seen then; NULL: not known */
};

enum sts_seen {
    STS_SEEN_UNKNOWN, /* the lookup failed, or was not made */
    STS_SEEN_NONE,    /* an answer: no valid record, or more than one (sts_record_select()) */
    STS_SEEN_RECORD,
    STS_SEEN_COUNT
};

struct sts_cache_record {
    enum sts_seen seen;
    const char *id; /* of RECORD: sts_record_id(); borrowed */
};

/* Intervals in seconds.  0 or less: the default. */
struct sts_cache_tuning {
    /* of a policy; default a day, as RFC 8461 section 3.3 suggests, or half of max_age where that
     * is less; more than three quarters of max_age counts as that much */
    int64_t refresh_after;
    int64_t testing_refresh_after; /* of one in testing; default six hours */
    int64_t retry_after; /* after a failed fetch, for the same id; default and least: 5 minutes */
};

enum sts_cache_action {
    STS_CACHE_USE,
    STS_CACHE_REFETCH,
    STS_CACHE_FETCH,
    STS_CACHE_NONE,
    STS_CACHE_ACTION_COUNT
};

/* Why.  X(symbol, name) */
#define STS_CACHE_REASONS(X)                                                                       \
    X(CURRENT, "current")               /* USE: nothing is due */                                  \
    X(RECORD_GONE, "record-gone")       /* USE: likewise, and no record is found */                \
    X(PAUSED, "paused")                 /* USE, NONE: a fetch is due but failed just now */        \
    X(ID_CHANGED, "id-changed")         /* REFETCH */                                              \
    X(EXPIRING_SOON, "expiring-soon")   /* REFETCH: half of max_age or more is over */             \
    X(REFRESH_DUE, "refresh-due")       /* REFETCH: fetched a day ago */                           \
    X(TESTING, "testing")               /* REFETCH: in testing, so it will change before long */   \
    X(CLOCK_SET_BACK, "clock-set-back") /* REFETCH, FETCH: it was fetched later than now */        \
    X(NOT_HELD, "not-held")             /* FETCH: a record, and no policy yet */                   \
    X(EXPIRED, "expired")               /* FETCH: a record, and a policy too old to apply */       \
    X(NO_RECORD, "no-record")           /* NONE */                                                 \
    X(LOOKUP_FAILED, "lookup-failed")   /* NONE: nor is a policy held that still applies */

enum sts_cache_reason {
#define X(symbol, name) STS_CACHE_REASON_##symbol,
    STS_CACHE_REASONS(X)
#undef X
        STS_CACHE_REASON_COUNT
};

struct sts_cache_decision {
    enum sts_cache_action action;
    enum sts_cache_reason reason;
    /* USE and REFETCH: when the policy held ceases to apply.  Else 0. */
    int64_t expires_at;
    /* USE: when the answer changes to REFETCH or, at the latest, to FETCH or NONE, if the record
     * stays as it is: ask again then without waiting for mail (section 10.2).  Of PAUSED: when the
     * pause is over.  Else 0. */
    int64_t next_at;
};

/* tuning may be NULL: the defaults.  Never fails. */
STS_API struct sts_cache_decision sts_cache_decide(const struct sts_cache_entry *entry,
                                                   const struct sts_cache_record *record,
                                                   int64_t now,
                                                   const struct sts_cache_tuning *tuning);

/* When a policy fetched at that time ceases to apply: max_age later, at most STS_MAX_AGE_MAX; at
 * once where max_age is negative. */
STS_API int64_t sts_cache_expiry(int64_t fetched_at, int64_t max_age);

/* "use", "id-changed".  Never NULL. */
STS_API const char *sts_cache_action_name(enum sts_cache_action action);
STS_API const char *sts_cache_reason_name(enum sts_cache_reason reason);

#ifdef __cplusplus
}
#endif

#endif
