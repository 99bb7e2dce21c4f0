/* SPDX-License-Identifier: MIT */
/* severity_text.h - severities and verdicts in words, translated. */
#ifndef RENDER_SEVERITY_TEXT_H
#define RENDER_SEVERITY_TEXT_H

#include <talloc.h>

#include "rules/rules.h"

/* "critical" */
const char *text_severity(enum severity severity);
/* "critical in enforce, high otherwise"; "high" where it is the same in each mode in which it can
 * occur. */
char *text_severities(TALLOC_CTX *ctx, enum severity enforce, enum severity testing,
                      enum severity otherwise);
/* "CRITICAL" */
const char *text_verdict_word(enum verdict verdict);

#endif
