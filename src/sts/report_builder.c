/* SPDX-License-Identifier: MIT */
/* report_builder.c - counted sessions gathered into a report.
 *
 * A call first makes its texts fit and finds room, in a context of its own, and changes the report
 * only when nothing can fail any more; the texts that are new are then moved over. */
#include "sts/report_builder.h"

#include <string.h>

#include <talloc.h>

#include "base/array.h"
#include "mtasts/result.h"
#include "sts/report.h"
#include "sts/report_fit.h"

#define DAY                 86400
#define RANGE_MAX           ((int64_t)2 * DAY)
#define LAST_SECOND         253402300799 /* of the year 9999 */
#define DETAILS_WITH_OTHERS (STS_REPORT_DETAILS_MAX + STS_RESULT_COUNT)
/* Writing makes no text longer than three times; what is kept beyond takes less than 1 MiB. */
#define BUILT_SIZE_MAX (STS_REPORT_MAX / 3 - (1u << 20))
#define MEMBERS_SIZE   320 /* names of members and counts, of a policy or a detail */

/* ---- how much is written --------------------------------------------------------------------- */

static size_t text_size(const char *text)
{
    return text ? strlen(text) : 0;
}

static size_t list_size(const char *const *list, size_t count)
{
    size_t size = 0;

    for (size_t i = 0; i < count; i++)
        size += text_size(list[i]) + strlen("\"\",");
    return size;
}

static size_t policy_size(const struct sts_report_applied *applied)
{
    return MEMBERS_SIZE + text_size(applied->domain) +
           list_size(applied->strings, applied->string_count) +
           list_size(applied->mx, applied->mx_count);
}

static size_t detail_size(const struct sts_report_detail *detail)
{
    return MEMBERS_SIZE + text_size(detail->sending_ip) + text_size(detail->mx) +
           text_size(detail->helo) + text_size(detail->receiving_ip) + text_size(detail->reason) +
           text_size(detail->info);
}

static bool has_room(const struct sts_report_builder *builder, size_t size)
{
    return builder->size + size <= BUILT_SIZE_MAX;
}

/* ---- policies -------------------------------------------------------------------------------- */

static bool type_known(const char *type)
{
    return type &&
           (!strcmp(type, "sts") || !strcmp(type, "tlsa") || !strcmp(type, "no-policy-found"));
}

static enum sts_status fit_policy(struct fitting *fitting, const struct sts_report_applied *given,
                                  struct sts_report_applied *ret)
{
    char domain[STS_NAME_SIZE];
    enum sts_status status;

    if (!type_known(given->type) || !given->domain)
        return STS_E_INVALID;
    status = sts_name_from_user(given->domain, domain);
    if (status != STS_OK)
        return status;
    ret->type = fit_text(fitting, given->type);
    ret->domain = fit_text(fitting, domain);
    ret->strings =
        fit_list(fitting, given->strings, given->string_count, fit_line, &ret->string_count);
    ret->mx = fit_list(fitting, given->mx, given->mx_count, fit_pattern, &ret->mx_count);
    return fitting->no_memory ? STS_E_NOMEM : STS_OK;
}

/* The same one, else room for it behind the last, empty and not yet counted. */
static enum sts_status find_policy(struct sts_report_builder *builder,
                                   const struct sts_report_applied *applied,
                                   struct built_policy **ret)
{
    struct built_policy wanted = {.applied = *applied};

    for (size_t i = 0; i < builder->policy_count; i++) {
        *ret = &builder->policies[i];
        if (!built_compare_policies(*ret, &wanted))
            return STS_OK;
    }
    if (builder->policy_count == STS_REPORT_POLICIES_MAX ||
        !has_room(builder, policy_size(applied)))
        return STS_E_LIMIT;
    *ret = array_grow(builder, &builder->policies, &builder->policy_count, sizeof(**ret));
    if (!*ret)
        return STS_E_NOMEM;
    builder->policy_count--;
    return STS_OK;
}

/* ---- failures -------------------------------------------------------------------------------- */

/* What a call adds. */
struct added {
    int64_t successful, failed;
    const struct sts_report_detail *details;
    size_t detail_count;
};

