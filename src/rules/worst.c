/* SPDX-License-Identifier: MIT */
/* worst.c - the worst domains of many. */
#include "rules/worst.h"

#include <stdio.h>
#include <string.h>

static bool is_worse(const struct worst_domain *a, const struct worst_domain *b)
{
    if (a->severity != b->severity)
        return a->severity > b->severity;
    return strcmp(a->domain, b->domain) < 0;
}

/* Into its place; the last one falls out where there are too many.  One that is listed twice comes
 * once. */
static void insert(struct worst *worst, const struct worst_domain *domain)
{
    size_t at = worst->count;

    for (size_t i = 0; i < worst->count; i++)
        if (strcmp(worst->domains[i].domain, domain->domain) == 0)
            return;
    while (at && is_worse(domain, &worst->domains[at - 1]))
        at--;
    if (at == WORST_MAX)
        return;
    if (worst->count < WORST_MAX)
        worst->count++;
    memmove(&worst->domains[at + 1], &worst->domains[at],
            (worst->count - at - 1) * sizeof(worst->domains[0]));
    worst->domains[at] = *domain;
}

void worst_add(struct worst *worst, const struct diagnosis *diagnosis)
{
    struct worst_domain domain = {.verdict = diagnosis->verdict};

    if (diagnosis->verdict == VERDICT_OK || !diagnosis->finding_count)
        return;
    domain.severity = diagnosis->findings[0].severity;
    domain.code = diagnosis->findings[0].code;
    for (size_t i = 1; i < diagnosis->finding_count; i++)
        domain.more += diagnosis->findings[i].severity > SEVERITY_INFO;
    snprintf(domain.domain, sizeof(domain.domain), "%s", diagnosis->facts->domain);
    insert(worst, &domain);
}

void worst_merge(struct worst *worst, const struct worst *other)
{
    for (size_t i = 0; i < other->count; i++)
        insert(worst, &other->domains[i]);
}
