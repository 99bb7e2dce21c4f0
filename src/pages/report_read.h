/* SPDX-License-Identifier: MIT */
/* report_read.h - a report that somebody uploads, and what it tells. */
#ifndef PAGES_REPORT_READ_H
#define PAGES_REPORT_READ_H

#include "pages/chart.h"
#include "pages/domain.h"
#include "pages/domain_sessions.h"
#include "pages/finding.h"
#include "pages/frame.h"

struct report_read_sender {
    const char *name;
    size_t reports;
    int64_t successful, failed;
};

struct report_read_type {
    const char *name;
    int64_t failed;
};

/* What failed, beside what a check sees of it now. */
struct report_read_failure {
    const char *domain;
    struct domain_failure row;
};

/* A day or a week that a report is of: the numbers of the drawing. */
struct report_read_day {
    const char *date;
    int64_t successful, failed;
};

struct report_read_rejected {
    const char *path, *part, *why;
};

struct report_read_page {
    struct frame frame;
    const char *error; /* nothing was sent; NULL */
    bool read;
    size_t reports;
    int64_t successful, failed, from, to;
    struct domain_sessions sessions;
    struct report_read_sender *senders;
    size_t sender_count;
    struct report_read_type *types;
    size_t type_count;
    size_t retested, not_retested; /* domains with failures; 0: nothing is checked */
    const char *retest_note;       /* why some of them are not; NULL */
    struct report_read_failure *failures;
    size_t failure_count;
    struct html_text chart, legend; /* where there are days */
    struct report_read_day *days;
    size_t day_count;
    struct report_read_rejected *rejected;
    size_t rejected_count;
    struct findings_page findings;
};

void page_report_read(struct html *out, const struct report_read_page *page);
/* In pieces: form, result, begin of the retest, findings, what it found, end.  The browser puts
 * what it found before the findings, without a script. */
void page_report_form(struct html *out, const struct report_read_page *page);
void page_report_result(struct html *out, const struct report_read_page *page);
void page_report_retest_begin(struct html *out, const struct report_read_page *page);
void page_report_findings(struct html *out, const struct report_read_page *page);
void page_report_now(struct html *out, const struct report_read_page *page);
void page_report_retest_end(struct html *out, const struct report_read_page *page);

#endif
