/* SPDX-License-Identifier: MIT */
/* outgoing.c - sessions put into the builder, packed, and read back.
 *
 * What was counted may be what no report can say: a failure of a kind that RFC 8460 does not have,
 * or that does not go with the policy, or failed sessions of which nothing more is known.  They are
 * failures all the same, so they are told as validation-failure, with what they were called. */
#include "submit/outgoing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mtasts/result.h>

#include "base/table.h"
#include "http/gzip.h"

#define DAY_S        ((int64_t)86400)
#define VAGUE        "validation-failure"
#define LEFT_OUT     "details were left out because the report would have been too large"
#define NOT_COUNTED  "no details were recorded"
#define ATTEMPTS_MAX 8 /* each leaves out half of the details that are left; then all */

int64_t outgoing_begin(int64_t day)
{
    return day * DAY_S;
}

int64_t outgoing_end(int64_t day)
{
    return day * DAY_S + DAY_S - 1;
}

/* ---- what tells it apart --------------------------------------------------------------------- */

static uint64_t hash_text(uint64_t from, const char *text)
{
    return table_hash(from, text ? text : "", text ? strlen(text) + 1 : 1);
}

static uint64_t hash_list(uint64_t from, const char *const *list, size_t count)
{
    from = table_hash(from, &count, sizeof(count));
    for (size_t i = 0; i < count; i++)
        from = hash_text(from, list[i]);
    return from;
}

static uint64_t hash_policy(const struct sts_report_applied *policy)
{
    uint64_t hash = hash_text(hash_text(0, policy->type), policy->domain);

    hash = hash_list(hash, policy->strings, policy->string_count);
    return hash_list(hash, policy->mx, policy->mx_count);
}

void outgoing_unique(const struct outgoing_day *day, char ret[OUTGOING_UNIQUE_SIZE])
{
    uint64_t sum = 0;

    for (size_t i = 0; i < day->policy_count; i++)
        sum += hash_policy(&day->policies[i].applied);
    snprintf(ret, OUTGOING_UNIQUE_SIZE, "%016" PRIx64,
             table_hash(hash_text(0, day->record), &sum, sizeof(sum)));
}

/* ---- what a report can say ------------------------------------------------------------------- */

struct building {
    TALLOC_CTX *ctx;
    const struct outgoing_day *day;
    struct sts_report_builder *builder;
    int64_t least; /* details of fewer sessions are left out */
    size_t left_out;
};

static const char *type_of(const struct outgoing_policy *policy)
{
    const char *type = policy->applied.type;

    return !strcmp(type, "sts") || !strcmp(type, "tlsa") ? type : "no-policy-found";
}

static bool goes_with(const char *result_type, const char *policy_type)
{
    enum sts_stage stage = sts_result_stage(sts_result_of(result_type));

    return stage != STS_STAGE_NONE && !(stage == STS_STAGE_DANE && !strcmp(policy_type, "sts")) &&
           !(stage == STS_STAGE_POLICY && !strcmp(policy_type, "tlsa"));
}

static struct sts_report_detail told(struct building *b, const struct sts_report_detail *from,
                                     const char *policy_type)
{
    struct sts_report_detail detail = *from;
    bool fits = detail.result_type && goes_with(detail.result_type, policy_type);

    if (!fits && detail.result_type && *detail.result_type && !(detail.info && *detail.info))
        detail.info = detail.result_type;
    if (!fits)
        detail.result_type = VAGUE;
    if (detail.sessions >= b->least)
        return detail;
    b->left_out++;
    return (struct sts_report_detail){
        .result_type = detail.result_type, .sessions = detail.sessions, .info = LEFT_OUT};
}

/* Failed sessions of which no detail tells, as one. */
static bool add_rest(const struct outgoing_policy *policy, int64_t explained,
                     struct sts_report_detail *rest)
{
    *rest = (struct sts_report_detail){
        .result_type = VAGUE, .sessions = policy->failed - explained, .info = NOT_COUNTED};
    return policy->failed > explained;
}

static enum sts_status add_policy(struct building *b, const struct outgoing_policy *policy)
{
    struct sts_report_applied applied = policy->applied;
    struct sts_report_detail *details =
        talloc_zero_array(b->ctx, struct sts_report_detail, (unsigned)policy->detail_count + 1);
    size_t count = 0;
    int64_t explained = 0;
    enum sts_status status;

    if (!details)
        return STS_E_NOMEM;
    applied.type = type_of(policy);
    if (!applied.domain || !*applied.domain)
        applied.domain = b->day->domain;
    for (size_t i = 0; i < policy->detail_count && policy->failed; i++) {
        if (policy->details[i].sessions <= 0)
            continue;
        details[count] = told(b, &policy->details[i], applied.type);
        explained += details[count++].sessions;
    }
    count += add_rest(policy, explained, &details[count]);
    status = sts_report_builder_add(b->builder, &applied, policy->successful, policy->failed,
                                    details, count);
    if (status == STS_E_INVALID) { /* a name that is none */
        applied.domain = b->day->domain;
        status = sts_report_builder_add(b->builder, &applied, policy->successful, policy->failed,
                                        details, count);
    }
    talloc_free(details);
    return status;
}

/* ---- building -------------------------------------------------------------------------------- */

static int report_drop(struct outgoing_report *report)
{
    sts_report_free(report->read);
    return 0;
}

static enum sts_status write_json(struct building *b, const struct sts_report_head *head,
                                  struct outgoing_report *report)
{
    const char *text;
    enum sts_status status = sts_report_builder_new(head, &b->builder);

