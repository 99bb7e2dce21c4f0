/* SPDX-License-Identifier: MIT */
/* policy_lines.c - cutting a policy text into lines. */
#include "sts/policy_lines.h"

#include "base/ascii.h"

#define UTF8_BOM "\xef\xbb\xbf"

struct sts_issue policy_lines_place(const struct line *line, enum sts_issue_code code,
                                    enum sts_issue_reason reason, size_t at, size_t length)
{
    return (struct sts_issue){.code = code,
                              .reason = reason,
                              .offset = line->offset + at,
                              .length = length,
                              .line = line->number,
                              .column = (unsigned)(line->indent + at) + 1};
}

/* With its mark, or without it: every other byte of the beginning is NUL. */
static bool is_utf16(struct bytes text)
{
    if (bytes_begin(text, "\xff\xfe") || bytes_begin(text, "\xfe\xff"))
        return true;
    return text.length >= 4 && (!text.data[0] != !text.data[1]) && !text.data[0] == !text.data[2] &&
           !text.data[1] == !text.data[3];
}

/* The line and column of an offset; only for the few issues of the whole text. */
static struct line line_of(struct bytes text, size_t offset)
{
    struct line line = {.number = 1};

    for (size_t i = 0; i < offset; i++)
        if (text.data[i] == '\n') {
            line.number++;
            line.offset = i + 1;
        }
    return line;
}

static bool is_nothing_of_ours(struct issues *issues, struct bytes text, size_t skip)
{
    struct bytes rest = bytes_trim(bytes_from(text, skip));
    enum sts_issue_code code = STS_ISSUE_POLICY_LINE_MALFORMED;
    enum sts_issue_reason reason = STS_REASON_NONE;
    size_t at = 0, length = 1;

    if (!rest.length) {
        code = STS_ISSUE_POLICY_EMPTY;
        length = text.length;
    } else if (rest.data[0] == '<') {
        code = STS_ISSUE_POLICY_HTML;
        at = (size_t)(rest.data - text.data);
    } else if (rest.data[0] == '{') {
        reason = STS_REASON_JSON;
        at = (size_t)(rest.data - text.data);
    } else {
        return false;
    }
    struct line line = line_of(text, at);

    issues_add(issues, policy_lines_place(&line, code, reason, at - line.offset, length));
    return true;
}

bool policy_lines_open(struct policy_lines *lines, struct issues *issues, struct bytes text)
{
    struct line first = {.number = 1};

    *lines = (struct policy_lines){.text = text, .issues = issues, .number = 1};
    if (is_utf16(text)) {
        issues_add(issues,
                   policy_lines_place(&first, STS_ISSUE_POLICY_BOM, STS_REASON_UTF16, 0, 2));
        return false;
    }
    if (bytes_begin(text, UTF8_BOM)) {
        lines->at = sizeof(UTF8_BOM) - 1;
        issues_add(issues,
                   policy_lines_place(&first, STS_ISSUE_POLICY_BOM, STS_REASON_NONE, 0, lines->at));
    }
    return !is_nothing_of_ours(issues, text, lines->at);
}

/* The length of what ends a line here: 0 nothing, and whether it is a CR without its LF. */
static size_t line_end(struct bytes rest, bool *ret_bare)
{
    size_t crs = 0;

    while (crs < rest.length && rest.data[crs] == '\r')
        crs++;
    if (crs < rest.length && rest.data[crs] == '\n') {
        *ret_bare = crs > 1;
        return crs + 1;
    }
    *ret_bare = crs > 0;
    return crs;
}

bool policy_lines_next(struct policy_lines *lines, struct line *ret_line)
{
    struct bytes rest = bytes_from(lines->text, lines->at);
    struct line line = {.text = rest, .offset = lines->at, .number = lines->number};
    size_t length = 0, end;
    bool bare;

    if (!rest.length)
        return false;
    if (lines->number == 1)
        line.indent = lines->at;
    while (length < line.text.length && line.text.data[length] != '\n' &&
           line.text.data[length] != '\r')
        length++;
    end = line_end(bytes_from(line.text, length), &bare);
    if (bare)
        issues_add(lines->issues,
                   policy_lines_place(&line, STS_ISSUE_POLICY_BARE_CR, STS_REASON_NONE, length, 1));
    line.text.length = length;
    lines->at = line.offset + length + end;
    lines->number++;
    *ret_line = line;
    return true;
}
