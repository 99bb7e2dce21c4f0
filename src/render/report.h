/* SPDX-License-Identifier: MIT */
/* report.h - what TLS reports tell: for people, for programs (mtasts.report/1), for tables. */
#ifndef RENDER_REPORT_H
#define RENDER_REPORT_H

#include <talloc.h>

#include "render/textout.h"
#include "reports/notes.h"
#include "reports/reports.h"
#include "rules/report_rules.h"

struct report_page {
    const struct report_view *view;
    const struct reports *reports;
    struct report_rejected *rejected;
    size_t rejected_count;
    size_t unread; /* reports or parts that could not be read, those not listed too */
    struct report_deviation *deviations; /* the first of them */
    size_t deviation_count, deviation_total;
    size_t undated_left_out; /* reports without a date, where some time was asked for */
    size_t other_mails;
    bool verbose; /* show the deviations */
    bool all;     /* cut no list */
    bool checked; /* the view was joined with a check */
};

/* All of these: owned by ctx; NULL: no memory. */
char *json_report(TALLOC_CTX *ctx, const struct report_page *page);
char *text_report(TALLOC_CTX *ctx, const struct report_page *from,
                  const struct textout_options *options);

/* What stands beside a report that we send, for whoever opens the mail. */
struct report_words {
    const char *organization, *contact, *domain;
    int64_t begin;
    int64_t successful, failed;
    bool left_out;                  /* not all details are in it */
    const struct report_view *view; /* the report, judged */
};
char *text_report_words(TALLOC_CTX *ctx, const struct report_words *words);

/* A table (RFC 4180): its head, and of each report a line for each policy and each failure. */
const char *csv_report_head(void);
char *csv_report(TALLOC_CTX *ctx, const struct sts_report *report, const char *path,
                 const char *trust);

/* What was turned away, a part of a page; private to render/. */
void text_show_rejected(struct textout *out, const struct report_rejected *list, size_t count);

#endif