    if (status)
        return status;
    for (size_t i = 0; !status && i < b->day->policy_count; i++)
        status = add_policy(b, &b->day->policies[i]);
    if (!status)
        status = sts_report_builder_write(b->builder, &text, &report->json_length);
    if (!status) {
        report->json = talloc_strndup(report, text, report->json_length);
        status = report->json ? STS_OK : STS_E_NOMEM;
    }
    sts_report_builder_free(b->builder);
    return status;
}

static void sum_up(struct outgoing_report *report, const struct outgoing_day *day)
{
    for (size_t i = 0; i < day->policy_count; i++) {
        report->successful += day->policies[i].successful;
        report->failed += day->policies[i].failed;
    }
}

/* Names that may differ: of a tlsa policy it is that of the MX host, which another domain may run,
 * and questions may go to an address elsewhere. */
static bool may_be(enum sts_deviation code)
{
    return code == STS_DEVIATION_HEADER_DOMAIN_DIFFERS ||
           code == STS_DEVIATION_FILE_DOMAIN_DIFFERS || code == STS_DEVIATION_SUBMITTER_DIFFERS;
}

static bool is_sound(const struct sts_report *report)
{
    size_t count;
    const struct sts_report_note *notes = sts_report_notes(report, &count, NULL);

    for (size_t i = 0; i < count; i++)
        if (!may_be(notes[i].code))
            return false;
    return true;
}

/* Is it what was meant, and nothing to be said about it? */
static bool is_right(const struct outgoing_report *report)
{
    const struct sts_report_policy *policies;
    size_t count;
    int64_t successful = 0, failed = 0, begin, end;

    policies = sts_report_policies(report->read, &count);
    for (size_t i = 0; i < count; i++) {
        successful += policies[i].successful;
        failed += policies[i].failed;
    }
    return is_sound(report->read) && successful == report->successful && failed == report->failed &&
           sts_report_range(report->read, &begin, &end) && begin == report->begin &&
           end == report->end && !strcmp(sts_report_id(report->read), report->labels.id);
}

static enum sts_status read_back(struct outgoing_report *report)
{
    const struct sts_report_origin origin = {.header_domain = report->labels.domain,
                                             .header_submitter = report->labels.submitter,
                                             .subject = report->labels.subject,
                                             .file_name = report->labels.file_name};
    enum sts_report_fault fault;
    size_t used;
    enum sts_status status =
        sts_report_parse(report->json, report->json_length, &origin, &used, &fault, &report->read);

    if (status)
        return status == STS_E_NOMEM ? status : STS_E_INVALID;
    return is_right(report) ? STS_OK : STS_E_INVALID;
}

static int by_sessions(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* So many sessions must a detail have that half of those that have `least` are left out. */
static int64_t more_than_half(TALLOC_CTX *ctx, const struct outgoing_day *day, int64_t least)
{
    int64_t *counts = NULL, median;
    size_t count = 0, room = 0;

    for (size_t i = 0; i < day->policy_count; i++)
        room += day->policies[i].detail_count;
    counts = talloc_array(ctx, int64_t, (unsigned)room + 1);
    for (size_t i = 0; counts && i < day->policy_count; i++)
        for (size_t j = 0; j < day->policies[i].detail_count; j++)
            if (day->policies[i].details[j].sessions >= least)
                counts[count++] = day->policies[i].details[j].sessions;
    if (!count) {
        talloc_free(counts);
        return INT64_MAX;
    }
    qsort(counts, count, sizeof(*counts), by_sessions);
    median = counts[count / 2];
    talloc_free(counts);
    return median < INT64_MAX ? median + 1 : median;
}

static enum sts_status fit(struct building *b, const struct sts_report_head *head,
                           size_t packed_max, struct outgoing_report *report)
{
    for (int attempt = 0; attempt <= ATTEMPTS_MAX; attempt++) {
        enum sts_status status;

        b->left_out = 0;
        status = write_json(b, head, report);
        if (status)
            return status;
        if (!http_gzip_once(report, (struct bytes){report->json, report->json_length},
                            &report->packed))
            return STS_E_NOMEM;
        report->details_left_out = b->left_out;
        if (report->packed.length <= packed_max)
            return STS_OK;
        b->least =
            attempt + 1 < ATTEMPTS_MAX ? more_than_half(b->ctx, b->day, b->least) : INT64_MAX;
    }
    return STS_E_LIMIT;
}

static enum sts_status label(const struct submit_sender *sender, const struct outgoing_day *day,
                             struct outgoing_report *report)
{
    char unique[OUTGOING_UNIQUE_SIZE];

    report->begin = outgoing_begin(day->day);
    report->end = outgoing_end(day->day);
    outgoing_unique(day, unique);
    return sts_report_labels_make(day->domain, sender->domain, report->begin, report->end, unique,
                                  &report->labels);
}

enum sts_status outgoing_build(TALLOC_CTX *ctx, const struct submit_sender *sender,
                               const struct outgoing_day *day, size_t packed_max,
                               struct outgoing_report **ret)
{
    struct outgoing_report *report = talloc_zero(ctx, struct outgoing_report);
    struct building building = {.ctx = report, .day = day};
    enum sts_status status;

    if (!report)
        return STS_E_NOMEM;
    talloc_set_destructor(report, report_drop);
    status = label(sender, day, report);
    if (!status) {
        const struct sts_report_head head = {.organization = sender->organization,
                                             .contact = sender->contact,
                                             .id = report->labels.id,
                                             .begin = report->begin,
                                             .end = report->end};

        status = fit(&building, &head, packed_max, report);
    }
    sum_up(report, day);
    if (!status)
        status = read_back(report);
    if (status)
        talloc_free(report);
    else
        *ret = report;
    return status;
}