static struct sts_report_detail fit_detail(struct fitting *fitting,
                                           const struct sts_report_detail *given)
{
    return (struct sts_report_detail){
        .result_type = fit_text(fitting, given->result_type),
        .sending_ip = fit_address(fitting, given->sending_ip),
        .mx = fit_name(fitting, given->mx),
        .helo = fit_helo(fitting, given->helo),
        .receiving_ip = fit_address(fitting, given->receiving_ip),
        .reason = fit_text(fitting, given->reason),
        .info = fit_text(fitting, given->info),
        .sessions = given->sessions,
    };
}

/* Sections 4.3.2.1 and 4.3.2.2 are each about one type of policy. */
static bool detail_valid(const struct sts_report_detail *detail, const char *policy_type)
{
    enum sts_result result = sts_result_of(detail->result_type);
    enum sts_stage stage = sts_result_stage(result);

    return result != STS_RESULT_NONE && detail->sessions >= 0 &&
           !(stage == STS_STAGE_DANE && !strcmp(policy_type, "sts")) &&
           !(stage == STS_STAGE_POLICY && !strcmp(policy_type, "tlsa"));
}

static bool details_valid(const struct added *added, const char *policy_type)
{
    int64_t sum = 0;

    for (size_t i = 0; i < added->detail_count; i++) {
        if (!detail_valid(&added->details[i], policy_type))
            return false;
        sum = report_sum(sum, added->details[i].sessions);
    }
    return sum >= added->failed;
}

/* Those that count any session. */
static enum sts_status fit_details(struct fitting *fitting, const struct added *added,
                                   struct sts_report_detail **ret, size_t *ret_count)
{
    size_t count = added->detail_count;
    struct sts_report_detail *details =
        talloc_array(fitting->mem, struct sts_report_detail, count + 1);

    fitting->no_memory = fitting->no_memory || !details;
    *ret_count = 0;
    for (size_t i = 0; i < count && !fitting->no_memory; i++)
        if (added->details[i].sessions)
            details[(*ret_count)++] = fit_detail(fitting, &added->details[i]);
    *ret = details;
    return fitting->no_memory ? STS_E_NOMEM : STS_OK;
}

/* Room for so many more, not yet counted. */
static bool reserve_details(TALLOC_CTX *ctx, struct built_policy *policy, size_t more)
{
    size_t counted = policy->detail_count;
    bool found = true;

    for (size_t i = 0; i < more && policy->detail_count < DETAILS_WITH_OTHERS && found; i++)
        found = array_grow(ctx, &policy->details, &policy->detail_count, sizeof(*policy->details));
    policy->detail_count = counted;
    return found;
}

static struct sts_report_detail *find_detail(struct built_policy *policy,
                                             const struct sts_report_detail *wanted)
{
    for (size_t i = 0; i < policy->detail_count; i++)
        if (!built_compare_details(&policy->details[i], wanted))
            return &policy->details[i];
    return NULL;
}

static int64_t add_up(int64_t a, int64_t b)
{
    int64_t sum = report_sum(a, b);

    return sum < BUILT_COUNT_MAX ? sum : BUILT_COUNT_MAX;
}

/* ---- what is new becomes the report's -------------------------------------------------------- */

static void move(TALLOC_CTX *ctx, const char *text)
{
    if (text)
        talloc_steal(ctx, text);
}

static void move_list(TALLOC_CTX *ctx, const char *const *list, size_t count)
{
    talloc_steal(ctx, list);
    for (size_t i = 0; i < count; i++)
        talloc_steal(ctx, list[i]);
}

static void take_policy(struct sts_report_builder *builder, struct built_policy *policy,
                        const struct sts_report_applied *applied)
{
    if (policy != builder->policies + builder->policy_count)
        return; /* it was there before */
    builder->policy_count++;
    builder->size += policy_size(applied);
    policy->applied = *applied;
    move(builder, applied->type);
    move(builder, applied->domain);
    move_list(builder, applied->strings, applied->string_count);
    move_list(builder, applied->mx, applied->mx_count);
}

