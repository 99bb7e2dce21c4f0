/* SPDX-License-Identifier: MIT */
/* reports.h - the pages of the reports that are stored: the list, and one of them. */
#ifndef PAGES_REPORTS_H
#define PAGES_REPORTS_H

#include <stddef.h>
#include <stdint.h>

#include "pages/domain_sessions.h"
#include "pages/finding.h"
#include "pages/frame.h"

struct reports_row {
    int64_t id;
    int64_t begins, ends;                    /* 0: not known */
    const char *submitter, *domains, *trust; /* trust: translated */
    int64_t others;                          /* domains that are not named */
    bool superseded, failed;
    int64_t received;
};

struct reports_page {
    struct frame frame;
    struct page_said said;
    /* the filter, as it was typed */
    const char *domain, *sender, *since, *until;
    int failures;
    bool filtered;
    const struct reports_row *rows;
    size_t row_count;
    const char *next; /* the place of the last row, where there are more; NULL */
    bool uploads;     /* may the user store reports? */
};
void page_reports(struct html *out, const struct reports_page *page);

struct report_policy_row {
    const char *domain, *type;           /* NULL: not known */
    const char *strings, *mx, *failures; /* lines */
    int64_t successful, failed;
};

struct report_page_model {
    struct frame frame;
    int64_t id;
    const char *submitter, *report_id, *trust, *source, *file_name, *subject; /* NULL: not known */
    int64_t begins, ends, received, mailed, revision;
    bool superseded;
    bool read; /* false: it could not be read again */
    int64_t successful, failed;
    struct domain_sessions sessions;
    const struct report_policy_row *policies;
    size_t policy_count;
    int64_t more_policies;
    struct findings_page findings;
    bool whole;      /* false: it is on domains, too, that the reader does not see */
    int64_t others;  /* so many */
    const char *raw; /* the first of it */
    bool cut;        /* there is more */
};
void page_report(struct html *out, const struct report_page_model *page);

#endif
