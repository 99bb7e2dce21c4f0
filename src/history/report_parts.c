/* SPDX-License-Identifier: MIT */
/* report_parts.c - the policies and failures of a report. */
#include "history/report_parts.h"

#include <string.h>

#include "base/array.h"
#include "reports/names.h"

struct gathering {
    TALLOC_CTX *ctx;
    struct store_report_policy *policies;
    struct store_failure *list;
    size_t policy_count, count;
    struct names domains; /* struct failed_under */
    bool no_memory;
};

/* Strangers' texts, as far as one may want to filter by them. */
#define TEXT_MAX 255

static const char *cut(struct gathering *gathering, const char *text)
{
    size_t length = text ? strlen(text) : 0;
    char *copy;

    if (length <= TEXT_MAX)
        return text;
    length = TEXT_MAX;
    while (length > 0 && (text[length] & 0xc0) == 0x80) /* not in the middle of a character */
        length--;
    copy = talloc_strndup(gathering->ctx, text, length);
    gathering->no_memory |= !copy;
    return copy;
}

static bool is_same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static int64_t sum(int64_t a, int64_t b)
{
    return b > INT64_MAX - a ? INT64_MAX : a + b;
}

/* ---- policies -------------------------------------------------------------------------------- */

/* Each on a line of its own; those that are too many are left out.  A line end within one would
 * make two of it: it becomes a blank. */
static const char *joined(struct gathering *gathering, const char *const *list, size_t count)
{
    char *text = NULL;

    for (size_t i = 0; i < count; i++) {
        size_t length = text ? strlen(text) : 0;

        if (length + strlen(list[i]) >= REPORT_POLICY_TEXT_MAX)
            break;
        text = talloc_asprintf_append(text ? text : talloc_strdup(gathering->ctx, ""), "%s%s",
                                      i ? "\n" : "", list[i]);
        gathering->no_memory |= !text;
        for (char *at = text ? text + length + (i > 0) : NULL; at && (at = strchr(at, '\n'));)
            *at = ' ';
    }
    return text;
}

static void add_policy(struct gathering *gathering, const struct sts_report_policy *from,
                       const char *domain)
{
    gathering->policies[gathering->policy_count++] =
        (struct store_report_policy){domain,
                                     from->type,
                                     from->successful,
                                     from->failed,
                                     joined(gathering, from->strings, from->string_count),
                                     joined(gathering, from->mx, from->mx_count)};
}

/* ---- sessions that are told twice ------------------------------------------------------------ */

/* What failed of a domain under the two types that may tell the same sessions. */
struct failed_under {
    const char *name; /* first: the domain */
    int64_t sts, tlsa;
};

static bool is_type(const struct sts_report_policy *policy, const char *type)
{
    return is_same(policy->type, type);
}

static void count_type(struct gathering *gathering, const struct sts_report_policy *policy,
                       const char *domain)
{
    struct failed_under *under = domain ? names_get(&gathering->domains, domain) : NULL;

    if (under && is_type(policy, "sts"))
        under->sts = sum(under->sts, policy->failed);
    if (under && is_type(policy, "tlsa"))
        under->tlsa = sum(under->tlsa, policy->failed);
}

/* Of these two the one with more failures counts, as sts_report_sessions() does with sums. */
static bool is_twice(const struct gathering *gathering, const struct sts_report_policy *policy,
                     const char *domain)
{
    const struct failed_under *under = names_find(&gathering->domains, domain);

    return under && is_type(policy, under->sts >= under->tlsa ? "tlsa" : "sts");
}

/* ---- failures -------------------------------------------------------------------------------- */

/* Where there are too many, those of one type are one.  NULL: there is none of that type yet. */
static struct store_failure *of_type(struct gathering *gathering, const struct store_failure *new)
{
    for (size_t i = REPORT_FAILURES_MAX; i < gathering->count; i++) {
        struct store_failure *one = &gathering->list[i];

        if (is_same(one->domain, new->domain) && is_same(one->type, new->type) &&
            one->rest == new->rest && one->twice == new->twice)
            return one;
    }
    return NULL;
}

