/* SPDX-License-Identifier: MIT */
/* policy_read.c - the lines of a policy: keys, blanks, comments, repeated and missing fields. */
#include "sts/policy_reader.h"

#include <string.h>

#include "base/ascii.h"
#include "base/hidden.h"
#include "sts/extension.h"

static const enum sts_issue_code missing[] = {
    [KEY_VERSION] = STS_ISSUE_POLICY_VERSION_MISSING,
    [KEY_MODE] = STS_ISSUE_POLICY_MODE_MISSING,
    [KEY_MAX_AGE] = STS_ISSUE_POLICY_MAX_AGE_MISSING,
    [KEY_MX] = STS_ISSUE_POLICY_MX_MISSING,
};

void reader_add(struct reader *reader, const struct line *line, enum sts_issue_code code,
                enum sts_issue_reason reason, size_t at, size_t length)
{
    issues_add(&reader->policy->issues, policy_lines_place(line, code, reason, at, length));
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

static void judge_value(struct reader *reader, enum policy_key key,
                        const struct policy_entry *entry)
{
    size_t issues = reader->policy->issues.count;

    policy_value_judge(reader, key, entry);
    if (reader->policy->issues.count > issues)
        policy_odd_note_keys(reader, entry->value);
}

/* A repeated field is not judged: by the RFC the first counts. */
static bool is_repeated(struct reader *reader, enum policy_key key,
                        const struct policy_entry *entry)
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

/* In place of the value a character that nobody sees, under the code of the value. */
static bool has_hidden(struct reader *reader, enum policy_key key, const struct policy_entry *entry)
{
    static const enum sts_issue_code codes[] = {
        [KEY_VERSION] = STS_ISSUE_POLICY_VERSION_INVALID,
        [KEY_MODE] = STS_ISSUE_POLICY_MODE_INVALID,
        [KEY_MAX_AGE] = STS_ISSUE_POLICY_MAX_AGE_INVALID,
        [KEY_MX] = STS_ISSUE_POLICY_MX_INVALID,
    };
    long at = hidden_find(entry->value);

    if (at < 0)
        return false;
    reader_add(reader, entry->line, codes[key], STS_REASON_HIDDEN_CHARACTER,
               entry->value_at + (size_t)at,
               strlen(hidden_at(bytes_from(entry->value, (size_t)at))->bytes));
    return true;
}

static void read_known(struct reader *reader, enum policy_key key, struct policy_entry *entry)
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
    if (policy_odd_quoted(entry->value) && !entry->spoilt) {
        reader_add(reader, entry->line, STS_ISSUE_POLICY_LINE_MALFORMED, STS_REASON_QUOTED,
                   entry->value_at, entry->value.length);
        entry->spoilt = true;
    }
    if (!entry->spoilt && !has_hidden(reader, key, entry))
        judge_value(reader, key, entry);
}

/* An unknown key that looks like a known one: should that be missing, this is why. */
static enum sts_issue_reason typo_of(struct reader *reader, const struct policy_entry *entry,
                                     struct bytes key)
{
    enum policy_key meant = policy_key_meant(key);

    if (meant == KEY_UNKNOWN || (meant == KEY_MX && bytes_find_char(entry->value, '.') < 0))
        return STS_REASON_NONE;
    if (reader->typo_count < TYPOS_MAX)
        reader->typos[reader->typo_count++] = (struct typo){reader->policy->issues.count, meant};
    return policy_key_find(key) == meant ? STS_REASON_LETTER_CASE : STS_REASON_KEY_TYPO;
}

static void read_extension(struct reader *reader, const struct policy_entry *entry,
                           struct bytes key)
{
    enum sts_issue_reason typo = typo_of(reader, entry, key);
    struct extension_fault name = extension_name_fault(key);
    struct extension_fault value = extension_policy_value_fault(entry->value);
    enum sts_issue_code code = STS_ISSUE_POLICY_EXTENSION_INVALID;

    if (typo || (!name.reason && !value.reason))
        reader_add(reader, entry->line, name.reason ? code : STS_ISSUE_POLICY_EXTENSION_UNKNOWN,
                   typo, entry->key_at, key.length);
    else if (name.reason)
        reader_add(reader, entry->line, code, name.reason, entry->key_at + name.at, name.length);
    if (value.reason)
        reader_add(reader, entry->line, code, value.reason, entry->value_at + value.at,
                   value.length);
}

static void read_entry(struct reader *reader, struct policy_entry *entry, struct bytes key)
{
    enum policy_key known = policy_key_find(key);
    struct extension_fault control = extension_policy_value_fault(entry->value);

    /* Keys are case-sensitive: beside "mode", "Mode" is a field that nobody knows. */
    if (known == KEY_UNKNOWN ||
        (reader->exact[known] && !bytes_equal(key, policy_key_name(known)))) {
        read_extension(reader, entry, key);
        return;
    }
    if (!bytes_equal(key, policy_key_name(known)))
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
    struct policy_entry entry = {.line = line, .key_at = indent};

    if (!text.length) {
        reader_add(reader, line, STS_ISSUE_POLICY_BLANK_LINE,
                   line->text.length ? STS_REASON_WHITE_SPACE : STS_REASON_NONE, 0,
                   line->text.length);
        return;
    }
    if (policy_odd_line(reader, line, text))
        return;
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

/* The unknown keys that look like the missing one: there it is, miswritten.  False: none does. */
static bool blame_typos(struct reader *reader, enum policy_key key, enum sts_issue_code code)
{
    struct issues *issues = &reader->policy->issues;
    bool blamed = false;

    for (size_t i = 0; i < reader->typo_count; i++) {
        if (reader->typos[i].key != key || reader->typos[i].issue >= issues->count)
            continue;
        issues->list[reader->typos[i].issue].code = code;
        issues_count(issues, code);
        blamed = true;
    }
    return blamed;
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
        enum sts_issue_code code = missing[key];

        if (reader->seen[key] || reader->hinted[key])
            continue;
        if (key == KEY_MX && reader->mode_none)
            code = STS_ISSUE_POLICY_MX_MISSING_IN_NONE;
        if (!blame_typos(reader, key, code))
            reader_add(reader, end, code, STS_REASON_NONE, end->text.length, 0);
    }
}

/* Which keys are written as they must be, anywhere? */
static void find_exact(struct reader *reader, struct bytes text)
{
    struct issues ignored = {.ctx = reader->policy};
    struct policy_lines lines;
    struct line line;

    if (!policy_lines_open(&lines, &ignored, text))
        return;
    while (policy_lines_next(&lines, &line)) {
        struct bytes field = bytes_trim(line.text), key;
        long colon = bytes_find_char(field, ':');
        enum policy_key known;

        if (colon < 0)
            continue;
        key = bytes_trim((struct bytes){field.data, (size_t)colon});
        known = policy_key_find(key);
        if (known != KEY_UNKNOWN && bytes_equal(key, policy_key_name(known)))
            reader->exact[known] = true;
    }
    talloc_free(ignored.list);
}

void policy_read(struct sts_policy *policy, struct bytes text)
{
    struct reader reader = {.policy = policy};
    struct policy_lines lines;
    struct line line = {.number = 1};

    find_exact(&reader, text);
    if (!policy_lines_open(&lines, &policy->issues, text))
        return;
    while (policy_lines_next(&lines, &line))
        read_line(&reader, &line);
    if (line.offset + line.text.length < text.length) /* it had an end: the next line */
        line = (struct line){.offset = text.length, .number = line.number + 1};
    judge_whole(&reader, &line);
}
