/* SPDX-License-Identifier: MIT */
/* rollups.h - what pages count again and again, kept with every check and report that is stored: in
 * the same transaction, so that it is never behind and never ahead of them.
 *
 * A domain's state is that of its newest check (the latest observation; of one second the one that
 * was stored last).  It is right whatever comes in which order: a check that is stored late changes
 * it only where it shows that something began earlier or later; the same check stored again changes
 * what it says, not since when.  Pruning forgets checks, not since when things are as they are.
 *
 * Sessions are counted on the day (UTC) on which the range of their report begins, as history/
 * session_log.h does: a copy counts nothing, a revision replaces what the one before it counted,
 * what is pruned is no longer counted, and reports whose range is not known are on no day.
 *
 * Of each day and sender the roll-ups also have what the page of a domain shows, so that no text of
 * a report, which strangers wrote, is read for it: when its reports begin and end, the policy that
 * it used, each kind of failure with the policy under which it failed, and how the sender writes
 * its name.
 *
 * A store of an earlier version has what is stored from now on; for the rest see rollups_todo().
 * Until that is done, what is missing is the oldest.
 *
 * Whose domains are asked for a sight says (sight.h): those that a group has proven to be its own.
 */
#ifndef STORE_ROLLUPS_H
#define STORE_ROLLUPS_H

#include "store/sight.h"

#define STORE_DAY_S 86400
/* A day as a number since 1970, of a time. */
int64_t store_day_of(int64_t at);

/* ---- the state of a domain ------------------------------------------------------------------- */

struct store_state {
    const char *domain;
    int64_t seq, observed_at; /* of its newest check */
    const char *verdict, *posture, *delivery;
    int64_t harm;                          /* larger: worse for mail; see store_harm() */
    const char *code, *severity, *subject; /* of the worst finding; all NULL: none */
    int64_t codes;                         /* how many findings */
    int64_t since;      /* the verdict and the worst finding (code and subject) are these */
    int64_t changed_at; /* the verdict or any finding (code, severity, subject) changed last */
    int64_t cert_ends;  /* the earliest end of a certificate that matters; 0: not known */
};

/* How bad it is for mail, in one number to sort by: the verdict, then what becomes of mail, then
 * the severity (NULL: none). */
int64_t store_harm(const char *verdict, const char *delivery, const char *severity);

/* *ret is NULL where it was never checked.  Owned by ctx. */
STS_MUST_USE enum sts_status store_state(struct store *store, TALLOC_CTX *ctx, const char *domain,
                                         struct store_state **ret);
/* False: enough. */
typedef bool (*store_state_fn)(void *arg, const struct store_state *state);
/* Of the domains that are seen, by name, those behind `after` (NULL: from the first); as pages.h.
 */
STS_MUST_USE enum sts_status store_states(struct store *store, const struct store_sight *sight,
                                          const char *after, size_t limit, store_state_fn fn,
                                          void *arg);

/* Findings of the newest checks, those of a domain in a row. */
typedef bool (*store_state_code_fn)(void *arg, const char *domain, const struct store_code *code);
STS_MUST_USE enum sts_status store_state_codes(struct store *store, const struct store_sight *sight,
                                               store_state_code_fn fn, void *arg);

/* Parts are what several domains may use, "mx:mx1.example.net" (history/cause_key.h says which
 * there are): those of a domain by its newest check, and how many of the domains that are seen use
 * each. */
typedef bool (*store_part_fn)(void *arg, const char *part, int64_t domains);
STS_MUST_USE enum sts_status store_parts(struct store *store, const char *domain, store_part_fn fn,
                                         void *arg);
STS_MUST_USE enum sts_status store_count_parts(struct store *store, const struct store_sight *sight,
                                               store_part_fn fn, void *arg);

/* ---- sessions -------------------------------------------------------------------------------- */

struct store_day_range {
    int64_t since, until; /* days; the second is not among them */
};

struct store_day {
    int64_t day; /* since 1970 */
    int64_t reports, successful, failed;
};
typedef bool (*store_day_fn)(void *arg, const struct store_day *day);
/* Of a domain from a day to before another, by day; days without a report are left out.  sender:
 * as in struct store_sessions; NULL: of all. */
STS_MUST_USE enum sts_status store_days(struct store *store, const char *domain,
                                        const struct store_day_range *range, const char *sender,
                                        store_day_fn fn, void *arg);

struct store_sender_sums {
    const char *sender; /* at most its first 200 characters */
    int64_t first_day, last_day, reports, successful, failed;
};
typedef bool (*store_sender_fn)(void *arg, const struct store_sender_sums *sums);
/* By failed sessions, most first. */
STS_MUST_USE enum sts_status store_senders(struct store *store, const char *domain,
                                           const struct store_day_range *range, size_t limit,
                                           store_sender_fn fn, void *arg);

/* Of one sender on one day. */
struct store_sender_day {
    int64_t day;
    const char *sender; /* as above */
    int64_t reports, successful, failed;
    int64_t begins, ends; /* of its reports: the first second and the last */
    int64_t policy;       /* of type sts, as its last report has it; 0: none */
    bool none;            /* its last report found no policy */
};
typedef bool (*store_sender_day_fn)(void *arg, const struct store_sender_day *day);
/* Of a domain, by day, then by sender. */
STS_MUST_USE enum sts_status store_sender_days(struct store *store, const char *domain,
                                               const struct store_day_range *range,
                                               store_sender_day_fn fn, void *arg);

/* How those who report on a domain write their names; one that is missing: as the sender above. */
typedef bool (*store_sender_name_fn)(void *arg, const char *sender, const char *name);
STS_MUST_USE enum sts_status store_sender_names(struct store *store, const char *domain,
                                                store_sender_name_fn fn, void *arg);

