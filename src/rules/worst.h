/* SPDX-License-Identifier: MIT */
/* worst.h - of many diagnoses the domains that need somebody most. */
#ifndef RULES_WORST_H
#define RULES_WORST_H

#include <mtasts/match.h>

#include "rules/rules.h"

#define WORST_MAX 10

struct worst_domain {
    char domain[STS_NAME_SIZE];
    enum verdict verdict;
    enum severity severity; /* of its worst finding, ... */
    enum finding_code code; /* ... which that is, ... */
    size_t more;            /* ... and how many others there are above a note */
};

/* By severity, then by name.  Begins as zeros; holds no memory, so that it may cross threads. */
struct worst {
    struct worst_domain domains[WORST_MAX];
    size_t count;
};

/* Passes over what is ok. */
void worst_add(struct worst *worst, const struct diagnosis *diagnosis);
void worst_merge(struct worst *worst, const struct worst *other);

#endif
