/* SPDX-License-Identifier: MIT */
/* advice.h - what to know and to do, for each code. */
#ifndef KNOWLEDGE_ADVICE_H
#define KNOWLEDGE_ADVICE_H

#include "rules/rules.h"

/* All strings are msgids.  A list ends with
 * NULL.  A line in which a place has no parameter in the finding at hand is left out, so a line
 * may be written for one situation only. */
struct advice {
    const char *meaning;         /* what it means for mail, one to three sentences */
    const char *const *causes;   /* usual causes, the most frequent first */
    const char *const *fix;      /* steps, in order */
    const char *const *commands; /* to see it oneself; not translated */
};
const struct advice *advice_for(enum finding_code code);

#endif
