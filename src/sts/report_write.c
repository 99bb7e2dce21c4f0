/* SPDX-License-Identifier: MIT */
/* report_write.c - the JSON of a report that was built (RFC 8460 section 4.4). */
#include "sts/report_builder.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_write.h"
#include "base/text.h"

/* ---- order ----------------------------------------------------------------------------------- */

static int compare_texts(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) : (a != NULL) - (b != NULL);
}

static int compare_lists(const char *const *a, size_t a_count, const char *const *b, size_t b_count)
{
    for (size_t i = 0; i < a_count && i < b_count; i++) {
        int order = strcmp(a[i], b[i]);

        if (order)
            return order;
    }
    return (a_count > b_count) - (a_count < b_count);
}

int built_compare_policies(const void *left, const void *right)
{
    const struct sts_report_applied *a = &((const struct built_policy *)left)->applied;
    const struct sts_report_applied *b = &((const struct built_policy *)right)->applied;
    int order = compare_texts(a->type, b->type);

    order = order ? order : compare_texts(a->domain, b->domain);
    order = order ? order : compare_lists(a->strings, a->string_count, b->strings, b->string_count);
    return order ? order : compare_lists(a->mx, a->mx_count, b->mx, b->mx_count);
}

int built_compare_details(const void *left, const void *right)
{
    const struct sts_report_detail *a = left, *b = right;
    int order = compare_texts(a->result_type, b->result_type);

    order = order ? order : compare_texts(a->mx, b->mx);
    order = order ? order : compare_texts(a->receiving_ip, b->receiving_ip);
    order = order ? order : compare_texts(a->sending_ip, b->sending_ip);
    order = order ? order : compare_texts(a->helo, b->helo);
    order = order ? order : compare_texts(a->reason, b->reason);
    return order ? order : compare_texts(a->info, b->info);
}

/* ---- members --------------------------------------------------------------------------------- */

static void write_text(struct json_writer *json, const char *name, const char *text)
{
    if (text)
        json_write_string(json, name, text);
}

static void write_list(struct json_writer *json, const char *name, const char *const *list,
                       size_t count)
{
    if (!count)
        return;
    json_write_begin(json, name, '[');
    for (size_t i = 0; i < count; i++)
        json_write_string(json, NULL, list[i]);
    json_write_end(json, ']');
}

static void write_detail(struct json_writer *json, const struct sts_report_detail *detail)
{
    json_write_begin(json, NULL, '{');
    write_text(json, "result-type", detail->result_type);
    write_text(json, "sending-mta-ip", detail->sending_ip);
    write_text(json, "receiving-mx-hostname", detail->mx);
    write_text(json, "receiving-mx-helo", detail->helo);
    write_text(json, "receiving-ip", detail->receiving_ip);
    json_write_integer(json, "failed-session-count", detail->sessions);
    write_text(json, "additional-information", detail->info);
    write_text(json, "failure-reason-code", detail->reason);
    json_write_end(json, '}');
}

static void write_policy(struct json_writer *json, const struct built_policy *policy)
{
    json_write_begin(json, NULL, '{');
    json_write_begin(json, "policy", '{');
    write_text(json, "policy-type", policy->applied.type);
    write_list(json, "policy-string", policy->applied.strings, policy->applied.string_count);
    write_text(json, "policy-domain", policy->applied.domain);
    write_list(json, "mx-host", policy->applied.mx, policy->applied.mx_count); /* erratum 6241 */
    json_write_end(json, '}');
    json_write_begin(json, "summary", '{');
    json_write_integer(json, "total-successful-session-count", policy->successful);
    json_write_integer(json, "total-failure-session-count", policy->failed);
    json_write_end(json, '}');
    if (policy->detail_count) {
        json_write_begin(json, "failure-details", '[');
        for (size_t i = 0; i < policy->detail_count; i++)
            write_detail(json, &policy->details[i]);
        json_write_end(json, ']');
    }
    json_write_end(json, '}');
}

static void write_report(struct json_writer *json, const struct sts_report_builder *builder)
{
    json_write_begin(json, NULL, '{');
    write_text(json, "organization-name", builder->head.organization);
    json_write_begin(json, "date-range", '{');
    json_write_time(json, "start-datetime", builder->head.begin);
    json_write_time(json, "end-datetime", builder->head.end);
    json_write_end(json, '}');
    write_text(json, "contact-info", builder->head.contact);
    write_text(json, "report-id", builder->head.id);
    json_write_begin(json, "policies", '[');
    for (size_t i = 0; i < builder->policy_count; i++)
        write_policy(json, &builder->policies[i]);
    json_write_end(json, ']');
    json_write_end(json, '}');
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void sort(struct sts_report_builder *builder)
{
    for (size_t i = 0; i < builder->policy_count; i++) {
        struct built_policy *policy = &builder->policies[i];

        if (policy->detail_count)
            qsort(policy->details, policy->detail_count, sizeof(*policy->details),
                  built_compare_details);
    }
    qsort(builder->policies, builder->policy_count, sizeof(*builder->policies),
          built_compare_policies);
}

enum sts_status sts_report_builder_write(struct sts_report_builder *builder, const char **ret_text,
                                         size_t *ret_length)
{
    struct json_writer json = {.ctx = builder};
    char *text = NULL;

    if (!builder->policy_count)
        return STS_E_INVALID;
    sort(builder);
    write_report(&json, builder);
    json_write_end(&json, '\0');
    if (!json.no_memory) /* what would not be seen in a terminal or a pager, as \uXXXX */
        text = text_json(builder, json.text);
    talloc_free(json.text);
    if (!text)
        return STS_E_NOMEM;
    talloc_free(builder->text);
    builder->text = text;
    *ret_text = text;
    *ret_length = strlen(text);
    return STS_OK;
}
