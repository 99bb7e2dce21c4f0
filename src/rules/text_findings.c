/* SPDX-License-Identifier: MIT */
/* text_findings.c - defects of a text (sts_issue) as findings, with the place and the cure. */
#include "rules/text_findings.h"

#include <string.h>

#include "base/hidden.h"
#include "sts/policy_key.h"

#define FINDINGS_OF_ONE_CODE 20 /* a page of blank lines is one message, not thousands */

/* The first row whose code fits and whose reason fits or is NONE. */
static const struct text_row *row_of(const struct sts_issue *issue)
{
    const struct text_row *row = text_rows;

    while (row->code != issue->code ||
           (row->reason != STS_REASON_NONE && row->reason != issue->reason))
        if (!(++row)->detail)
            return NULL;
    return row;
}

/* ---- pieces of the text ---------------------------------------------------------------------- */

struct piece {
    const char *data;
    size_t length;
};

static bool ends_line(char c)
{
    return c == '\n' || c == '\r';
}

/* The line that holds the offset, without its end. */
static struct piece line_at(const struct text_source *source, size_t offset)
{
    size_t begin = offset > source->length ? source->length : offset, end = begin;

    while (begin && !ends_line(source->text[begin - 1]))
        begin--;
    while (end < source->length && !ends_line(source->text[end]))
        end++;
    return (struct piece){source->text + begin, end - begin};
}

static const char *found_text(struct rules *r, const struct text_source *source,
                              const struct sts_issue *issue)
{
    size_t left = issue->offset < source->length ? source->length - issue->offset : 0;
    size_t length = issue->length < left ? issue->length : left;

    return length ? rule_bytes(r, source->text + issue->offset, length) : NULL;
}

/* The key of a policy line: what stands before the colon, without blanks. */
static struct piece key_of(struct piece line)
{
    const char *colon = memchr(line.data, ':', line.length);

    if (!colon)
        return (struct piece){line.data, 0};
    line.length = (size_t)(colon - line.data);
    while (line.length && (*line.data == ' ' || *line.data == '\t'))
        line.data++, line.length--;
    while (line.length && (line.data[line.length - 1] == ' ' || line.data[line.length - 1] == '\t'))
        line.length--;
    return line;
}

/* ---- findings -------------------------------------------------------------------------------- */

/* Two values of mode: some senders enforce and others do not. */
static bool modes_differ(const struct sts_issue *issue, struct piece line)
{
    struct piece key = key_of(line);

    return issue->code == STS_ISSUE_POLICY_DUPLICATE_FIELD &&
           issue->reason == STS_REASON_DIFFERENT && key.length == 4 && !memcmp(key.data, "mode", 4);
}

/* Beside "mode" a "Mode" has no cure but to go; an "MX" beside "mx" was meant. */
static bool is_surplus(const struct sts_issue *issue, struct piece key)
{
    return issue->code == STS_ISSUE_POLICY_DUPLICATE_FIELD ||
           (issue->code == STS_ISSUE_POLICY_EXTENSION_UNKNOWN &&
            policy_key_meant((struct bytes){key.data, key.length}) != KEY_MX);
}

/* The line or record as it should be; NULL where nothing is wrong with it, or nothing to be said.
 */
static const char *right_text(struct rules *r, const struct text_source *source,
                              const struct sts_issue *issue, struct piece line, struct piece key)
{
    const char *right = NULL;

    if (source->subject)
        right = issue->code >= STS_ISSUE_TLSRPT_VERSION_INVALID ? record_right_tlsrpt(r, source)
                                                                : record_right_sts(r, source);
    else if (!is_surplus(issue, key))
        right = text_right_line(r, line.data, line.length);
    if (right && strlen(right) == line.length && !memcmp(right, line.data, line.length))
        return NULL;
    return right;
}

/* The name of the field that a line was meant to be, where it is not that. */
static const char *wanted_key(const struct sts_issue *issue, struct piece key)
{
    enum policy_key meant = policy_key_meant((struct bytes){key.data, key.length});

    return (issue->reason == STS_REASON_KEY_TYPO || issue->reason == STS_REASON_LETTER_CASE) &&
                   meant != KEY_UNKNOWN
               ? policy_key_name(meant)
               : NULL;
}

static const char *character_name(const struct text_source *source, const struct sts_issue *issue)
{
    size_t at = issue->offset < source->length ? issue->offset : source->length;
    const struct hidden *hidden = hidden_at((struct bytes){source->text + at, source->length - at});

    return hidden ? hidden->name : NULL;
}

static void text_finding(struct rules *r, const struct text_source *source,
                         const struct sts_issue *issue, const struct text_row *row)
{
    struct piece line = line_at(source, issue->offset), key = key_of(line);
    const char *found = found_text(r, source, issue);
    const char *subject = source->subject ? source->subject : rule_text(r, "line %u", issue->line);
    struct finding *finding = finding_add(
        r, row->finding, subject, row->detail, "line", rule_number(r, issue->line), "column",
        rule_number(r, issue->column), "found", found ? found : "", "reason",
        sts_reason_name(issue->reason), "right", right_text(r, source, issue, line, key),
        "character", character_name(source, issue), NULL);

    if (source->subject) { /* a record: one line, shown whole */
        finding_param(r, finding, "text", rule_bytes(r, source->text, source->length));
    } else {
        finding_param(r, finding, "line_text", rule_bytes(r, line.data, line.length));
        finding_param(r, finding, "key", rule_bytes(r, key.data, key.length));
        if (wanted_key(issue, key))
            finding_param(r, finding, "wanted", wanted_key(issue, key));
    }
    finding->line = issue->line;
    finding->column = issue->column;
    if (modes_differ(issue, line))
        finding->severity = SEVERITY_HIGH;
}

void text_findings(struct rules *r, const struct text_source *source,
                   const struct sts_issue *issues, size_t count)
{
    unsigned seen[STS_ISSUE_COUNT] = {0};

    for (size_t i = 0; i < count; i++) {
        const struct text_row *row = row_of(&issues[i]);

        if (row && seen[issues[i].code]++ < FINDINGS_OF_ONE_CODE)
            text_finding(r, source, &issues[i], row);
    }
}
