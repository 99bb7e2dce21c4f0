/* SPDX-License-Identifier: MIT */
/* text_findings.h - the sentence for each way in which a text can be wrong (rule_text_rows.c). */
#ifndef RULES_TEXT_FINDINGS_H
#define RULES_TEXT_FINDINGS_H

#include "rules/rule.h"

struct text_row {
    enum sts_issue_code code;
    enum sts_issue_reason reason; /* NONE: any other */
    enum finding_code finding;
    const char *detail; /* NULL ends the table */
};
extern const struct text_row text_rows[];

/* What was meant, from the whole of what stands there; NULL where that would be a guess. */
const char *text_right_line(struct rules *r, const char *data, size_t length);
const char *record_right_sts(struct rules *r, const struct text_source *source);
const char *record_right_tlsrpt(struct rules *r, const struct text_source *source);

#endif
