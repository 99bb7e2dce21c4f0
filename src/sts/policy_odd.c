/* SPDX-License-Identifier: MIT */
/* policy_odd.c - lines that are no fields: comments, JSON, literal line ends, hidden characters. */
#include "sts/policy_reader.h"

#include <string.h>

#include "base/ascii.h"
#include "base/hidden.h"

bool policy_odd_quoted(struct bytes value)
{
    return value.length && (value.data[0] == '"' || value.data[0] == '\'');
}

/* The two characters "\\n", or "\\r". */
static bool is_literal_end(struct bytes text)
{
    return bytes_begin(text, "\\n") || bytes_begin(text, "\\r");
}

/* Where words may begin: behind anything that belongs to none, a literal line end too. */
static bool begins_word(struct bytes text, size_t at)
{
    return !at || !ascii_is_alnum((unsigned char)text.data[at - 1]) ||
           (at >= 2 && is_literal_end(bytes_from(text, at - 2)));
}

/* A fault is one fault: who wrote "mode=enforce" did not forget the mode.  Only for text that made
 * the policy unusable already. */
void policy_odd_note_keys(struct reader *reader, struct bytes text)
{
    size_t word = 0;
    enum policy_key first;

    while (word < text.length && !ascii_is_blank((unsigned char)text.data[word]))
        word++;
    first = policy_key_find((struct bytes){text.data, word}); /* "max_age 604800" */
    if (first != KEY_UNKNOWN && word < text.length)
        reader->hinted[first] = true;
    for (size_t at = 0; at < text.length; at++) {
        enum policy_key key =
            begins_word(text, at) ? policy_key_begins(bytes_from(text, at)) : KEY_UNKNOWN;

        if (key != KEY_UNKNOWN)
            reader->hinted[key] = true;
    }
}

/* What a line is that has no key, told from its first characters. */
static enum sts_issue_reason malformed_reason(struct bytes text, long colon)
{
    if (text.data[0] == '#' || text.data[0] == ';' || bytes_begin(text, "//"))
        return STS_REASON_COMMENT;
    if (strchr("{}[]", text.data[0]) && text.data[0])
        return STS_REASON_JSON;
    if (policy_odd_quoted(text))
        return STS_REASON_QUOTED;
    return colon < 0 ? STS_REASON_NO_COLON : STS_REASON_NONE;
}

/* "mode: enforce\\nmx: ...": a known field with a literal line end in it.  Legal only in a field
 * that nobody knows.  -1: none. */
static long find_literal_end(struct bytes text)
{
    long at = policy_key_begins(text) == KEY_UNKNOWN ? -1 : bytes_find_char(text, '\\');

    while (at >= 0 && !is_literal_end(bytes_from(text, (size_t)at))) {
        long next = bytes_find_char(bytes_from(text, (size_t)at + 1), '\\');

        at = next < 0 ? -1 : at + 1 + next;
    }
    return at;
}

/* Behind the key, whatever stands for the colon; the length: nothing does. */
static size_t key_end(struct bytes text)
{
    for (size_t at = 0; at < text.length; at++) {
        const struct hidden *hidden = hidden_at(bytes_from(text, at));

        if (text.data[at] == ':' || (hidden && !strcmp(hidden->plain, ":")))
            return at;
    }
    return text.length;
}

/* A known key in which a character hides, before it or in place of its colon.  -1: none. */
static long find_hidden_in_key(struct reader *reader, struct bytes text)
{
    long at = hidden_find(text);
    size_t end = at < 0 ? 0 : key_end(text);
    enum policy_key key = policy_key_meant((struct bytes){text.data, end});

    if (at < 0 || (size_t)at > end || end == text.length || key == KEY_UNKNOWN)
        return -1;
    reader->hinted[key] = true;
    return at;
}

static void malformed(struct reader *reader, const struct line *line, struct bytes part,
                      enum sts_issue_reason reason)
{
    reader_add(reader, line, STS_ISSUE_POLICY_LINE_MALFORMED, reason,
               (size_t)(part.data - line->text.data), part.length);
    reader->malformed = true;
}

bool policy_odd_line(struct reader *reader, const struct line *line, struct bytes text)
{
    enum sts_issue_reason reason = malformed_reason(text, bytes_find_char(text, ':'));
    long at = find_literal_end(text);

    if (at >= 0) {
        malformed(reader, line, (struct bytes){text.data + at, 2}, STS_REASON_LITERAL_LINE_END);
        policy_odd_note_keys(reader, text);
        return true;
    }
    at = find_hidden_in_key(reader, text);
    if (at >= 0) {
        struct bytes rest = bytes_from(text, (size_t)at);

        rest.length = strlen(hidden_at(rest)->bytes);
        malformed(reader, line, rest, STS_REASON_HIDDEN_CHARACTER);
        return true;
    }
    if (!reason)
        return false;
    malformed(reader, line, text, reason);
    policy_odd_note_keys(reader, text);
    return true;
}
