/* SPDX-License-Identifier: MIT */
/* issue_parts.c - the parts of a text that the sentence about one of its issues shows. */
#include "sts/issue_parts.h"

#include "base/ascii.h"
#include "base/hidden.h"
#include "sts/policy_key.h"

static bool ends_line(char c)
{
    return c == '\n' || c == '\r';
}

static struct bytes line_at(struct bytes text, size_t offset)
{
    size_t begin = offset, end = offset;

    while (begin && !ends_line(text.data[begin - 1]))
        begin--;
    while (end < text.length && !ends_line(text.data[end]))
        end++;
    return (struct bytes){text.data + begin, end - begin};
}

static struct bytes key_of(struct bytes line)
{
    long colon = bytes_find_char(line, ':');

    line.length = colon < 0 ? 0 : (size_t)colon;
    while (line.length && ascii_is_blank((unsigned char)line.data[0]))
        line = bytes_from(line, 1);
    while (line.length && ascii_is_blank((unsigned char)line.data[line.length - 1]))
        line.length--;
    return line;
}

static const char *wanted_key(enum sts_issue_reason reason, struct bytes key)
{
    enum policy_key meant = policy_key_meant(key);

    return (reason == STS_REASON_KEY_TYPO || reason == STS_REASON_LETTER_CASE) &&
                   meant != KEY_UNKNOWN
               ? policy_key_name(meant)
               : NULL;
}

struct issue_parts issue_parts(const struct sts_issue *issue, struct bytes text)
{
    size_t at = issue->offset < text.length ? issue->offset : text.length;
    struct bytes rest = bytes_from(text, at);
    const struct hidden *hidden = hidden_at(rest);
    struct issue_parts parts = {.line = line_at(text, at), .found = rest};

    if (issue->length < rest.length)
        parts.found.length = issue->length;
    parts.key = key_of(parts.line);
    parts.wanted = wanted_key(issue->reason, parts.key);
    parts.character = hidden ? hidden->name : NULL;
    return parts;
}
