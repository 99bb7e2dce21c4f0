/* SPDX-License-Identifier: MIT */
/* text_findings.c - defects of a text (sts_issue) as findings, with the place and the cure. */
#include "rules/text_findings.h"

#include "sts/issue_parts.h"
#include "sts/policy_key.h"

#define FINDINGS_OF_ONE_CODE 20 /* a page of blank lines is one message, not thousands */

/* Two values of mode: some senders enforce and others do not. */
static bool modes_differ(const struct sts_issue *issue, struct bytes key)
{
    return issue->code == STS_ISSUE_POLICY_DUPLICATE_FIELD &&
           issue->reason == STS_REASON_DIFFERENT && bytes_equal(key, "mode");
}

/* Beside "mode" a "Mode" has no cure but to go; an "MX" beside "mx" was meant. */
static bool is_surplus(const struct sts_issue *issue, struct bytes key)
{
    return issue->code == STS_ISSUE_POLICY_DUPLICATE_FIELD ||
           (issue->code == STS_ISSUE_POLICY_EXTENSION_UNKNOWN && policy_key_meant(key) != KEY_MX);
}

/* The line or record as it should be; NULL where nothing is wrong with it, or nothing to be said.
 */
static const char *right_text(struct rules *r, const struct text_source *source,
                              const struct sts_issue *issue, const struct issue_parts *parts)
{
    struct bytes line = parts->line;
    const char *right = NULL;

    if (source->subject)
        right = issue->code >= STS_ISSUE_TLSRPT_VERSION_INVALID ? record_right_tlsrpt(r, source)
                                                                : record_right_sts(r, source);
    else if (!is_surplus(issue, parts->key))
        right = text_right_line(r, line.data, line.length);
    return right && bytes_equal(line, right) ? NULL : right;
}

static void text_finding(struct rules *r, const struct text_source *source,
                         const struct sts_issue *issue)
{
    struct issue_parts parts = issue_parts(issue, (struct bytes){source->text, source->length});
    struct bytes found = parts.found;
    const char *subject = source->subject ? source->subject : rule_text(r, "line %u", issue->line);
    struct finding *finding = finding_add(
        r, text_finding_codes[issue->code], subject, sts_issue_sentence(issue->code, issue->reason),
        "line", rule_number(r, issue->line), "column", rule_number(r, issue->column), "found",
        found.length ? rule_bytes(r, found.data, found.length) : "", "reason",
        sts_reason_name(issue->reason), "right", right_text(r, source, issue, &parts), "character",
        parts.character, NULL);

    if (source->subject) { /* a record: one line, shown whole */
        finding_param(r, finding, "text", rule_bytes(r, source->text, source->length));
    } else {
        finding_param(r, finding, "line_text", rule_bytes(r, parts.line.data, parts.line.length));
        finding_param(r, finding, "key", rule_bytes(r, parts.key.data, parts.key.length));
        if (parts.wanted)
            finding_param(r, finding, "wanted", parts.wanted);
    }
    finding->line = issue->line;
    finding->column = issue->column;
    finding->length = (int64_t)issue->length;
    if (modes_differ(issue, parts.key))
        finding->severity = SEVERITY_HIGH;
}

void text_findings(struct rules *r, const struct text_source *source,
                   const struct sts_issue *issues, size_t count)
{
    unsigned seen[STS_ISSUE_COUNT] = {0};

    for (size_t i = 0; i < count; i++)
        if (seen[issues[i].code]++ < FINDINGS_OF_ONE_CODE)
            text_finding(r, source, &issues[i]);
}
