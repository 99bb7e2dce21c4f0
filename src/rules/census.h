/* SPDX-License-Identifier: MIT */
/* census.h - how often each verdict, posture, delivery and code came in many diagnoses. */
#ifndef RULES_CENSUS_H
#define RULES_CENSUS_H

#include "rules/rules.h"

struct census {
    int64_t domains;
    int64_t verdicts[VERDICT_CRITICAL + 1];
    int64_t postures[POSTURE_COUNT];
    int64_t deliveries[DELIVERY_COUNT];
    int64_t codes[FINDING_COUNT]; /* domains that have the code */
};

void census_add(struct census *census, const struct diagnosis *diagnosis);
void census_merge(struct census *census, const struct census *other);

#endif
