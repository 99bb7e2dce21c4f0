/* SPDX-License-Identifier: MIT */
/* rule_partial.c - what a check left out because of its own ceilings. */
#include <stdio.h>

#include "rules/rule.h"

struct count {
    size_t looked, total;
    const char *host; /* the first of which something was left out */
};

static size_t records(const struct dns_answer *answer)
{
    return answer ? answer->record_count : 0;
}

static void add(struct rules *r, const struct count *count, const char *text)
{
    char looked[24], total[24];
    struct finding *finding;

    if (count->looked >= count->total)
        return;
    snprintf(looked, sizeof looked, "%zu", count->looked);
    snprintf(total, sizeof total, "%zu", count->total);
    finding = finding_add(r, FINDING_CHECK_PARTIAL, r->view.facts->domain, text, "looked", looked,
                          "total", total, NULL);
    finding_param(r, finding, "host", count->host);
}

static void policy_addresses(struct rules *r)
{
    const struct policy_host *host = &r->view.facts->policy_host;
    const struct count count = {host->fetch_count, records(host->a) + records(host->aaaa),
                                host->name};

    if (host->addresses_omitted)
        add(r, &count, N_("The check covered only {looked} of the {total} addresses of {host}."));
}

static void mx_addresses(struct rules *r)
{
    struct count count = {0};

    for (size_t i = 0; i < r->view.facts->mx_count; i++) {
        const struct mx_host *host = &r->view.facts->mx[i];

        if (!host->addresses_omitted)
            continue;
        if (!count.host)
            count.host = host->name;
        count.looked += host->session_count;
        count.total += records(host->a) + records(host->aaaa);
    }
    add(r, &count,
        N_("The check covered only {looked} of the {total} addresses of the MX hosts ({host})."));
}

static void mx_hosts(struct rules *r)
{
    const struct dns_answer *answer = r->view.facts->mx_answer;
    const struct count count = {r->view.facts->mx_count, records(answer), NULL};

    if (r->view.facts->mx_omitted)
        add(r, &count, N_("The check covered only {looked} of the {total} MX records."));
}

static void budget(struct rules *r)
{
    if (r->view.facts->budget_reached)
        finding_add(r, FINDING_CHECK_PARTIAL, r->view.facts->domain,
                    N_("The check was stopped early because TLS with the domain's servers took too "
                       "much processor time."),
                    NULL)
            ->severity = SEVERITY_UNKNOWN;
}

/* What was cut off by it is no finding of any rule. */
static void interrupted(struct rules *r)
{
    if (r->view.facts->interrupted)
        finding_add(r, FINDING_CHECK_INTERRUPTED, r->view.facts->domain,
                    N_("The check was interrupted before it was complete. Only what it had "
                       "observed by then was evaluated."),
                    NULL);
}

void rule_partial(struct rules *r)
{
    interrupted(r);
    budget(r);
    mx_hosts(r);
    mx_addresses(r);
    policy_addresses(r);
}
