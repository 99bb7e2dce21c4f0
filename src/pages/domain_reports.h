/* SPDX-License-Identifier: MIT */
/* domain_reports.h - the stored reports on a domain, page by page. */
#ifndef PAGES_DOMAIN_REPORTS_H
#define PAGES_DOMAIN_REPORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pages/frame.h"

struct domain_report {
    int64_t id;           /* of the store */
    int64_t begins, ends; /* 0: not known */
    const char *sender;
    bool failed;
    bool superseded;
    const char *trust; /* what DKIM said; "" */
    int64_t received_at;
};

struct domain_reports_page {
    struct frame frame;
    const char *domain;
    const char *day; /* only those of that time; NULL: all */
    bool only_failed;
    struct domain_report *reports;
    size_t report_count;
    const char *next; /* the place of the next page; NULL: this is the last */
};

void page_domain_reports(struct html *out, const struct domain_reports_page *page);

#endif
