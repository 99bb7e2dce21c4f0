/* SPDX-License-Identifier: MIT */
/* policy_read.c - the lines of a policy: keys, blanks, comments, repeated and missing fields. */
#include "sts/policy_reader.h"

#include <string.h>

#include "base/ascii.h"
#include "sts/extension.h"

static const struct {
    const char *key;
    enum sts_issue_code missing;
} keys[] = {
    [KEY_VERSION] = {"version", STS_ISSUE_POLICY_VERSION_MISSING},
    [KEY_MODE] = {"mode", STS_ISSUE_POLICY_MODE_MISSING},
    [KEY_MAX_AGE] = {"max_age", STS_ISSUE_POLICY_MAX_AGE_MISSING},
    [KEY_MX] = {"mx", STS_ISSUE_POLICY_MX_MISSING},
};

void reader_add(struct reader *reader, const struct line *line, enum sts_issue_code code,
                enum sts_issue_reason reason, size_t at, size_t length)
{
    issues_add(&reader->policy->issues, policy_lines_place(line, code, reason, at, length));
}

static bool is_quoted(struct bytes value)
{
    return value.length && (value.data[0] == '"' || value.data[0] == '\'');
}

/* Where a comment begins behind a value: a blank and "#", "//" or ";". */
static size_t find_comment(struct bytes value)
{
    for (size_t i = 1; i < value.length; i++) {
        struct bytes rest = bytes_from(value, i);

        if (ascii_is_blank((unsigned char)value.data[i - 1]) &&
            (bytes_begin(rest, "#") || bytes_begin(rest, "//") || bytes_begin(rest, ";")))
            return i;
    }
    return value.length;
}

static bool same(struct bytes a, struct bytes b)
{
    return a.length == b.length && !memcmp(a.data, b.data, a.length);
}

/* "mode=", "\"mode\":": a key behind which a value was meant to stand. */
static bool writes_key(struct bytes text, const char *key)
{
    for (size_t i = 0; i < text.length; i++) {
        struct bytes rest = bytes_from(text, i);

        if ((i && ascii_is_alnum((unsigned char)text.data[i - 1])) ||
            !bytes_begin_nocase(rest, key))
            continue;
        rest = bytes_from(rest, strlen(key));
        while (rest.length && rest.data[0] && strchr(" \t\"'", rest.data[0]))
            rest = bytes_from(rest, 1);
        if (rest.length && (rest.data[0] == ':' || rest.data[0] == '='))
            return true;
    }
    return false;
}

/* A fault is one fault: who wrote "mode=enforce" did not forget the mode.  Only for text that made
 * the policy unusable already. */
static void note_keys(struct reader *reader, struct bytes text)
{
    for (enum policy_key key = KEY_VERSION; key < KEY_UNKNOWN; key++)
        reader->hinted[key] = reader->hinted[key] || writes_key(text, keys[key].key);
}

static void judge_value(struct reader *reader, enum policy_key key, const struct entry *entry)
{
    size_t issues = reader->policy->issues.count;

    policy_value_judge(reader, key, entry);
    if (reader->policy->issues.count > issues)
        note_keys(reader, entry->value);
}

/* A repeated field is not judged: by the RFC the first counts. */
static bool is_repeated(struct reader *reader, enum policy_key key, const struct entry *entry)
{
    bool repeated = reader->seen[key];

    reader->seen[key] = true;
    if (key == KEY_MX)
        return false;
    if (!repeated)
        reader->first[key] = entry->value;
    else
        reader_add(reader, entry->line, STS_ISSUE_POLICY_DUPLICATE_FIELD,
                   same(reader->first[key], entry->value) ? STS_REASON_NONE : STS_REASON_DIFFERENT,
                   entry->key_at, entry->value_at + entry->value.length - entry->key_at);
    return repeated;
}

static void read_known(struct reader *reader, enum policy_key key, struct entry *entry)
{
    size_t comment = find_comment(entry->value);

    if (comment < entry->value.length) {
        reader_add(reader, entry->line, STS_ISSUE_POLICY_LINE_MALFORMED, STS_REASON_COMMENT,
                   entry->value_at + comment, entry->value.length - comment);
        entry->value.length = comment;
        entry->value = bytes_trim(entry->value);
    }
    if (is_repeated(reader, key, entry))
        return;
    if (is_quoted(entry->value) && !entry->spoilt) {
        reader_add(reader, entry->line, STS_ISSUE_POLICY_LINE_MALFORMED, STS_REASON_QUOTED,
                   entry->value_at, entry->value.length);
        entry->spoilt = true;
    }
    if (!entry->spoilt)
        judge_value(reader, key, entry);
}

static void read_extension(struct reader *reader, const struct entry *entry, struct bytes key)
{
    struct fault name = extension_name_fault(key);
    struct fault value = extension_policy_value_fault(entry->value);
    enum sts_issue_code code = STS_ISSUE_POLICY_EXTENSION_INVALID;

    if (name.reason)
        reader_add(reader, entry->line, code, name.reason, entry->key_at + name.at, name.length);
    if (value.reason)
        reader_add(reader, entry->line, code, value.reason, entry->value_at + value.at,
                   value.length);
    if (!name.reason && !value.reason)
        reader_add(reader, entry->line, STS_ISSUE_POLICY_EXTENSION_UNKNOWN, STS_REASON_NONE,
                   entry->key_at, key.length);
}

