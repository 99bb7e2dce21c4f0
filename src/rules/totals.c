/* SPDX-License-Identifier: MIT */
/* totals.c - counting diagnoses. */
#include "rules/totals.h"

void totals_add(struct totals *totals, const struct diagnosis *diagnosis)
{
    bool has[FINDING_COUNT] = {false};

    totals->domains++;
    totals->verdicts[diagnosis->verdict]++;
    totals->postures[diagnosis->posture]++;
    totals->deliveries[diagnosis->delivery]++;
    for (size_t i = 0; i < diagnosis->finding_count; i++)
        has[diagnosis->findings[i].code] = true;
    for (int i = 0; i < FINDING_COUNT; i++)
        totals->codes[i] += has[i];
    worst_add(&totals->worst, diagnosis);
}

static void add_each(int64_t *to, const int64_t *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] += from[i];
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

void totals_merge(struct totals *totals, const struct totals *other)
{
    totals->domains += other->domains;
    add_each(totals->verdicts, other->verdicts, COUNT(totals->verdicts));
    add_each(totals->postures, other->postures, COUNT(totals->postures));
    add_each(totals->deliveries, other->deliveries, COUNT(totals->deliveries));
    add_each(totals->codes, other->codes, COUNT(totals->codes));
    worst_merge(&totals->worst, &other->worst);
}
