/* SPDX-License-Identifier: MIT */
/* text_findings.h - the finding for each kind of defect of a text (rule_text_rows.c). */
#ifndef RULES_TEXT_FINDINGS_H
#define RULES_TEXT_FINDINGS_H

#include "rules/rule.h"

extern const enum finding_code text_finding_codes[STS_ISSUE_COUNT];

/* What was meant, from the whole of what stands there; NULL where that would be a guess. */
const char *text_right_line(struct rules *r, const char *data, size_t length);
const char *record_right_sts(struct rules *r, const struct text_source *source);
const char *record_right_tlsrpt(struct rules *r, const struct text_source *source);

/* The whole policy, by lines; NULL where a line of it, or a field that is missing, would be a
 * guess.
 */
const char *policy_repaired(struct rules *r, const char *text, size_t length);

#endif
