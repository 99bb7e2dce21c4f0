/* SPDX-License-Identifier: MIT */
/* rule_report.c - failures in TLS reports (RFC 8460 section 4), and their likely causes. */
#include "rules/rule_report.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hname.h"
#include "mtasts/names.h"
#include "mtasts/result.h"
#include "rules/cause.h"
#include "vendors/provider.h"

#define NAMES_SHOWN (REPORTS_VALUES_MAX - 1) /* senders, addresses in one sentence */

/* ---- groups: the same failure of the same host, by whomever ---------------------------------- */

static int by_text(const char *a, const char *b)
{
    return strcmp(a, b);
}

static int by_policy(const struct tally_failure *a, const struct tally_failure *b);

static int by_group(const void *left, const void *right)
{
    const struct tally_failure *const *a = left, *const *b = right;
    int order = by_text((*a)->domain, (*b)->domain);

    order = order ? order : by_text((*a)->result_type, (*b)->result_type);
    order = order ? order : by_text((*a)->mx, (*b)->mx);
    order = order ? order : by_policy(*a, *b);
    if (!order) /* the largest first: it decides the cause */
        order = ((*a)->sessions < (*b)->sessions) - ((*a)->sessions > (*b)->sessions);
    return order ? order : by_text((*a)->name, (*b)->name);
}

/* Under policies of another type or mode it is another matter, and where the one covers the host
 * and the other does not. */
static int by_policy(const struct tally_failure *a, const struct tally_failure *b)
{
    int order = by_text(a->policy_type, b->policy_type);

    order = order ? order : by_text(policy_strings_mode(a->policy), policy_strings_mode(b->policy));
    return order ? order : (int)cause_cover(a) - (int)cause_cover(b);
}

static bool same_failure(const struct tally_failure *a, const struct tally_failure *b)
{
    return !strcmp(a->domain, b->domain) && !strcmp(a->result_type, b->result_type) &&
           !strcmp(a->mx, b->mx);
}

static bool same_group(const struct tally_failure *a, const struct tally_failure *b)
{
    return same_failure(a, b) && !by_policy(a, b);
}

typedef bool same_fn(const struct tally_failure *a, const struct tally_failure *b);

static size_t group_length(const struct tally_failure **list, size_t count, same_fn *same)
{
    size_t length = 1;

    while (length < count && same(list[0], list[length]))
        length++;
    return length;
}

/* ---- what a finding says --------------------------------------------------------------------- */

static const char *field_at(const struct tally_failure *failure, size_t offset)
{
    return *(const char *const *)(const void *)((const char *)failure + offset);
}

static bool among(const char *const *seen, size_t count, const char *value)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(seen[i], value))
            return true;
    return false;
}

/* The different values of a member, with ", "; NULL: none is there. */
static const char *values(struct rules *r, const struct report_group *group, size_t offset,
                          size_t *ret_count)
{
    const char *seen[NAMES_SHOWN + 1], *list = NULL;
    size_t count = 0;

    for (size_t i = 0; i < group->count && count <= NAMES_SHOWN; i++) {
        const char *value = field_at(group->list[i], offset);

        if (*value && !among(seen, count, value))
            seen[count++] = value;
    }
    for (size_t i = 0; i < count && i < NAMES_SHOWN; i++)
        list = rule_list(r, list, seen[i]);
    *ret_count = count;
    return count > NAMES_SHOWN ? rule_text(r, "%s ...", list) : list;
}

/* The same of a member that has several values itself. */
static const char *all_values(struct rules *r, const struct report_group *group, size_t offset,
                              size_t *ret_count)
{
    const char *seen[NAMES_SHOWN + 1], *list = NULL;
    size_t count = 0;

    for (size_t i = 0; i < group->count; i++) {
        const struct tally_values *values = (const void *)((const char *)group->list[i] + offset);

        for (size_t k = 0; k < values->count && count <= NAMES_SHOWN; k++)
            if (!among(seen, count, values->list[k]))
                seen[count++] = values->list[k];
    }
    for (size_t i = 0; i < count && i < NAMES_SHOWN; i++)
        list = rule_list(r, list, seen[i]);
    *ret_count = count;
    return count > NAMES_SHOWN ? rule_text(r, "%s ...", list) : list;
}

static const char *day(struct rules *r, int64_t when)
{
    char text[CLOCK_TEXT_SIZE];

    clock_format(when, text);
    return rule_text(r, "%.10s", text);
}

static int64_t sessions_of(const struct report_group *group)
{
    int64_t sum = 0;

    for (size_t i = 0; i < group->count; i++)
        sum =
            sum > INT64_MAX - group->list[i]->sessions ? INT64_MAX : sum + group->list[i]->sessions;
    return sum;
}