/* What a line is that has no key, told from its first characters. */
static enum sts_issue_reason malformed_reason(struct bytes text, long colon)
{
    if (text.data[0] == '#' || text.data[0] == ';' || bytes_begin(text, "//"))
        return STS_REASON_COMMENT;
    if (strchr("{}[]", text.data[0]) && text.data[0])
        return STS_REASON_JSON;
    if (is_quoted(text))
        return STS_REASON_QUOTED;
    return colon < 0 ? STS_REASON_NO_COLON : STS_REASON_NONE;
}

static enum policy_key find_key(struct bytes key)
{
    enum policy_key i = KEY_VERSION;

    while (i < KEY_UNKNOWN && !bytes_equal_nocase(key, keys[i].key))
        i++;
    return i;
}

static void read_entry(struct reader *reader, struct entry *entry, struct bytes key)
{
    enum policy_key known = find_key(key);
    struct fault control = extension_policy_value_fault(entry->value);

    if (known == KEY_UNKNOWN) {
        read_extension(reader, entry, key);
        return;
    }
    if (!bytes_equal(key, keys[known].key))
        reader_add(reader, entry->line, STS_ISSUE_POLICY_KEY_CASE, STS_REASON_LETTER_CASE,
                   entry->key_at, key.length);
    /* A tab is the business of whoever reads the value. */
    if (control.reason == STS_REASON_CONTROL_CHARACTER && entry->value.data[control.at] != '\t') {
        reader_add(reader, entry->line, STS_ISSUE_POLICY_LINE_MALFORMED, control.reason,
                   entry->value_at + control.at, control.length);
        entry->spoilt = true;
    }
    read_known(reader, known, entry);
}

/* The blanks a line may not have: before the key and before the colon. */
static void judge_spacing(struct reader *reader, const struct line *line, size_t indent,
                          size_t key_end, size_t colon)
{
    if (indent)
        reader_add(reader, line, STS_ISSUE_POLICY_SPACING, STS_REASON_WHITE_SPACE, 0, indent);
    if (key_end < colon)
        reader_add(reader, line, STS_ISSUE_POLICY_SPACING, STS_REASON_WHITE_SPACE, key_end,
                   colon - key_end);
}

static void read_line(struct reader *reader, const struct line *line)
{
    struct bytes text = bytes_trim(line->text), key;
    size_t indent = text.length ? (size_t)(text.data - line->text.data) : 0;
    long colon = bytes_find_char(text, ':');
    enum sts_issue_reason reason;
    struct entry entry = {.line = line, .key_at = indent};

    if (!text.length) {
        reader_add(reader, line, STS_ISSUE_POLICY_BLANK_LINE,
                   line->text.length ? STS_REASON_WHITE_SPACE : STS_REASON_NONE, 0,
                   line->text.length);
        return;
    }
    reason = malformed_reason(text, colon);
    if (reason) {
        reader_add(reader, line, STS_ISSUE_POLICY_LINE_MALFORMED, reason, indent, text.length);
        reader->malformed = true;
        note_keys(reader, text);
        return;
    }
    key = bytes_trim((struct bytes){text.data, (size_t)colon});
    judge_spacing(reader, line, indent, indent + key.length, indent + (size_t)colon);
    entry.value = bytes_trim(bytes_from(text, (size_t)colon + 1));
    entry.value_at = entry.value.length ? (size_t)(entry.value.data - line->text.data)
                                        : indent + (size_t)colon + 1;
    read_entry(reader, &entry, key);
}

static bool has_field(const struct reader *reader)
{
    for (enum policy_key key = KEY_VERSION; key < KEY_UNKNOWN; key++)
        if (reader->seen[key])
            return true;
    return false;
}

/* Missing fields are reported where they could be added: at the end. */
static void judge_whole(struct reader *reader, const struct line *end)
{
    const struct line first = {.number = 1};

    if (!has_field(reader)) { /* not a policy that lacks something: something else */
        if (!reader->malformed)
            reader_add(reader, &first, STS_ISSUE_POLICY_LINE_MALFORMED, STS_REASON_NO_FIELD, 0, 0);
        return;
    }
    for (enum policy_key key = KEY_VERSION; key < KEY_UNKNOWN; key++) {
        enum sts_issue_code code = keys[key].missing;

        if (reader->seen[key] || reader->hinted[key])
            continue;
        if (key == KEY_MX && reader->mode_none)
            code = STS_ISSUE_POLICY_MX_MISSING_IN_NONE;
        reader_add(reader, end, code, STS_REASON_NONE, end->text.length, 0);
    }
}

void policy_read(struct sts_policy *policy, struct bytes text)
{
    struct reader reader = {.policy = policy};
    struct policy_lines lines;
    struct line line = {.number = 1};

    if (!policy_lines_open(&lines, &policy->issues, text))
        return;
    while (policy_lines_next(&lines, &line))
        read_line(&reader, &line);
    if (line.offset + line.text.length < text.length) /* it had an end: the next line */
        line = (struct line){.offset = text.length, .number = line.number + 1};
    judge_whole(&reader, &line);
}
