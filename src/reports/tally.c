/* SPDX-License-Identifier: MIT */
/* tally.c - what reports come to together: by domain, sender, MX host, day, policy, result. */
#include "reports/tally_work.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "sts/report.h"

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

const char *texts_get(struct names *texts, const char *text)
{
    const char *const *found = text && *text ? names_get(texts, text) : NULL;

    return found ? *found : "";
}

const char *tally_keep(const struct tally_entry *entry, const char *text)
{
    return texts_get(entry->tally->texts, text);
}

static struct tally_count *count(struct names *names, const char *name, int64_t successful,
                                 int64_t failed)
{
    struct tally_count *found = names_get(names, name);

    if (!found)
        return NULL;
    found->successful = report_sum(found->successful, successful);
    found->failed = report_sum(found->failed, failed);
    found->reports++;
    return found;
}

struct tally_count *tally_count_sender(struct names *names, const struct tally_entry *entry,
                                       int64_t successful, int64_t failed)
{
    struct tally_count *found = count(names, entry->sender, successful, failed);

    if (!found || !entry->dated)
        return found;
    if (!found->last || entry->begin < found->first)
        found->first = entry->begin;
    if (entry->end > found->last)
        found->last = entry->end;
    return found;
}

/* ---- failures -------------------------------------------------------------------------------- */

static void extend(struct tally_failure *failure, const struct tally_entry *entry)
{
    if (!entry->dated)
        return;
    if (!failure->last || entry->begin < failure->first)
        failure->first = entry->begin;
    if (entry->end > failure->last)
        failure->last = entry->end;
}

static void add_value(const struct tally_entry *entry, struct tally_values *values,
                      const char *value)
{
    if (!value)
        return;
    for (size_t i = 0; i < values->count; i++)
        if (!strcmp(values->list[i], value))
            return;
    if (values->count < REPORTS_VALUES_MAX)
        values->list[values->count++] = tally_keep(entry, value);
}

static void take_failure(struct tally_entry *entry, const struct sts_report_policy *policy,
                         const struct tally_used *used, const struct sts_report_detail *detail)
{
    struct tally_failure failure = {
        .domain = or_empty(policy->recipient),
        .mx = or_empty(detail->mx),
        .result_type = or_empty(detail->result_type),
        .sender = entry->sender,
        .reason = or_empty(detail->reason),
    };
    char *name = talloc_asprintf(entry->tally, "%s\n%s\n%s\n%s\n%s\n%s", failure.domain, failure.mx,
                                 failure.result_type, failure.sender, failure.reason, used->name);
    struct tally_failure *found = name ? names_get(&entry->tally->failures, name) : NULL;

    talloc_free(name);
    if (!found)
        return;
    if (!found->domain) {
        *found = (struct tally_failure){.name = found->name,
                                        .domain = tally_keep(entry, failure.domain),
                                        .mx = tally_keep(entry, failure.mx),
                                        .result_type = tally_keep(entry, failure.result_type),
                                        .policy_type = or_empty(used->policy->type),
                                        .sender = failure.sender,
                                        .reason = tally_keep(entry, failure.reason),
                                        .info = tally_keep(entry, detail->info),
                                        .policy = used->policy};
    }
    add_value(entry, &found->sending_ips, detail->sending_ip);
    add_value(entry, &found->receiving_ips, detail->receiving_ip);
    found->sessions = report_sum(found->sessions, detail->sessions);
    extend(found, entry);
}

static void count_day_type(struct tally_entry *entry, const struct sts_report_detail *detail)
{
    char *name = talloc_asprintf(entry->tally, "%s %s", entry->day, or_empty(detail->result_type));

    if (name)
        count(&entry->tally->day_types, name, 0, detail->sessions);
    else
        entry->tally->no_memory = true;
    talloc_free(name);
}