/* Types are strangers' texts too, so that even those may be too many. */
static void add_failure(struct gathering *gathering, const struct store_failure *new)
{
    bool full = gathering->count >= REPORT_FAILURES_MAX;
    struct store_failure *one = full ? of_type(gathering, new) : NULL;

    if (!one && gathering->count >= REPORT_FAILURES_MAX + 100)
        return;
    if (one) {
        one->sessions = sum(one->sessions, new->sessions);
        return;
    }
    one = array_grow(gathering->ctx, &gathering->list, &gathering->count, sizeof(*one));
    gathering->no_memory |= !one;
    if (one && full)
        *one = (struct store_failure){.domain = new->domain,
                                      .type = new->type,
                                      .sessions = new->sessions,
                                      .rest = new->rest,
                                      .twice = new->twice};
    else if (one)
        *one = *new;
}

/* place: of the policy in the list, from 1. */
static void add_failures(struct gathering *gathering, const struct sts_report_policy *policy,
                         size_t place)
{
    const char *domain = gathering->policies[place - 1].domain;
    int64_t rest = policy->failed;
    bool twice = domain && is_twice(gathering, policy, domain);

    for (size_t i = 0; domain && i < policy->detail_count; i++) {
        const struct sts_report_detail *detail = &policy->details[i];

        add_failure(gathering,
                    &(struct store_failure){
                        domain, cut(gathering, detail->result_type), cut(gathering, detail->mx),
                        cut(gathering, detail->sending_ip), cut(gathering, detail->receiving_ip),
                        cut(gathering, detail->reason), detail->sessions,
                        cut(gathering, detail->info), place, false, twice});
        rest -= detail->sessions < rest ? detail->sessions : rest;
    }
    if (domain && rest > 0)
        add_failure(
            gathering,
            &(struct store_failure){
                .domain = domain, .sessions = rest, .policy = place, .rest = true, .twice = twice});
}

/* ---- all ------------------------------------------------------------------------------------- */

/* The name that the policy gives the MX host, which is not the recipient's. */
static const char *other_name(const struct sts_report_policy *policy)
{
    return policy->domain && policy->recipient && strcmp(policy->domain, policy->recipient) != 0
               ? policy->domain
               : NULL;
}

/* A policy that names the MX host is found under that name and under the recipient's. */
static void gather(struct gathering *gathering, const struct sts_report_policy *policies,
                   size_t count)
{
    for (size_t i = 0; i < count; i++) {
        add_policy(gathering, &policies[i], policies[i].recipient);
        count_type(gathering, &policies[i], policies[i].recipient);
        if (other_name(&policies[i]))
            add_policy(gathering, &policies[i], policies[i].domain);
        count_type(gathering, &policies[i], other_name(&policies[i]));
    }
    for (size_t i = 0, place = 0; i < count; i++) {
        add_failures(gathering, &policies[i], ++place);
        if (other_name(&policies[i]))
            add_failures(gathering, &policies[i], ++place);
    }
}

enum sts_status report_parts(TALLOC_CTX *ctx, const struct sts_report *report,
                             struct store_report_parts *ret)
{
    struct gathering gathering = {.ctx = ctx};
    size_t count;
    const struct sts_report_policy *policies = sts_report_policies(report, &count);

    gathering.policies = talloc_array(ctx, struct store_report_policy, 2 * (unsigned)count + 1);
    if (!gathering.policies)
        return STS_E_NOMEM;
    names_begin(&gathering.domains, ctx, sizeof(struct failed_under));
    gather(&gathering, policies, count);
    *ret = (struct store_report_parts){sts_report_organization(report), gathering.policies,
                                       gathering.policy_count, gathering.list, gathering.count};
    return gathering.no_memory || gathering.domains.no_memory ? STS_E_NOMEM : STS_OK;
}
