/* SPDX-License-Identifier: MIT */
/* report_builder.h - a TLS report while it is built: report_fit.c makes texts fit,
 * report_builder.c gathers, report_write.c writes; private to sts/. */
#ifndef STS_REPORT_BUILDER_H
#define STS_REPORT_BUILDER_H

#include "mtasts/report_builder.h"

#define BUILT_COUNT_MAX (((int64_t)1 << 53) - 1) /* the largest of I-JSON, RFC 7493 section 2.2 */

/* What differs from all others of its report; its texts are made fit. */
struct built_policy {
    struct sts_report_applied applied;
    int64_t successful, failed;
    struct sts_report_detail *details;
    size_t detail_count;
};

struct sts_report_builder {
    struct sts_report_head head;
    struct built_policy *policies;
    size_t policy_count;
    size_t size; /* of what is written at least a third */
    char *text;
};

/* NULL stands before all texts, lists in the order of their members. */
int built_compare_policies(const void *left, const void *right);
/* Of everything but the number of sessions. */
int built_compare_details(const void *left, const void *right);

#endif
