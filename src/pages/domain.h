/* SPDX-License-Identifier: MIT */
/* domain.h - one domain on a page: how it is, what senders report day by day, what failed and what
 * it is now. */
#ifndef PAGES_DOMAIN_H
#define PAGES_DOMAIN_H

#include "history/domain_summary.h"
#include "pages/chart.h"
#include "pages/choice.h"
#include "pages/finding.h"
#include "pages/frame.h"
#include "pages/step.h"

/* A choice among what occurs in the reports. */
struct domain_filter {
    const char *name, *label, *any;
    struct choice *choices;
    size_t choice_count;
};

/* A day or a week: the numbers of the drawing. */
struct domain_day {
    const char *date;
    bool reported;
    int64_t successful, failed;
    bool leads; /* to its reports with failures */
};

struct domain_failure {
    struct mark_page mark; /* of what it is now */
    const char *where;     /* the MX host, or the policy host */
    const char *addresses; /* sending; "" */
    const char *code;      /* of the finding that explains it */
    const char *result_type, *senders;
    int64_t sessions;
    const char *last; /* "2026-11-30"; "" */
    const char *now;
};

struct domain_sender {
    struct mark_page mark;
    const char *name;
    int64_t reports, successful, failed, last;
    const char *rhythm;  /* "daily", "every 7 days"; "" */
    const char *silence; /* "silent for 8 days"; NULL */
};

struct domain_policy {
    const char *mode, *id, *max_age;
    const char **mx; /* to NULL */
    int64_t first_seen, last_seen, held_until;
    bool held;
};

/* A host has another certificate. */
struct domain_certificate {
    int64_t at, ends;
    const char *host;
    bool policy_host; /* else an MX host */
};

struct domain_change {
    struct mark_page mark;
    int64_t at, last; /* the first and the last check of it */
    const char *text;
};

struct domain_page {
    struct frame frame;
    const char *domain;
    /* the top */
    struct mark_page mark;
    const char *sentence, *since, *reports, *next;
    const char *next_place; /* "#failed"; NULL */
    const char *next_page;  /* "plan"; NULL */
    int64_t checked_at;     /* 0 */
    bool may_check;
    /* the figures; with a note below each, which may be NULL */
    const char *protection, *protection_note, *found, *failed, *failed_note, *senders,
        *senders_note;
    /* the series */
    int64_t length; /* days */
    struct report_pick pick;
    bool picked;
    struct choice *periods;
    size_t period_count;
    struct domain_filter *filters;
    size_t filter_count;
    bool cut, any_report;
    bool has_recent; /* a drawing of the last days alone, for a narrow screen */
    struct html_text chart, recent, legend;
    struct domain_day *days;
    size_t day_count;
    /* without a report: the record as seen */
    const char *tlsrpt_name, *tlsrpt_text;
    /* what failed */
    struct domain_failure *failures;
    size_t failure_count;
    struct domain_sender *reporters;
    size_t reporter_count;
    struct step_page *steps;
    size_t step_count;
    struct findings_page findings;
    struct domain_change *changes;
    size_t change_count;
    struct domain_certificate *certificates;
    size_t certificate_count;
    struct domain_policy *policies;
    size_t policy_count;
};

void page_domain(struct html *out, const struct domain_page *page);
void page_domain_history(struct html *out, const struct domain_page *page);
void page_domain_top(struct html *out, const struct domain_page *page);
void page_domain_series(struct html *out, const struct domain_page *page);
/* Which host an address is, borrowed; NULL where that is not known. */
struct domain_names {
    const char *(*of)(const void *arg, const char *address);
    const void *arg;
};
/* "192.0.2.1 (mail.example.net)"; names NULL: the address alone.  Owned by ctx. */
const char *domain_address(TALLOC_CTX *ctx, const struct domain_names *names, const char *address);
/* A row of the table; owned by ctx. */
struct domain_failure domain_failure_of(TALLOC_CTX *ctx, const struct failure_now *from,
                                        const struct domain_names *names);
void page_domain_failed(struct html *out, const struct domain_page *page);
void page_domain_check(struct html *out, const struct domain_page *page);
void page_domain_past(struct html *out, const struct domain_page *page);

/* The model, but for frame and may_check; drawings are written beside `html`.  Owned by ctx;
 * without memory there is less. */
struct domain_page domain_page_of(TALLOC_CTX *ctx, const struct html *html,
                                  const struct domain_summary *summary,
                                  const struct report_pick *pick, const struct domain_names *names);

/* Changes and policies alone. */
struct domain_page domain_history_page_of(TALLOC_CTX *ctx, const struct domain_summary *summary);

#endif
