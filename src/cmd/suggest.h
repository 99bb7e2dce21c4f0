/* SPDX-License-Identifier: MIT */
/* suggest.h - "did you mean", said on standard error. */
#ifndef CMD_SUGGEST_H
#define CMD_SUGGEST_H

#include "base/suggest.h"

/* One line on standard error: what is wrong, then what was perhaps meant, each name behind
 * `prefix`; where nothing is near, `otherwise` (NULL: nothing).  EXIT_USAGE. */
int suggest_usage(const struct suggestion *suggestion, const char *prefix, const char *wrong,
                  const char *otherwise);

#endif
