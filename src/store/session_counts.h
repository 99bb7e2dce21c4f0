/* SPDX-License-Identifier: MIT */
/* session_counts.h - the sessions of our own mail servers, counted by day, for the reports that we
 * send (RFC 8460).
 *
 * A day is one of UTC, by when the event of a session arrived.  What a report is about: the
 * sessions of one day with one domain, under one TXT text of its TLSRPT record; a text that changed
 * during the day makes two.  Below that are the policies that were applied, with their sums, and
 * the kinds of failures of each, at most STORE_DETAILS_MAX of them: what comes beyond is counted in
 * one row for each result type, `rest`, so that the sums stay right.
 *
 * Several collectors write into one store; what they count is added.  A flush has a number, and
 * counts once: it may be repeated by whoever does not know whether it was durable.
 *
 * A day may be reported STORE_DAY_GRACE_S after its end.  What comes later still (a collector whose
 * store was away) is counted on its own day all the same, and moves last_at of what it counts.
 * Which reports were sent is not written here. */
#ifndef STORE_SESSION_COUNTS_H
#define STORE_SESSION_COUNTS_H

#include "store/store.h"

#define STORE_DAY_GRACE_S   60  /* so that collectors have flushed what they had at midnight */
#define STORE_DETAILS_MAX   200 /* of a policy: a report of more is not read by anybody */
#define STORE_COUNTED_MAX   200 /* policies of a domain and day; who changes one ever faster */
#define STORE_COLLECTOR_MAX 255 /* bytes of the name of a collector: a host name */

/* ---- counting -------------------------------------------------------------------------------- */

/* A kind of failure.  What is not known is "". */
struct store_session_detail {
    const char
        *type; /* result type: sts_result_name(), or "" for one that RFC 8460 does not have */
    const char *sending_ip, *mx, *helo, *receiving_ip, *reason, *info;
    int64_t sessions;
    bool rest; /* what came beyond the ceiling, here or before: only the type is known */
};

/* Sessions to be added under one policy. */
struct store_session_counts {
    int64_t day;               /* since 1970: store_day_of() of rollups.h */
    const char *domain;        /* whose TLSRPT record it is */
    const char *record;        /* its text, as published */
    struct bytes key;          /* what makes the policy the one it is: equal keys, one policy */
    const char *type;          /* "sts", "tlsa", "no-policy-found" */
    const char *policy_domain; /* as reports have it: of tlsa the TLSA base domain; "": not said */
    const char *lines, *mx;    /* policy-string, mx-host, line ends between the lines; "": none */
    int64_t successful, failed;
    const struct store_session_detail *details;
    size_t detail_count;
};

/* What a collector received on a day; those that are not counted above by why they are not. */
struct store_collected {
    int64_t day;
    int64_t received; /* all events */
    int64_t malformed, truncated;
    int64_t lost; /* by us: no memory, or a ceiling */
};

struct store_session_flush {
    const char *collector; /* the host name of the machine, or what its operator calls it */
    const char *run;       /* a word that no other run of any collector has */
    int64_t number;        /* from 1, growing within the run */
    int64_t at;
    const struct store_session_counts *counts;
    size_t count;
    const struct store_collected *collected;
    size_t collected_count;
};

/* As one batch.  Nothing is done where a flush of this number, or a later one, of the run was
 * written.  Sessions for which a domain has too many policies on that day are counted as lost. */
STS_MUST_USE enum sts_status store_count_sessions(struct store *store,
                                                  const struct store_session_flush *flush);

/* The number of the last flush of a run; 0: there was none. */
STS_MUST_USE enum sts_status store_run_number(struct store *store, const char *run,
                                              int64_t *ret_number);

/* ---- reading, for reports -------------------------------------------------------------------- */

/* False: enough. */
typedef bool (*store_counted_day_fn)(void *arg, int64_t day);
/* The days that have sessions and may be reported at `now`, the oldest first. */
STS_MUST_USE enum sts_status store_counted_days(struct store *store, int64_t now,
                                                store_counted_day_fn fn, void *arg);

/* What one report is about. */
struct store_counted_domain {
    int64_t id; /* of domain, day and record */
    int64_t day;
    const char *domain, *record;
    int64_t successful, failed;
    int64_t first_at, last_at; /* when something of it was written first and last */
};
typedef bool (*store_counted_domain_fn)(void *arg, const struct store_counted_domain *domain);
/* Of a day, by id, those behind `after` (0: from the first); as pages.h. */
STS_MUST_USE enum sts_status store_counted_domains(struct store *store, int64_t day, int64_t after,
                                                   size_t limit, store_counted_domain_fn fn,
                                                   void *arg);
/* The same of one domain; all texts of its record. */
STS_MUST_USE enum sts_status store_counted_domain(struct store *store, int64_t day,
                                                  const char *domain, store_counted_domain_fn fn,
                                                  void *arg);

struct store_counted_policy {
    int64_t id;
    const char *type, *policy_domain, *lines, *mx; /* as in struct store_session_counts */
    int64_t successful, failed;
};
typedef bool (*store_counted_policy_fn)(void *arg, const struct store_counted_policy *policy);
/* domain: the id of a struct store_counted_domain.  In the order in which they were seen first. */
STS_MUST_USE enum sts_status store_counted_policies(struct store *store, int64_t domain,
                                                    store_counted_policy_fn fn, void *arg);

typedef bool (*store_counted_detail_fn)(void *arg, const struct store_session_detail *detail);
/* policy: the id of a struct store_counted_policy.  By sessions, most first; `rest` behind all. */
STS_MUST_USE enum sts_status store_counted_details(struct store *store, int64_t policy,
                                                   store_counted_detail_fn fn, void *arg);

/* ---- reading, for people --------------------------------------------------------------------- */

struct store_collector_day {
    const char *collector;
    struct store_collected collected;
    int64_t last_at;
};
typedef bool (*store_collector_day_fn)(void *arg, const struct store_collector_day *day);
/* What each collector received on a day, by name. */
STS_MUST_USE enum sts_status store_collector_days(struct store *store, int64_t day,
                                                  store_collector_day_fn fn, void *arg);

/* Forget all days before that one. */
STS_MUST_USE enum sts_status store_prune_counted(struct store *store, int64_t before_day);

#endif