static void take_details(struct tally_entry *entry, struct tally_domain *domain,
                         const struct sts_report_policy *policy, const struct tally_used *used)
{
    struct sts_report_detail rest = {.sessions = policy->failed};

    for (size_t i = 0; i < policy->detail_count; i++) {
        const struct sts_report_detail *detail = &policy->details[i];

        take_failure(entry, policy, used, detail);
        count_day_type(entry, detail);
        count(&entry->tally->result_types, or_empty(detail->result_type), 0, detail->sessions);
        count(&domain->result_types, or_empty(detail->result_type), 0, detail->sessions);
        if (detail->mx)
            count(&domain->mx, detail->mx, 0, detail->sessions);
        rest.sessions -= detail->sessions < rest.sessions ? detail->sessions : rest.sessions;
    }
    if (rest.sessions) { /* failures of which nothing else is told */
        take_failure(entry, policy, used, &rest);
        count_day_type(entry, &rest);
    }
}

/* ---- domains --------------------------------------------------------------------------------- */

struct tally_domain *tally_domain_of(struct tally *tally, const char *name)
{
    struct tally_domain *domain = names_get(&tally->domains, name);

    if (domain && !domain->senders.ctx) {
        names_begin(&domain->senders, tally, sizeof(struct tally_count));
        names_begin(&domain->mx, tally, sizeof(struct tally_count));
        names_begin(&domain->days, tally, sizeof(struct tally_count));
        names_begin(&domain->result_types, tally, sizeof(struct tally_count));
        names_begin(&domain->policy_types, tally, sizeof(struct tally_count));
    }
    return domain;
}

/* What a report tells of one domain. */
struct told {
    const char *name;
    struct report_sessions sessions;
};

static void take_sessions(struct tally_entry *entry, const struct told *told)
{
    struct tally *tally = entry->tally;
    int64_t successful = report_sessions_total(told->sessions.successful);
    int64_t failed = report_sessions_total(told->sessions.failed);
    struct tally_domain *domain = tally_domain_of(tally, told->name);

    if (!domain)
        return;
    domain->successful = report_sum(domain->successful, successful);
    domain->failed = report_sum(domain->failed, failed);
    domain->reports++;
    tally->successful = report_sum(tally->successful, successful);
    tally->failed = report_sum(tally->failed, failed);
    tally_count_sender(&domain->senders, entry, successful, failed);
    count(&domain->days, entry->day, successful, failed);
    count(&tally->senders, entry->sender, successful, failed);
    count(&tally->days, entry->day, successful, failed);
}

static void take_domain_policy(struct tally_entry *entry, const struct sts_report_policy *policy,
                               struct names *sessions)
{
    struct tally_domain *domain = tally_domain_of(entry->tally, or_empty(policy->recipient));
    struct told *told = names_get(sessions, or_empty(policy->recipient));
    const struct tally_used *used = tally_keep_policy(entry, policy);
    const char *type = or_empty(policy->type);

    if (!domain || !told || !used)
        return;
    report_sessions_add(&told->sessions, type, policy->successful, policy->failed);
    domain->inferred |= policy->domain_source != STS_DOMAIN_STATED;
    count(&entry->tally->policy_types, type, policy->successful, policy->failed);
    count(&domain->policy_types, type, policy->successful, policy->failed);
    take_details(entry, domain, policy, used);
    tally_take_policy(entry, policy, used);
}

/* ---- reports --------------------------------------------------------------------------------- */

static void take_range(struct tally_entry *entry)
{
    struct tally *tally = entry->tally;

    if (!entry->dated)
        return;
    if (!tally->range_known || entry->begin < tally->from)
        tally->from = entry->begin;
    if (!tally->range_known || entry->end > tally->to)
        tally->to = entry->end;
    tally->range_known = true;
}

void tally_add_trust(struct tally *tally, const char *sender, const char *trust)
{
    char *name = talloc_asprintf(tally, "%s\n%s", sender, trust);
    struct tally_trust *found = name ? names_get(&tally->trusts, name) : NULL;

    talloc_free(name);
    if (!found)
        return;
    found->sender = sender;
    found->trust = trust;
    found->reports++;
}

const char *tally_sender(const struct sts_report *report)
{
    const char *organization = sts_report_organization(report);

    return organization ? organization : or_empty(sts_report_sender(report));
}

