/* SPDX-License-Identifier: MIT */
/* suffix.h - names below which anybody can register one (the Public Suffix List). */
#ifndef RULES_SUFFIX_H
#define RULES_SUFFIX_H

#include <stdbool.h>

/* Is the name a top-level domain, or one of those a registry sells names below: "com", "co.uk"?
 * Domains of companies that give out names ("github.io") are none.  A-labels or U-labels. */
bool suffix_is_public(const char *name);

#endif
