/* SPDX-License-Identifier: MIT */
/* report_seen.h - what somebody sees of a stored report: a report may be on domains of several
 * groups, and nobody sees those of another. */
#ifndef APP_REPORT_SEEN_H
#define APP_REPORT_SEEN_H

#include <mtasts/report.h>

#include "reports/names.h"
#include "store/pages.h"

struct report_seen {
    struct sts_report *report;                 /* NULL: it cannot be read */
    const struct sts_report_policy **policies; /* of the report, on domains seen */
    size_t policy_count;
    struct names domains, unseen; /* struct report_seen_name: whose mail it was */
    bool whole;                   /* nothing is hidden */
    /* private */
    bool all, uploader; /* uploader: it was uploaded by one of theirs */
    struct names allowed;
};

struct report_seen_name {
    const char *name;
};

/* What they see of the report of that number, which is then to be taken. */
STS_MUST_USE enum sts_status report_seen_new(TALLOC_CTX *ctx, struct store *store,
                                             const struct store_sight *sight, int64_t id,
                                             struct report_seen **ret);
STS_MUST_USE enum sts_status report_seen_take(struct report_seen *seen,
                                              const struct store_receipt *receipt);
/* Where it came from: of an upload by another group only "upload", and so its file has no name. */
const char *report_seen_source(const struct report_seen *seen, const char *source);
const char *report_seen_file(const struct report_seen *seen, const struct store_receipt *receipt);
/* A text out of the report or of how it came; NULL where it names a domain that they do not see. */
const char *report_seen_text(const struct report_seen *seen, const char *text);
/* The report with the policies that they see only (RFC 8460); owned by ctx. */
STS_MUST_USE enum sts_status report_seen_reduced(TALLOC_CTX *ctx, const struct report_seen *seen,
                                                 struct bytes *ret);

#endif
