/* SPDX-License-Identifier: MIT */
/* report_read.h - a report that somebody uploads, and what it tells. */
#ifndef PAGES_REPORT_READ_H
#define PAGES_REPORT_READ_H

#include "pages/chart.h"
#include "pages/finding.h"
#include "pages/frame.h"

struct report_read_domain {
    const char *name;
    int64_t successful, failed;
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
    struct report_read_domain *domains;
    size_t domain_count;
    struct html_text chart, legend; /* where there are days */
    struct report_read_day *days;
    size_t day_count;
    struct report_read_rejected *rejected;
    size_t rejected_count;
    struct findings_page findings;
};

void page_report_read(struct html *out, const struct report_read_page *page);

#endif
