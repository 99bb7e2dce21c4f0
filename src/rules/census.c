/* SPDX-License-Identifier: MIT */
/* census.c - counting diagnoses. */
#include "rules/census.h"

void census_add(struct census *census, const struct diagnosis *diagnosis)
{
    bool has[FINDING_COUNT] = {false};

    census->domains++;
    census->verdicts[diagnosis->verdict]++;
    census->postures[diagnosis->posture]++;
    census->deliveries[diagnosis->delivery]++;
    for (size_t i = 0; i < diagnosis->finding_count; i++)
        has[diagnosis->findings[i].code] = true;
    for (int i = 0; i < FINDING_COUNT; i++)
        census->codes[i] += has[i];
}

static void add_each(int64_t *to, const int64_t *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] += from[i];
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

void census_merge(struct census *census, const struct census *other)
{
    census->domains += other->domains;
    add_each(census->verdicts, other->verdicts, COUNT(census->verdicts));
    add_each(census->postures, other->postures, COUNT(census->postures));
    add_each(census->deliveries, other->deliveries, COUNT(census->deliveries));
    add_each(census->codes, other->codes, COUNT(census->codes));
}
