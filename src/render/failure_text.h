/* SPDX-License-Identifier: MIT */
/* failure_text.h - reported failures beside what a check sees of them: for people. */
#ifndef RENDER_FAILURE_TEXT_H
#define RENDER_FAILURE_TEXT_H

#include <talloc.h>

#include "rules/failures_now.h"

/* "still failing (mx-cert-expired)", translated; codes and names are fit to be seen.  Owned by ctx;
 * NULL: no memory. */
char *failure_now_text(TALLOC_CTX *ctx, const struct failure_now *now);

#endif
