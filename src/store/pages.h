/* SPDX-License-Identifier: MIT */
/* pages.h - what is too long for one look: domains with their latest check, and reports, counted
 * and read page by page.
 *
 * A page begins behind the last row of the page before it, not after a number of rows.  So it costs
 * the same wherever it is, and what is added or forgotten meanwhile moves no row to another page.
 * Each list is read along an index; what no index narrows (a verdict, failures, since when) is
 * looked at row by row, once for the whole list. */
#ifndef STORE_PAGES_H
#define STORE_PAGES_H

#include "store/sight.h"

#define STORE_PAGE_MAX 10000 /* rows of one page */

/* ---- domains --------------------------------------------------------------------------------- */

struct store_domain_filter {
    const char *prefix;  /* of the name; NULL: any */
    const char *verdict; /* of the latest check; NULL: any */
};

/* A domain and its latest check: by the time of its observation, of one second the one that was
 * kept last. */
struct store_domain_state {
    const char *domain;
    int64_t seq; /* of the check */
    int64_t observed_at;
    const char *verdict, *posture, *delivery;
};

typedef bool (*store_domain_fn)(void *arg, const struct store_domain_state *state);
/* Domains that were checked, by name, those behind `after`; NULL: from the first. */
STS_MUST_USE enum sts_status store_domains(struct store *store,
                                           const struct store_domain_filter *filter,
                                           const char *after, size_t limit, store_domain_fn fn,
                                           void *arg);
STS_MUST_USE enum sts_status store_count_domains(struct store *store,
                                                 const struct store_domain_filter *filter,
                                                 int64_t *ret);

/* ---- reports --------------------------------------------------------------------------------- */

/* The range touches the time from `since` to `until`, as in history/report_filter.h: a report
 * whose range is not known is of the date of its mail, or of no time. */
struct store_report_filter {
    const char *domain, *submitter; /* NULL: any */
    int64_t since, until;           /* INT64_MIN, INT64_MAX: any */
    bool failed;                    /* only those that count a session that failed; on the domain,
                                     * or on those that are seen, where it is asked for these */
    /* Only those on domains that somebody sees, where no domain is given; NULL: all. */
    const struct store_sight *sight;
};

/* The place of a report in the list. */
struct store_report_place {
    int64_t begins;
    int64_t id; /* larger: added later */
};
#define STORE_NEWEST ((struct store_report_place){INT64_MAX, INT64_MAX}) /* before all */

struct store_listed_report {
    struct store_report_place place;
    const char *submitter, *report_id;
    int64_t begins, ends, received_at, mailed_at; /* as in struct store_receipt, as is the rest */
    const char *source, *trust;
    int64_t revision;
    bool superseded;
    bool failed; /* counts a session that failed, as in the filter */
};

typedef bool (*store_listed_fn)(void *arg, const struct store_listed_report *report);
/* By the begin of the range, the newest first, those behind a place.  All revisions are listed. */
STS_MUST_USE enum sts_status store_reports_page(struct store *store,
                                                const struct store_report_filter *filter,
                                                struct store_report_place after, size_t limit,
                                                store_listed_fn fn, void *arg);
/* The domains that it is on, those that somebody sees. */
typedef bool (*store_name_fn)(void *arg, const char *name);
STS_MUST_USE enum sts_status store_report_domains(struct store *store,
                                                  const struct store_sight *sight, int64_t id,
                                                  store_name_fn fn, void *arg);
/* The report of that id, if it is there. */
STS_MUST_USE enum sts_status store_report_numbered(struct store *store, int64_t id,
                                                   store_report_fn fn, void *arg);
STS_MUST_USE enum sts_status store_count_reports(struct store *store,
                                                 const struct store_report_filter *filter,
                                                 int64_t *ret);

#endif
