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

#endif
