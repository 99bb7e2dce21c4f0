/* SPDX-License-Identifier: MIT */
/* outgoing.h - one report of ours: a day's sessions with one domain, as JSON and packed.  Pure.
 *
 * What is made is read back by the reader that takes the reports of others; what that reader finds
 * anything to say about does not leave. */
#ifndef SUBMIT_OUTGOING_H
#define SUBMIT_OUTGOING_H

#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/report.h>
#include <mtasts/report_builder.h>
#include <mtasts/status.h>

#include "base/bytes.h"
#include "base/i18n.h"

struct signing_key;

/* Who reports. */
struct submit_sender {
    const char *organization, *contact;
    const char *domain; /* the submitter: that of From and of the signatures */
    const char *from;   /* an address there */
    const struct signing_key *keys;
    size_t key_count;
    enum i18n_language language; /* of the text beside the report */
};

/* A policy and the sessions under it, as they were counted. */
struct outgoing_policy {
    struct sts_report_applied applied;
    int64_t successful, failed;
    const struct sts_report_detail *details;
    size_t detail_count;
};

/* What one report is about. */
struct outgoing_day {
    int64_t day;        /* since 1970, UTC */
    const char *domain; /* whose TLSRPT record it is */
    const char *record; /* its text */
    const struct outgoing_policy *policies;
    size_t policy_count;
};

struct outgoing_report {
    struct sts_report_labels labels;
    int64_t begin, end;
    const char *json;
    size_t json_length;
    struct bytes packed;
    int64_t successful, failed;
    size_t details_left_out; /* so that it is not too large; their sessions are counted */
    struct sts_report *read; /* freed with the report */
};

/* The first and the last second of a day. */
int64_t outgoing_begin(int64_t day);
int64_t outgoing_end(int64_t day);
/* Tells two reports on a domain and day apart: the same for the same record and set of policies, in
 * whatever order they were seen, so that a report that is made once more has the id it had. */
#define OUTGOING_UNIQUE_SIZE 17 /* bytes with the NUL */
void outgoing_unique(const struct outgoing_day *day, char ret[OUTGOING_UNIQUE_SIZE]);

/* Owned by ctx.  STS_E_NOMEM; STS_E_INVALID: there are no policies, a name is none, or what was
 * made is not read back as it was; STS_E_LIMIT: larger than packed_max without any detail. */
STS_MUST_USE enum sts_status outgoing_build(TALLOC_CTX *ctx, const struct submit_sender *sender,
                                            const struct outgoing_day *day, size_t packed_max,
                                            struct outgoing_report **ret);

#endif
