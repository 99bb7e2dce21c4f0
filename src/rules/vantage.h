/* SPDX-License-Identifier: MIT */
/* vantage.h - what the observer's own place hides, in words.
 *
 * What cannot be seen from here says nothing of a domain: a rule asks vantage_state() (facts.h)
 * before it takes silence for a fault. */
#ifndef RULES_VANTAGE_H
#define RULES_VANTAGE_H

#include "rules/rules.h"

/* Is the finding about the observer's own place, and not about the domain? */
bool finding_is_of_place(enum finding_code code);

/* One point as `selftest` tells it. */
struct vantage_view {
    enum vantage_name name;
    enum vantage_state state;
    enum severity severity; /* NONE: all is well; LOW: it matters little; UNKNOWN */
    const char *sentence;   /* msgid, with the place {detail} where params has it */
    struct param params[1];
    size_t param_count;
};

/* All points, in their order. */
void vantage_views(const struct facts *facts, struct vantage_view views[VANTAGE_COUNT]);

#endif
