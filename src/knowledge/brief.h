/* SPDX-License-Identifier: MIT */
/* brief.h - a finding as a clause of the first line: "the certificate of {host} has expired". */
#ifndef KNOWLEDGE_BRIEF_H
#define KNOWLEDGE_BRIEF_H

#include <stddef.h>

#include "rules/rules.h"

/* The clauses for a code, msgids, one by one from at 0; the first whose places all have a value
 * counts.  NULL: no more, so the catalogue's title says it. */
const char *brief_for(enum finding_code code, size_t at);

#endif