static enum finding_code code_of(const char *result_type)
{
    static const enum finding_code codes[STS_RESULT_COUNT] = {
        [STS_RESULT_NONE] = FINDING_REPORT_OTHER,
        [STS_RESULT_STARTTLS_NOT_SUPPORTED] = FINDING_REPORT_STARTTLS_NOT_SUPPORTED,
        [STS_RESULT_CERTIFICATE_HOST_MISMATCH] = FINDING_REPORT_CERTIFICATE_HOST_MISMATCH,
        [STS_RESULT_CERTIFICATE_EXPIRED] = FINDING_REPORT_CERTIFICATE_EXPIRED,
        [STS_RESULT_CERTIFICATE_NOT_TRUSTED] = FINDING_REPORT_CERTIFICATE_NOT_TRUSTED,
        [STS_RESULT_VALIDATION_FAILURE] = FINDING_REPORT_VALIDATION_FAILURE,
        [STS_RESULT_TLSA_INVALID] = FINDING_REPORT_TLSA_INVALID,
        [STS_RESULT_DNSSEC_INVALID] = FINDING_REPORT_DNSSEC_INVALID,
        [STS_RESULT_DANE_REQUIRED] = FINDING_REPORT_DANE_REQUIRED,
        [STS_RESULT_STS_POLICY_FETCH_ERROR] = FINDING_REPORT_STS_POLICY_FETCH_ERROR,
        [STS_RESULT_STS_POLICY_INVALID] = FINDING_REPORT_STS_POLICY_INVALID,
        [STS_RESULT_STS_WEBPKI_INVALID] = FINDING_REPORT_STS_WEBPKI_INVALID,
    };

    return codes[sts_result_of(result_type)];
}

void report_params(struct rules *r, struct finding *finding, const char *domain)
{
    if (!*domain) {
        finding_param(r, finding, "domain", "?");
        return;
    }
    finding_param(r, finding, "domain", domain);
    finding_param(r, finding, "policy_host", rule_text(r, STS_POLICY_HOST_PREFIX "%s", domain));
    finding_param(r, finding, "policy_url",
                  rule_text(r, "https://" STS_POLICY_HOST_PREFIX "%s" STS_POLICY_PATH, domain));
    finding_param(r, finding, "record_name", rule_text(r, STS_RECORD_PREFIX "%s", domain));
    finding_param(r, finding, "tlsrpt_name", rule_text(r, STS_TLSRPT_PREFIX "%s", domain));
    finding_param(r, finding, "https_port", "443");
    finding_param(r, finding, "smtp_port", "25");
}

const char *report_subject(const struct report_group *group)
{
    if (*group->mx)
        return group->mx;
    return *group->domain ? group->domain : "-";
}

static void range_params(struct rules *r, struct finding *finding, const struct report_group *group)
{
    if (!group->last)
        return;
    finding_param(r, finding, "first", day(r, group->first));
    finding_param(r, finding, "last", day(r, group->last));
}

/* ---- one sender only ------------------------------------------------------------------------- */

/* Did it report for any of the time of the failures? */
static bool at_that_time(const struct tally_count *sender, const struct report_group *group)
{
    return !group->last || !sender->last ||
           (sender->first <= group->last && sender->last >= group->first);
}

/* A sender with sessions of this domain at that time, of which none failed. */
static const char *clean_senders(struct rules *r, const struct tally_domain *domain,
                                 const struct report_group *group)
{
    const char *list = NULL;
    size_t shown = 0;

    for (size_t i = 0; i < domain->senders.count && shown < NAMES_SHOWN; i++) {
        const struct tally_count *sender = names_at(&domain->senders, i);

        if (sender->successful && !sender->failed && *sender->name && at_that_time(sender, group)) {
            list = rule_list(r, list, sender->name);
            shown++;
        }
    }
    return list;
}

/* Some of its sessions succeed: then it matters that the failures have one address in common. */
static bool succeeds_too(const struct tally_domain *domain, const char *sender)
{
    const struct tally_count *count = domain ? names_find(&domain->senders, sender) : NULL;

    return count && count->successful;
}

/* Another sender fails there too, whatever it calls it. */
static bool others_fail(const struct tally *tally, const struct report_group *group)
{
    for (size_t i = 0; i < tally->failures.count; i++) {
        const struct tally_failure *failure = names_at(&tally->failures, i);

        if (strcmp(failure->sender, group->list[0]->sender) != 0 &&
            !strcmp(failure->domain, group->domain) && !strcmp(failure->mx, group->mx))
            return true;
    }
    return false;
}

