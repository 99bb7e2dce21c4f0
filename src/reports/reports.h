/* SPDX-License-Identifier: MIT */
/* reports.h - TLS reports gathered: each once, and what they come to together.  Totals are kept,
 * and of each report what it takes to know it again; so memory grows with what is different in
 * them.
 *
 * Two reports with the same key (sender, report-id, range, domains) are one.  If their content
 * differs, they are its revisions, each content once however often it comes.  The one with the
 * latest date of a mail counts, no date being before all others; of those of one date the one that
 * was read for the first time last.  So A, B, A without dates is B, whoever reads a mailbox twice
 * gets the same, and a sender that mails A again after B takes B back.  The store has the same rule
 * (store.h).
 *
 * Sessions: for each report and domain as sts_report_sessions() has them: policies of one type add
 * up, and of sts and tlsa, which may tell the same sessions, the larger sum counts. */
#ifndef REPORTS_REPORTS_H
#define REPORTS_REPORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include <talloc.h>

#include "mtasts/report.h"
#include "reports/names.h"

#define REPORTS_VALUES_MAX 9 /* different addresses kept of a failure: one more than are shown */

/* What is kept of a report: enough to know it again. */
struct reports_item {
    const char *key;                               /* first: the name in the table */
    char fingerprint[STS_REPORT_FINGERPRINT_SIZE]; /* of the content that counts */
    bool taken;                                    /* the totals have it */
    int64_t received;                              /* the latest of its copies; 0: not known */
    const char *sender;                            /* as its organization is written */
    const char *trust;  /* the best of its copies: a name of what DKIM said; NULL: nobody asked */
    uint32_t order;     /* which content of its key it is, in the order of reading, from 0 */
    uint32_t revisions; /* how many other contents there are */
    SLIST_HEAD(, reports_content) others;
};

/* One that was revised, as it counts. */
struct reports_revised {
    const char *sender, *id, *path;
    size_t replaced; /* other contents */
};

/* Is the one level of trust better than the other?  Neither is NULL. */
typedef bool (*reports_better_fn)(const char *trust, const char *than);

struct reports;
struct tally;

enum reports_added { REPORTS_NEW, REPORTS_DUPLICATE, REPORTS_REVISION, REPORTS_NO_MEMORY };

/* NULL: no memory.  better may be NULL: of the trust of copies the first that is known counts.
 * domain, which is borrowed: leave nothing of the reports but what they say of it; NULL: all. */
struct reports *reports_new(TALLOC_CTX *ctx, reports_better_fn better, const char *domain);
/* Takes the report over, whatever becomes of it.  trust may be NULL. */
enum reports_added reports_add(struct reports *reports, struct sts_report *report, const char *path,
                               int64_t received, const char *trust);

/* Reports are added to the totals as they come, and only their keys are kept.  Where one has been
 * revised, its first content may be in the totals and not count: then all is to be read once more,
 * from the beginning. */
bool reports_want_again(const struct reports *reports);
typedef void reports_counts_fn(void *arg, const struct sts_report *report, const char *path,
                               const struct reports_item *item);
/* What is added from now on is the same again.  fn (may be NULL) is called for what counts. */
enum sts_status reports_begin_again(struct reports *reports, reports_counts_fn *fn, void *arg);

/* The totals of what was added; owned by the reports. */
const struct tally *reports_tally(struct reports *reports);
size_t reports_count(const struct reports *reports);
size_t reports_duplicates(const struct reports *reports);
size_t reports_revisions(const struct reports *reports);
/* Of those that were revised, in the order of reading. */
const struct reports_revised *reports_revised(const struct reports *reports, size_t *ret_count);
const struct reports_item *reports_item(const struct reports *reports, size_t index);

/* ---- totals ---------------------------------------------------------------------------------- */

/* Sessions under a name: a sender, an MX host, a day ("2026-11-01"), a policy type. */
struct tally_count {
    const char *name;
    int64_t successful, failed;
    size_t reports;
    int64_t first, last; /* of a domain's sender: begin and end of its reports; 0: not known */
};