/* A policy as senders wrote it; "" where it has nothing.  Line ends are between the lines. */
struct store_reported_policy {
    const char *type, *lines, *mx;
};
typedef void (*store_reported_policy_fn)(void *arg, const struct store_reported_policy *policy);
/* The function is not called where there is none of that number. */
STS_MUST_USE enum sts_status store_reported_policy(struct store *store, int64_t id,
                                                   store_reported_policy_fn fn, void *arg);

/* The domains that are seen and lost sessions since a day. */
typedef bool (*store_lost_fn)(void *arg, const char *domain, int64_t failed);
STS_MUST_USE enum sts_status store_lost(struct store *store, const struct store_sight *sight,
                                        int64_t since_day, store_lost_fn fn, void *arg);

/* ---- failures -------------------------------------------------------------------------------- */

struct store_failure_filter {
    const char *domain;
    struct store_day_range range;
    const char *sender, *type, *mx, *sending_ip; /* NULL: any */
};

typedef bool (*store_failure_day_fn)(void *arg, int64_t day, const char *type, int64_t sessions);
/* By day and type.  A report that counts failures without saying which has none here; sessions that
 * are told twice (store.h) count once, here and in the sums. */
STS_MUST_USE enum sts_status store_failure_days(struct store *store,
                                                const struct store_failure_filter *filter,
                                                store_failure_day_fn fn, void *arg);

enum store_failures_by {
    STORE_FAILURES_BY_SENDER,
    STORE_FAILURES_BY_TYPE,
    STORE_FAILURES_BY_MX,
    STORE_FAILURES_BY_SENDING_IP,
};
struct store_failure_sums {
    const char *value; /* "": not said */
    int64_t sessions, first_day, last_day;
};
typedef bool (*store_failure_sums_fn)(void *arg, const struct store_failure_sums *sums);
/* By sessions, most first. */
STS_MUST_USE enum sts_status store_failure_sums(struct store *store,
                                                const struct store_failure_filter *filter,
                                                enum store_failures_by by, size_t limit,
                                                store_failure_sums_fn fn, void *arg);

struct store_failure_place {
    int64_t day, report, row;
};
#define STORE_LAST_FAILURE ((struct store_failure_place){INT64_MAX, INT64_MAX, INT64_MAX})
struct store_failure_row {
    struct store_failure_place place;
    const char *sender;
    struct store_failure failure; /* domain NULL; "" where it is not said */
};
typedef bool (*store_failure_fn)(void *arg, const struct store_failure_row *row);
/* Each by itself, the newest day first, those behind a place. */
STS_MUST_USE enum sts_status store_failures(struct store *store,
                                            const struct store_failure_filter *filter,
                                            struct store_failure_place after, size_t limit,
                                            store_failure_fn fn, void *arg);

/* All of them of some days, the newest first, those that no detail tells too. */
struct store_day_failure {
    int64_t day;
    const char *sender;
    struct store_failure failure; /* domain NULL; "" where it is not said; policy 0 */
    int64_t policy;               /* of store_reported_policy(); 0: not known */
};
typedef bool (*store_day_failure_fn)(void *arg, const struct store_day_failure *failure);
STS_MUST_USE enum sts_status store_day_failures(struct store *store, const char *domain,
                                                const struct store_day_range *range, int64_t limit,
                                                store_day_failure_fn fn, void *arg);

/* ---- has anything changed? ------------------------------------------------------------------- */

/* While it is the same, so is all that is read here, but for what memberships of users and what
 * pruning change. */
struct store_version {
    int64_t checks, reports; /* the largest numbers */
    int64_t domains, added;  /* of groups: how many, and when the last one was added */
    int64_t todo;            /* how far it is filled */
};
STS_MUST_USE enum sts_status store_version(struct store *store, struct store_version *ret);

/* ---- what an earlier version stored ---------------------------------------------------------- */

struct store_todo {
    bool reports, checks; /* some are not in the roll-ups yet */
};
STS_MUST_USE enum sts_status rollups_todo(struct store *store, struct store_todo *ret);

/* history/rollup_fill.h does the work in pieces, each a batch: the next ones to fill, and what they
 * are. */
struct store_unfilled_report {
    int64_t id, begins;
    const char *submitter;
    bool counts;
    struct bytes raw;
    struct store_origin origin; /* the last four */
};
typedef bool (*store_unfilled_report_fn)(void *arg, const struct store_unfilled_report *report);
STS_MUST_USE enum sts_status rollups_unfilled_reports(struct store *store, size_t limit,
                                                      store_unfilled_report_fn fn, void *arg);
/* What its text says of it; all of it may be empty. */
struct store_report_parts {
    const char *sender; /* as in struct store_report, as are the rest */
    struct store_report_policy *policies;
    size_t policy_count;
    struct store_failure *failures;
    size_t failure_count;
};
/* Count its sessions, and its failures if it is said which; it is filled now.  In the order in
 * which they were handed out. */
STS_MUST_USE enum sts_status rollups_fill_report(struct store *store,
                                                 const struct store_unfilled_report *report,
                                                 const struct store_report_parts *parts);
typedef bool (*store_unfilled_domain_fn)(void *arg, int64_t id, const char *domain);
STS_MUST_USE enum sts_status rollups_unfilled_domains(struct store *store, size_t limit,
                                                      store_unfilled_domain_fn fn, void *arg);
/* The domains up to that number are filled. */
STS_MUST_USE enum sts_status rollups_domains_filled(struct store *store, int64_t id);

#endif