static void one_sender_finding(struct rules *r, const struct tally *tally,
                               const struct report_group *group)
{
    const struct tally_domain *domain = names_find(&tally->domains, group->domain);
    size_t senders, addresses;
    const char *sender = values(r, group, offsetof(struct tally_failure, sender), &senders);
    const char *address =
        all_values(r, group, offsetof(struct tally_failure, sending_ips), &addresses);
    const char *others = domain ? clean_senders(r, domain, group) : NULL;
    const char *detail = NULL;

    if (senders == 1 && others)
        detail = N_("Only {senders|reports|report} this failure; {others} had none in the same "
                    "period. First check what is between this sender and your servers.");
    else if (senders == 1 && addresses == 1 && group->sessions > 1 && succeeds_too(domain, sender))
        detail = N_("All of these failures come from one sending address, {sending_ip}, while "
                    "other sessions of {senders} succeeded. First check what is between this "
                    "address and your servers.");
    if (!detail || others_fail(tally, group))
        return;
    report_params(r,
                  finding_add(r, FINDING_REPORT_ONE_SENDER_ONLY, report_subject(group), detail,
                              "senders", sender, "others", others, "sending_ip",
                              addresses == 1 ? address : NULL, "result_type",
                              *group->list[0]->result_type ? group->list[0]->result_type : "-",
                              "host", *group->mx ? group->mx : NULL, NULL),
                  group->domain);
}

/* One sender alone, and the report does not prove the cause: it is between the two more likely. */
static enum cause_fault fault_of(struct rules *r, const struct tally *tally,
                                 const struct report_group *group, const struct cause *cause)
{
    const struct tally_domain *domain = names_find(&tally->domains, group->domain);
    size_t senders;

    values(r, group, offsetof(struct tally_failure, sender), &senders);
    if (cause->fault == CAUSE_FAULT_UNCLEAR && senders == 1 && domain &&
        clean_senders(r, domain, group))
        return CAUSE_FAULT_BETWEEN;
    return cause->fault;
}

/* Whose server is it, if not the domain's own?  Only what is said of the server itself is the
 * provider's to repair. */
static const struct provider *provider_of(const struct report_group *group,
                                          const struct cause *cause)
{
    const char *type = group->list[0]->result_type;
    bool of_server = strncmp(type, "sts-", 4) != 0 && strcmp(type, "dane-required") != 0 && *type;

    if (!of_server || !*group->mx || cause->fault == CAUSE_FAULT_SENDER ||
        !strncmp(cause->name, "mx-not-", 7))
        return NULL;
    return provider_of_mx(group->mx);
}

/* What the policy is, and whether the host is in it; an mx line is no advice where it is. */
static void policy_params(struct rules *r, struct finding *finding,
                          const struct report_group *group, const struct cause *cause)
{
    const struct tally_failure *main = group->list[0];
    enum cause_cover cover = cause_cover(main);
    bool dane = !strcmp(main->policy_type, "tlsa"), named = hname_valid(bytes_of(group->mx));

    if (!dane && cover != COVER_YES &&
        (!strncmp(cause->name, "mx-", 3) || !strcmp(cause->name, "policy-stage")))
        finding_param(r, finding, "mx_line", rule_text(r, "mx: %s", named ? group->mx : "HOST"));
    if (cover == COVER_NO && named)
        finding_param(r, finding, "uncovered", group->mx);
    if (dane) {
        finding_param(r, finding, "dane", *group->mx ? group->mx : group->domain);
        finding->meaning = REPORT_MEANS_DANE;
    }
    if (*policy_strings_mode(main->policy))
        finding_param(r, finding, "mode", policy_strings_mode(main->policy));
}

static void group_finding(struct rules *r, const struct tally *tally,
                          const struct report_group *group)
{
    const struct tally_failure *main = group->list[0];
    const struct cause *cause = cause_of(main);
    const struct provider *provider = provider_of(group, cause);
    size_t senders, count;
    const char *names = values(r, group, offsetof(struct tally_failure, sender), &senders);
    const char *type = *main->result_type ? main->result_type : "-";
    struct finding *finding = finding_add(
        r, code_of(main->result_type), report_subject(group), cause->detail, "senders",
        names ? names : "?", "count", rule_number(r, group->sessions), "at", report_subject(group),
        "result_type", type, "likely_cause", cause->name, "sender_count",
        rule_number(r, (int64_t)senders), "fault",
        cause_fault_name(provider ? CAUSE_FAULT_PROVIDER : fault_of(r, tally, group, cause)),
        "provider", provider ? provider->name : NULL, NULL);

    finding->hints = provider ? provider->cert_steps : cause_fix(cause);
    report_params(r, finding, group->domain);
    range_params(r, finding, group);
    if (*group->mx)
        finding_param(r, finding, "host", group->mx);
    finding_param(r, finding, "reason",
                  *main->reason || *main->info
                      ? values(r, group,
                               *main->reason ? offsetof(struct tally_failure, reason)
                                             : offsetof(struct tally_failure, info),
                               &count)
                      : "-");
    finding_param(r, finding, "sending_ips",
                  all_values(r, group, offsetof(struct tally_failure, sending_ips), &count));
    finding_param(r, finding, "receiving_ips",
                  all_values(r, group, offsetof(struct tally_failure, receiving_ips), &count));
    finding_param(r, finding, "policy_types",
                  values(r, group, offsetof(struct tally_failure, policy_type), &count));
    policy_params(r, finding, group, cause);
}

