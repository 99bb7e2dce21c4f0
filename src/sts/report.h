/* SPDX-License-Identifier: MIT */
/* report.h - a TLS report while it is read: the JSON reader fills it in, the judge completes it. */
#ifndef STS_REPORT_H
#define STS_REPORT_H

#include <talloc.h>

#include "base/bytes.h"
#include "mtasts/report.h"

#define REPORT_COUNT_MAX ((int64_t)1 << 53) /* what every JSON reader can hold */
#define REPORT_FOUND_MAX 100                /* bytes shown of what stood there */

struct sts_report {
    const char *organization, *contact, *id, *sender;
    int64_t begin, end;
    bool begin_known, end_known;
    bool begin_inferred, end_inferred; /* known from beside the report only */
    struct sts_report_policy *policies;
    size_t policy_count;
    const char **domains; /* of the policies, sorted, for the key */
    size_t domain_count;
    struct sts_report_note *notes;
    size_t note_count, note_total;
    /* Texts stand packed in blocks: an allocation for each would cost more than most of them. */
    char *block;
    size_t block_left, block_size;
    bool no_memory; /* remembered here, told once at the end */
};

/* Copies both; found may hold any byte. */
void report_note(struct sts_report *report, enum sts_deviation code, const char *path,
                 struct bytes found);
/* A copy that lives with the report; "" where memory ran out. */
const char *report_text(struct sts_report *report, struct bytes text);
/* In lower-case A-labels without a final dot, else as written; names what deviates. */
const char *report_domain(struct sts_report *report, const char *path, struct bytes text);
/* Is the policy that domain's, or that of its MX host of that name? */
bool report_is_on(const struct sts_report_policy *policy, const char *domain);
/* Its other policies are left out; key and fingerprint change with that. */
void report_keep_domain(struct sts_report *report, const char *domain);
/* No overflow: it stays at the ceiling of int64_t. */
int64_t report_sum(int64_t a, int64_t b);

/* Sessions of one domain in one report, by what adds up. */
struct report_sessions {
    int64_t successful[3], failed[3]; /* under sts, tlsa, all other types */
};
/* type may be NULL. */
void report_sessions_add(struct report_sessions *sessions, const char *type, int64_t successful,
                         int64_t failed);
/* What they come to: sts and tlsa may tell the same sessions, so the larger of the two counts. */
int64_t report_sessions_total(const int64_t sums[3]);

/* Read the object of JSON that the text is, with so many colons outside its strings.  Notes what
 * deviates; only memory fails. */
enum sts_report_fault report_read_json(struct sts_report *report, struct bytes text, size_t colons);

#define TIME_DEVIATIONS_MAX 4
/* A time as senders write it.  The deviations, ended by STS_DEVIATION_COUNT. */
bool report_time(struct bytes text, int64_t *ret,
                 enum sts_deviation ret_deviations[TIME_DEVIATIONS_MAX + 1]);

/* Fills `domains`, once the policies are known (report_key.c). */
void report_sort_domains(struct sts_report *report);
/* Counts that were left out, the sender, what disagrees (report_judge.c). */
void report_judge(struct sts_report *report);
/* Domains and times that were left out, from the report itself and from what it came in. */
void report_infer(struct sts_report *report, const struct sts_report_origin *origin);

/* Where the first object of a text stands (report_extent.c). */
struct report_extent {
    struct bytes object;
    size_t used;   /* where something else begins behind it, or how far a fault was looked for */
    size_t colons; /* outside strings: the members of all objects, those said twice included */
    enum sts_report_fault fault;
    bool bom, wrapped, several, trailing;
};
struct report_extent report_extent(struct bytes text);

#endif
