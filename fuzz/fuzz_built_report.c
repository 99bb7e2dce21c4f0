/* SPDX-License-Identifier: MIT */
/* fuzz_built_report.c - a report that is read, built anew from what it says, written and read
 * again: no deviation is left, no count is lost, and building once more gives the same text. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mtasts/report_builder.h"
#include "mtasts/result.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DETAILS   16
#define COUNT_MAX (((int64_t)1 << 53) - 1)

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static bool is_kept_type(const char *type)
{
    return type &&
           (!strcmp(type, "sts") || !strcmp(type, "tlsa") || !strcmp(type, "no-policy-found"));
}

static int64_t bounded(int64_t sum)
{
    return sum < COUNT_MAX ? sum : COUNT_MAX;
}

/* Known, and of a stage that goes with the policy type? */
static bool is_kept_result(const char *name, const char *policy_type)
{
    enum sts_stage stage = name ? sts_result_stage(sts_result_of(name)) : STS_STAGE_NONE;

    return stage != STS_STAGE_NONE && !(stage == STS_STAGE_DANE && !strcmp(policy_type, "sts")) &&
           !(stage == STS_STAGE_POLICY && !strcmp(policy_type, "tlsa"));
}

/* A sender may leave failures unexplained, or name a result type of its own: a builder does
 * neither.  Returns the sessions that were counted as failed. */
static int64_t add_policy(struct sts_report_builder *builder,
                          const struct sts_report_policy *policy)
{
    struct sts_report_applied applied = {.type = is_kept_type(policy->type) ? policy->type : "sts",
                                         .domain = policy->domain ? policy->domain : "a.example",
                                         .strings = policy->strings,
                                         .string_count = policy->string_count,
                                         .mx = policy->mx,
                                         .mx_count = policy->mx_count};
    struct sts_report_detail details[DETAILS + 1];
    size_t count = policy->detail_count < DETAILS ? policy->detail_count : DETAILS;
    enum sts_status status;

    for (size_t i = 0; i < count; i++) {
        details[i] = policy->details[i];
        if (!is_kept_result(details[i].result_type, applied.type))
            details[i].result_type = "validation-failure";
    }
    details[count] =
        (struct sts_report_detail){.result_type = "validation-failure", .sessions = policy->failed};
    status = sts_report_builder_add(builder, &applied, policy->successful, policy->failed, details,
                                    count + 1);
    demand(status == STS_OK || status == STS_E_LIMIT || status == STS_E_INVALID);
    return status == STS_OK ? policy->failed : 0;
}

static struct sts_report_builder *build(const struct sts_report *report, int64_t *ret_failed)
{
    struct sts_report_head head = {sts_report_organization(report), sts_report_contact(report),
                                   sts_report_id(report), 0, 86399};
    struct sts_report_builder *builder;
    size_t count;
    const struct sts_report_policy *policies = sts_report_policies(report, &count);

    head.organization = head.organization ? head.organization : "o";
    head.contact = head.contact ? head.contact : "c";
    head.id = head.id ? head.id : "i";
    if (sts_report_builder_new(&head, &builder) != STS_OK)
        return NULL; /* nothing but control characters */
    *ret_failed = 0;
    for (size_t i = 0; i < count; i++)
        *ret_failed = bounded(*ret_failed + add_policy(builder, &policies[i]));
    return builder;
}

/* As it was read: every detail, and nothing added. */
static void check_same(const struct sts_report *report, const char *text)
{
    struct sts_report_head head = {sts_report_organization(report), sts_report_contact(report),
                                   sts_report_id(report), 0, 86399};
    struct sts_report_builder *builder;
    size_t count, length;
    const struct sts_report_policy *policies = sts_report_policies(report, &count);
    const char *again;

    demand(sts_report_builder_new(&head, &builder) == STS_OK);
    for (size_t i = 0; i < count; i++) {
        struct sts_report_applied applied = {policies[i].type,    policies[i].domain,
                                             policies[i].strings, policies[i].string_count,
                                             policies[i].mx,      policies[i].mx_count};

        demand(sts_report_builder_add(builder, &applied, policies[i].successful, policies[i].failed,
                                      policies[i].details, policies[i].detail_count) == STS_OK);
    }
    demand(sts_report_builder_write(builder, &again, &length) == STS_OK);
    demand(length == strlen(text) && !memcmp(again, text, length));
    sts_report_builder_free(builder);
}

static void check_read(const char *text, size_t length, int64_t failed)
{
    enum sts_report_fault fault;
    struct sts_report *report;
    size_t used, count;
    const struct sts_report_policy *policies;
    int64_t sum = 0;

    demand(sts_report_parse(text, length, NULL, &used, &fault, &report) == STS_OK);
    demand(used == length);
    sts_report_notes(report, &count, NULL);
    demand(count == 0);
    policies = sts_report_policies(report, &count);
    for (size_t i = 0; i < count; i++)
        sum = bounded(sum + policies[i].failed);
    demand(sum == failed);
    check_same(report, text);
    sts_report_free(report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sts_report *report;
    struct sts_report_builder *builder;
    enum sts_report_fault fault;
    size_t used, length;
    int64_t failed;
    const char *text;

    if (sts_report_parse((const char *)data, size, NULL, &used, &fault, &report) != STS_OK)
        return 0;
    builder = build(report, &failed);
    if (builder && sts_report_builder_write(builder, &text, &length) == STS_OK)
        check_read(text, length, failed);
    sts_report_builder_free(builder);
    sts_report_free(report);
    return 0;
}