/* ---- all ------------------------------------------------------------------------------------- */

static struct report_group group_of(const struct tally_failure **list, size_t count)
{
    struct report_group group = {
        .list = list, .count = count, .domain = list[0]->domain, .mx = list[0]->mx};

    group.sessions = sessions_of(&group);
    for (size_t i = 0; i < count; i++) {
        if (list[i]->last && (!group.last || list[i]->first < group.first))
            group.first = list[i]->first;
        if (list[i]->last > group.last)
            group.last = list[i]->last;
    }
    return group;
}

static const struct diagnosis *check_of(const struct diagnosis *const *checks, size_t count,
                                        const char *domain)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(checks[i]->facts->domain, domain))
            return checks[i];
    return NULL;
}

/* The most sessions first: the rest is left out beyond the ceiling. */
static int by_sessions(const void *left, const void *right)
{
    const struct report_group *a = left, *b = right;

    if (a->sessions != b->sessions)
        return a->sessions < b->sessions ? 1 : -1;
    return (a->list > b->list) - (a->list < b->list);
}

static void judge_causes(struct rules *r, struct report_view *view,
                         const struct tally_failure **list, size_t count)
{
    struct report_group *groups =
        talloc_array(r->view.mem, struct report_group, (unsigned)count + 1);
    size_t group_count = 0, length;

    if (!groups) {
        r->view.no_memory = true;
        return;
    }
    for (size_t i = 0; i < count; i += length) {
        length = group_length(list + i, count - i, same_group);
        groups[group_count++] = group_of(list + i, length);
    }
    if (group_count)
        qsort(groups, group_count, sizeof(*groups), by_sessions);
    for (size_t i = 0; i < group_count && i < REPORT_FINDINGS_MAX; i++)
        group_finding(r, view->tally, &groups[i]);
    view->left_out = group_count > REPORT_FINDINGS_MAX ? group_count - REPORT_FINDINGS_MAX : 0;
    talloc_free(groups);
}

/* What is said of a failure under whatever policies. */
static void judge_failures(struct rules *r, const struct tally *tally,
                           const struct tally_failure **list, size_t count,
                           const struct diagnosis *const *checks, size_t check_count)
{
    size_t groups = 0, length;

    for (size_t i = 0; i < count && groups++ < REPORT_FINDINGS_MAX; i += length) {
        struct report_group group;
        const struct diagnosis *check;

        length = group_length(list + i, count - i, same_failure);
        group = group_of(list + i, length);
        one_sender_finding(r, tally, &group);
        check = check_of(checks, check_count, group.domain);
        if (check)
            rule_report_live(r, &group, check);
    }
}

static void judge_groups(struct rules *r, struct report_view *view,
                         const struct diagnosis *const *checks, size_t check_count)
{
    const struct names *failures = &view->tally->failures;
    const struct tally_failure **list =
        talloc_array(r->view.mem, const struct tally_failure *, failures->count + 1);

    if (!list) {
        r->view.no_memory = true;
        return;
    }
    for (size_t i = 0; i < failures->count; i++)
        list[i] = names_at(failures, i);
    if (failures->count)
        qsort(list, failures->count, sizeof(*list), by_group);
    judge_causes(r, view, list, failures->count);
    judge_failures(r, view->tally, list, failures->count, checks, check_count);
}

enum sts_status judge_reports(TALLOC_CTX *ctx, const struct tally *tally,
                              const struct diagnosis *const *checks, size_t check_count,
                              int64_t now, struct report_view **ret)
{
    struct report_view *view = talloc_zero(ctx, struct report_view);
    struct rules r = {.view = {.mem = view, .now = now, .posture = POSTURE_ENFORCE}};

    if (!view)
        return STS_E_NOMEM;
    view->tally = tally;
    view->now = now;
    judge_groups(&r, view, checks, check_count);
    for (size_t i = 0; i < check_count; i++) {
        rule_report_stale(&r, tally, checks[i]);
        rule_report_none(&r, tally, checks[i]);
    }
    findings_sort(&r);
    view->findings = r.findings;
    view->finding_count = r.finding_count;
    view->verdict = findings_verdict(r.findings, r.finding_count);
    if (r.view.no_memory || tally->no_memory) {
        talloc_free(view);
        return STS_E_NOMEM;
    }
    *ret = view;
    return STS_OK;
}