static void take_detail(struct sts_report_builder *builder, struct built_policy *policy,
                        struct sts_report_detail detail)
{
    struct sts_report_detail *same = find_detail(policy, &detail);

    if (!same && (policy->detail_count >= STS_REPORT_DETAILS_MAX ||
                  !has_room(builder, detail_size(&detail)))) {
        detail = (struct sts_report_detail){.result_type = detail.result_type,
                                            .sessions = detail.sessions};
        same = find_detail(policy, &detail);
    }
    if (same) {
        same->sessions = add_up(same->sessions, detail.sessions);
        return;
    }
    if (!policy->details) /* never: there is room for it */
        return;
    detail.sessions = add_up(0, detail.sessions);
    builder->size += detail_size(&detail);
    policy->details[policy->detail_count++] = detail;
    move(builder, detail.result_type);
    move(builder, detail.sending_ip);
    move(builder, detail.mx);
    move(builder, detail.helo);
    move(builder, detail.receiving_ip);
    move(builder, detail.reason);
    move(builder, detail.info);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static enum sts_status add(struct sts_report_builder *builder, struct fitting *fitting,
                           const struct sts_report_applied *given, const struct added *added)
{
    struct sts_report_applied applied;
    struct sts_report_detail *details = NULL;
    struct built_policy *policy = NULL;
    size_t count = 0;
    enum sts_status status = fit_policy(fitting, given, &applied);

    if (status == STS_OK)
        status = details_valid(added, given->type) ? fit_details(fitting, added, &details, &count)
                                                   : STS_E_INVALID;
    if (status == STS_OK)
        status = find_policy(builder, &applied, &policy);
    if (status == STS_OK && !reserve_details(builder, policy, count))
        status = STS_E_NOMEM;
    if (status != STS_OK)
        return status;
    take_policy(builder, policy, &applied);
    policy->successful = add_up(policy->successful, added->successful);
    policy->failed = add_up(policy->failed, added->failed);
    for (size_t i = 0; i < count; i++)
        take_detail(builder, policy, details[i]);
    return STS_OK;
}

enum sts_status sts_report_builder_add(struct sts_report_builder *builder,
                                       const struct sts_report_applied *policy, int64_t successful,
                                       int64_t failed, const struct sts_report_detail *details,
                                       size_t detail_count)
{
    struct added added = {successful, failed, details, detail_count};
    struct fitting fitting = {.mem = talloc_new(NULL)};
    enum sts_status status = STS_E_NOMEM;

    if (successful < 0 || failed < 0)
        status = STS_E_INVALID;
    else if (fitting.mem)
        status = add(builder, &fitting, policy, &added);
    talloc_free(fitting.mem);
    return status;
}

/* Midnight, and no more than two days (the deviations "range-off-day" and "range-long"). */
static bool range_valid(int64_t begin, int64_t end)
{
    return begin >= 0 && begin % DAY == 0 && end > begin && end <= LAST_SECOND &&
           end - begin <= RANGE_MAX;
}

enum sts_status sts_report_builder_new(const struct sts_report_head *head,
                                       struct sts_report_builder **ret)
{
    struct sts_report_builder *builder;
    struct fitting fitting = {0};
    enum sts_status status;

    if (!range_valid(head->begin, head->end))
        return STS_E_INVALID;
    builder = talloc_zero(NULL, struct sts_report_builder);
    if (!builder)
        return STS_E_NOMEM;
    fitting.mem = builder;
    builder->head = (struct sts_report_head){.organization = fit_text(&fitting, head->organization),
                                             .contact = fit_text(&fitting, head->contact),
                                             .id = fit_text(&fitting, head->id),
                                             .begin = head->begin,
                                             .end = head->end};
    status = fitting.no_memory ? STS_E_NOMEM
             : builder->head.organization && builder->head.contact && builder->head.id
                 ? STS_OK
                 : STS_E_INVALID;
    if (status == STS_OK)
        *ret = builder;
    else
        talloc_free(builder);
    return status;
}

void sts_report_builder_free(struct sts_report_builder *builder)
{
    talloc_free(builder);
}