struct tally_domain {
    const char *name; /* "" where the domain is known nowhere */
    int64_t successful, failed;
    size_t reports;
    bool inferred;        /* at least once the sender left it out */
    struct names senders; /* struct tally_count, all of these */
    struct names mx;      /* failures by receiving-mx-hostname, as its details count them */
    struct names days;    /* by the day a report begins, "" where it is not known */
    struct names result_types;
    struct names policy_types; /* raw sums */
};

/* Different values, the first of them. */
struct tally_values {
    const char *list[REPORTS_VALUES_MAX];
    size_t count;
};

/* The same failure of one domain, host and kind under one policy, as one sender tells it; failures
 * that a summary counts and no detail explains are one without host and kind. */
struct tally_failure {
    const char *name; /* the members below joined, to the policy */
    const char *domain, *mx, *result_type, *policy_type, *sender;
    const char *reason;                     /* "" where not given, all of these */
    const struct sts_report_policy *policy; /* under which it failed: type, strings, mx */
    const char *info;                       /* as first seen; "" */
    struct tally_values sending_ips, receiving_ips;
    int64_t sessions;
    int64_t first, last; /* seconds: begin of the first and end of the last report */
};

/* Reports of one sender and one level of trust in their mails. */
struct tally_trust {
    const char *name; /* both joined */
    const char *sender, *trust;
    size_t reports;
};

/* A policy as a sender used it last. */
struct tally_policy {
    const char *name; /* domain and sender joined */
    const char *domain, *sender;
    const struct sts_report_policy *policy; /* type sts, with strings */
    int64_t begin, end;                     /* of the report */
};

struct tally {
    size_t reports, duplicates, revisions;
    size_t undated; /* reports without a range */
    bool range_known;
    int64_t from, to;
    int64_t successful, failed;
    struct names domains;      /* struct tally_domain, in the order of their names */
    struct names result_types; /* struct tally_count; failed counts */
    struct names policy_types; /* struct tally_count; raw sums */
    struct names senders;
    struct names days;
    struct names day_types; /* failures by both: "2026-11-01 certificate-expired"; the type is ""
                             * where no detail tells it */
    struct names failures;  /* struct tally_failure */
    struct names policies;  /* struct tally_policy */
    struct names none;      /* struct tally_policy: where a sender last found none, type
                               no-policy-found */
    struct names trusts;    /* struct tally_trust; none where nobody asked */
    struct names used;      /* the policies of the above, each once */
    struct names *texts;    /* where all texts of the above live */
    bool no_memory;
};

/* NULL: no memory.  texts outlives it. */
struct tally *tally_new(TALLOC_CTX *ctx, struct names *texts);
/* Borrows nothing from the report. */
void tally_add(struct tally *tally, const struct sts_report *report);
/* sender as tally_sender() has it. */
void tally_add_trust(struct tally *tally, const char *sender, const char *trust);
const char *tally_sender(const struct sts_report *report);
/* What a store has counted, in place of reports: it takes all that is judged of them
 * (rules/report_rules.h), and the sums; days, result types and policy types stay empty.  Nothing is
 * borrowed. */
struct tally_day {
    const char *domain, *sender;
    int64_t begins, ends; /* of the reports of one sender on one day */
    size_t reports;
    int64_t successful, failed;
};
void tally_add_day(struct tally *tally, const struct tally_day *day);
/* Used in the last of these reports. */
void tally_add_policy(struct tally *tally, const struct tally_day *day,
                      const struct sts_report_policy *policy);
/* All of its kind; each has a name of its own. */
void tally_add_failure(struct tally *tally, const struct tally_failure *failure);
/* When all is added. */
bool tally_ran_out(const struct tally *tally);

/* The text itself, once for all that are the same; "" where memory ran out or it is NULL. */
const char *texts_get(struct names *texts, const char *text);
/* The counts by name; owned by ctx. */
const struct tally_count **tally_sorted(TALLOC_CTX *ctx, const struct names *counts);
/* The same, the most failures first. */
const struct tally_count **tally_worst(TALLOC_CTX *ctx, const struct names *counts);
/* mode: of a policy-string; "" if there is none.  Static. */
const char *policy_strings_mode(const struct sts_report_policy *policy);
/* max_age, -1 if there is none. */
int64_t policy_strings_max_age(const struct sts_report_policy *policy);

#endif
