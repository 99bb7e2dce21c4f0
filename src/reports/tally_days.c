/* SPDX-License-Identifier: MIT */
/* tally_days.c - totals of what was counted before, a day of a sender at a time. */
#include "reports/tally_work.h"
#include "sts/report.h"

static struct tally_entry entry_of(struct tally *tally, const struct tally_day *day)
{
    struct tally_entry entry = {
        .tally = tally, .day = "", .begin = day->begins, .end = day->ends, .dated = true};

    entry.sender = tally_keep(&entry, day->sender);
    return entry;
}

void tally_add_day(struct tally *tally, const struct tally_day *day)
{
    const struct tally_entry entry = entry_of(tally, day);
    struct tally_domain *domain = tally_domain_of(tally, day->domain);
    struct tally_count *sender =
        domain ? tally_count_sender(&domain->senders, &entry, day->successful, day->failed) : NULL;

    if (!sender)
        return;
    sender->reports += day->reports - 1;
    domain->reports += day->reports;
    domain->successful = report_sum(domain->successful, day->successful);
    domain->failed = report_sum(domain->failed, day->failed);
    tally->reports += day->reports;
    tally->successful = report_sum(tally->successful, day->successful);
    tally->failed = report_sum(tally->failed, day->failed);
}

void tally_add_policy(struct tally *tally, const struct tally_day *day,
                      const struct sts_report_policy *policy)
{
    const struct tally_entry entry = entry_of(tally, day);
    const struct tally_used *used = tally_keep_policy(&entry, policy);

    if (used)
        tally_take_policy(&entry, policy, used);
}

static void keep_values(const struct tally_entry *entry, struct tally_values *values)
{
    for (size_t i = 0; i < values->count; i++)
        values->list[i] = tally_keep(entry, values->list[i]);
}

/* Its name is told apart by whoever counted it. */
void tally_add_failure(struct tally *tally, const struct tally_failure *failure)
{
    const struct tally_entry entry = {.tally = tally};
    const struct tally_used *used = tally_keep_policy(&entry, failure->policy);
    struct tally_failure *made = used ? names_get(&tally->failures, failure->name) : NULL;
    const char *name = made ? made->name : NULL;

    if (!made)
        return;
    *made = *failure;
    made->name = name;
    made->domain = tally_keep(&entry, failure->domain);
    made->mx = tally_keep(&entry, failure->mx);
    made->result_type = tally_keep(&entry, failure->result_type);
    made->sender = tally_keep(&entry, failure->sender);
    made->reason = tally_keep(&entry, failure->reason);
    made->info = tally_keep(&entry, failure->info);
    made->policy = used->policy;
    made->policy_type = used->policy->type ? used->policy->type : "";
    keep_values(&entry, &made->sending_ips);
    keep_values(&entry, &made->receiving_ips);
}