void tally_add(struct tally *tally, const struct sts_report *report)
{
    struct tally_entry entry = {.tally = tally, .day = ""};
    char day[CLOCK_TEXT_SIZE];
    size_t count;
    const struct sts_report_policy *policies = sts_report_policies(report, &count);
    struct names sessions; /* struct told */

    names_begin(&sessions, talloc_new(tally), sizeof(struct told));
    entry.sender = tally_keep(&entry, tally_sender(report));
    entry.dated = sts_report_range(report, &entry.begin, &entry.end);
    if (entry.dated) {
        clock_format(entry.begin, day);
        day[strcspn(day, "T")] = '\0';
        entry.day = day;
    }
    tally->reports++;
    tally->undated += !entry.dated;
    take_range(&entry);
    for (size_t i = 0; i < count; i++)
        take_domain_policy(&entry, &policies[i], &sessions);
    for (size_t i = 0; i < sessions.count; i++)
        take_sessions(&entry, names_at(&sessions, i));
    tally->no_memory |= sessions.no_memory;
    talloc_free(sessions.ctx);
}

static int by_name(const void *left, const void *right)
{
    const char *const *const *a = left, *const *const *b = right;

    return strcmp(**a, **b);
}

const struct tally_count **tally_sorted(TALLOC_CTX *ctx, const struct names *counts)
{
    const struct tally_count **list =
        talloc_array(ctx, const struct tally_count *, counts->count + 1);

    for (size_t i = 0; list && i < counts->count; i++)
        list[i] = names_at(counts, i);
    if (list && counts->count)
        qsort(list, counts->count, sizeof(*list), by_name);
    return list;
}

static int by_failures(const void *left, const void *right)
{
    const struct tally_count *const *a = left, *const *b = right;

    if ((*a)->failed != (*b)->failed)
        return (*a)->failed < (*b)->failed ? 1 : -1;
    if ((*a)->successful != (*b)->successful)
        return (*a)->successful < (*b)->successful ? 1 : -1;
    return strcmp((*a)->name, (*b)->name);
}

const struct tally_count **tally_worst(TALLOC_CTX *ctx, const struct names *counts)
{
    const struct tally_count **list = tally_sorted(ctx, counts);

    if (list && counts->count)
        qsort(list, counts->count, sizeof(*list), by_failures);
    return list;
}

bool tally_ran_out(const struct tally *tally)
{
    bool none = tally->domains.no_memory || tally->result_types.no_memory ||
                tally->policy_types.no_memory || tally->senders.no_memory ||
                tally->days.no_memory || tally->day_types.no_memory || tally->failures.no_memory ||
                tally->policies.no_memory || tally->trusts.no_memory || tally->none.no_memory ||
                tally->used.no_memory || tally->texts->no_memory;

    for (size_t i = 0; i < tally->domains.count; i++) {
        const struct tally_domain *domain = names_at(&tally->domains, i);

        none |= domain->senders.no_memory || domain->mx.no_memory || domain->days.no_memory ||
                domain->result_types.no_memory || domain->policy_types.no_memory;
    }
    return none;
}

struct tally *tally_new(TALLOC_CTX *ctx, struct names *texts)
{
    struct tally *tally = talloc_zero(ctx, struct tally);

    if (!tally)
        return NULL;
    tally->texts = texts;
    names_begin(&tally->domains, tally, sizeof(struct tally_domain));
    names_begin(&tally->result_types, tally, sizeof(struct tally_count));
    names_begin(&tally->policy_types, tally, sizeof(struct tally_count));
    names_begin(&tally->senders, tally, sizeof(struct tally_count));
    names_begin(&tally->days, tally, sizeof(struct tally_count));
    names_begin(&tally->day_types, tally, sizeof(struct tally_count));
    names_begin(&tally->failures, tally, sizeof(struct tally_failure));
    names_begin(&tally->policies, tally, sizeof(struct tally_policy));
    names_begin(&tally->none, tally, sizeof(struct tally_policy));
    names_begin(&tally->trusts, tally, sizeof(struct tally_trust));
    names_begin(&tally->used, tally, sizeof(struct tally_used));
    return tally;
}
