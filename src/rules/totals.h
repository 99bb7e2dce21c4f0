/* SPDX-License-Identifier: MIT */
/* totals.h - how often each verdict, posture, delivery and code came in many diagnoses, and the
 * worst of these. */
#ifndef RULES_TOTALS_H
#define RULES_TOTALS_H

#include "rules/worst.h"

struct totals {
    int64_t domains;
    int64_t verdicts[VERDICT_CRITICAL + 1];
    int64_t postures[POSTURE_COUNT];
    int64_t deliveries[DELIVERY_COUNT];
    int64_t codes[FINDING_COUNT]; /* domains that have the code */
    struct worst worst;
};

void totals_add(struct totals *totals, const struct diagnosis *diagnosis);
void totals_merge(struct totals *totals, const struct totals *other);

#endif
