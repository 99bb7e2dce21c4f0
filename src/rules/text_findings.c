/* SPDX-License-Identifier: MIT */
/* text_findings.c - defects of a text (sts_issue) as findings, with the place and the cure. */
#include "rules/text_findings.h"

#include <string.h>

#include "base/ascii.h"

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

/* ---- the text as it should be ---------------------------------------------------------------- */

static const char *lower(struct rules *r, const char *text)
{
    char *copy = talloc_strdup(r->mem, text);

    for (char *c = copy; c && *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    if (!copy)
        r->no_memory = true;
    return copy;
}

/* "mx: NAME" of a name as people write it, with a final dot or beyond ASCII; NULL: it is none. */
static const char *pattern_of(struct rules *r, const char *text)
{
    char name[STS_NAME_SIZE];
    const char *star = strncmp(text, "*.", 2) != 0 ? "" : "*.";

    return sts_name_from_user(text + strlen(star), name) == STS_OK
               ? rule_text(r, "mx: %s%s", star, name)
               : NULL;
}

#define SEPARATORS " \t,;"

/* Each name of "a.example, b.example" in a line of its own. */
static const char *patterns_of_list(struct rules *r, const char *text)
{
    const char *list = NULL;

    for (text += strspn(text, SEPARATORS); *text; text += strspn(text, SEPARATORS)) {
        size_t length = strcspn(text, SEPARATORS);
        const char *one = pattern_of(r, rule_text(r, "%.*s", (int)length, text));

        if (!one)
            return NULL;
        list = rule_list(r, list, one);
        text += length;
    }
    return list;
}

static const char *pattern_of_url(struct rules *r, const char *text)
{
    const char *host = strstr(text, "://");

    if (!host)
        return NULL;
    return pattern_of(r, rule_text(r, "%.*s", (int)strcspn(host + 3, ":/"), host + 3));
}

/* The line that a wrong pattern was meant to be; NULL where that would be guessing. */
static const char *right_pattern(struct rules *r, const char *found, enum sts_issue_reason reason)
{
    switch (reason) {
    case STS_REASON_MX_LEADING_DOT:
        return rule_text(r, "mx: *%s", found);
    case STS_REASON_MX_TRAILING_DOT:
    case STS_REASON_MX_U_LABEL:
        return pattern_of(r, found);
    case STS_REASON_MX_PREFERENCE:
        return pattern_of(r, found + strspn(found, "0123456789 \t"));
    case STS_REASON_MX_LIST:
        return patterns_of_list(r, found);
    case STS_REASON_MX_URL:
        return pattern_of_url(r, found);
    default:
        return NULL;
    }
}

/* Where the value of the id begins, whatever stands around its '='; NULL: nowhere. */
static const char *id_value(const char *text)
{
    const char *id = strstr(text, "id");

    while (id && id > text && ascii_is_alnum((unsigned char)id[-1]))
        id = strstr(id + 1, "id");
    return id ? id + 2 + strspn(id + 2, " \"=") : NULL;
}

/* A record that says what this one was meant to: its id where that is a good one. */
static const char *right_record(struct rules *r, const struct text_source *source)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    const char *text = rule_bytes(r, source->text, source->length);
    const char *id = id_value(text);
    size_t length = id ? strspn(id, alphabet) : 0;

    if (!length || length > 32)
        return NULL;
    return rule_text(r, "v=STSv1; id=%.*s;", (int)length, id);
}

static const char *right_text(struct rules *r, const struct text_source *source,
                              const struct sts_issue *issue, const char *found)
{
    switch (issue->code) {
    case STS_ISSUE_POLICY_MX_INVALID:
        return found ? right_pattern(r, found, issue->reason) : NULL;
    case STS_ISSUE_POLICY_KEY_CASE:
        return found ? lower(r, found) : NULL;
    case STS_ISSUE_POLICY_MODE_INVALID:
        if (issue->reason == STS_REASON_DRAFT_REPORT)
            return "mode: testing";
        return found && issue->reason == STS_REASON_LETTER_CASE
                   ? rule_text(r, "mode: %s", lower(r, found))
                   : NULL;
    case STS_ISSUE_POLICY_VERSION_INVALID:
    case STS_ISSUE_POLICY_VERSION_MISSING:
        return "version: STSv1";
    case STS_ISSUE_RECORD_VERSION_INVALID:
    case STS_ISSUE_RECORD_QUOTED:
    case STS_ISSUE_RECORD_VERSION_SPACING:
    case STS_ISSUE_RECORD_TRAILING_SPACE:
        return right_record(r, source);
    default:
        return NULL;
    }
}

/* ---- findings -------------------------------------------------------------------------------- */

/* Two values of mode: some senders enforce and others do not. */
static bool modes_differ(const struct sts_issue *issue, struct piece line)
{
    struct piece key = key_of(line);

    return issue->code == STS_ISSUE_POLICY_DUPLICATE_FIELD &&
           issue->reason == STS_REASON_DIFFERENT && key.length == 4 && !memcmp(key.data, "mode", 4);
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
        sts_reason_name(issue->reason), "right", right_text(r, source, issue, found), NULL);

    if (source->subject) { /* a record: one line, shown whole */
        finding_param(r, finding, "text", rule_bytes(r, source->text, source->length));
    } else {
        finding_param(r, finding, "line_text", rule_bytes(r, line.data, line.length));
        finding_param(r, finding, "key", rule_bytes(r, key.data, key.length));
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
