/* SPDX-License-Identifier: MIT */
/* policy.c - the policy of MTA-STS (RFC 8461 section 3.2). */
#include "mtasts/policy.h"

#include <string.h>

#include "base/ascii.h"
#include "base/scan.h"
#include "sts/extension.h"
#include "sts/mx_pattern.h"
#include "sts/policy_lines.h"

#define MAX_AGE_DIGITS 10

struct sts_policy {
    struct issues issues;
    enum sts_mode mode;
    long long max_age;
    const char **mx;
    size_t mx_count;
};

/* A known field of one line. */
struct entry {
    const struct line *line;
    size_t key_at, value_at; /* in the line */
    struct bytes value;
    bool spoilt; /* reported already: counts as there, tells nothing */
};

struct reader {
    struct sts_policy *policy;
    struct bytes first[3]; /* the first value of each field that counts once */
    bool seen[3];
    bool mx_seen, mx_full;
    bool mode_none; /* also where it is misspelt */
};

static const struct {
    const char *name;
    enum sts_mode mode;
} modes[] = {{"none", STS_MODE_NONE}, {"testing", STS_MODE_TESTING}, {"enforce", STS_MODE_ENFORCE}};

#define MODES (sizeof(modes) / sizeof(modes[0]))

static void add(struct reader *reader, const struct line *line, enum sts_issue_code code,
                enum sts_issue_reason reason, size_t at, size_t length)
{
    issues_add(&reader->policy->issues, policy_lines_place(line, code, reason, at, length));
}

static void add_value(struct reader *reader, const struct entry *entry, enum sts_issue_code code,
                      enum sts_issue_reason reason)
{
    add(reader, entry->line, code, reason, entry->value_at, entry->value.length);
}

static void judge_version(struct reader *reader, const struct entry *entry)
{
    if (bytes_equal(entry->value, "STSv1"))
        return;
    add_value(reader, entry, STS_ISSUE_POLICY_VERSION_INVALID,
              !entry->value.length                        ? STS_REASON_EMPTY_VALUE
              : bytes_equal_nocase(entry->value, "STSv1") ? STS_REASON_LETTER_CASE
                                                          : STS_REASON_VERSION_TYPO);
}

static void judge_mode(struct reader *reader, const struct entry *entry)
{
    enum sts_issue_reason reason = STS_REASON_BAD_VALUE;

    reader->mode_none = bytes_equal_nocase(entry->value, "none");
    for (size_t i = 0; i < MODES; i++) {
        if (bytes_equal(entry->value, modes[i].name)) {
            reader->policy->mode = modes[i].mode;
            return;
        }
        if (bytes_equal_nocase(entry->value, modes[i].name))
            reason = STS_REASON_LETTER_CASE;
    }
    if (!entry->value.length)
        reason = STS_REASON_EMPTY_VALUE;
    else if (bytes_equal_nocase(entry->value, "report"))
        reason = STS_REASON_DRAFT_REPORT;
    add_value(reader, entry, STS_ISSUE_POLICY_MODE_INVALID, reason);
}

static void judge_max_age(struct reader *reader, const struct entry *entry)
{
    struct scan scan = scan_begin(entry->value);
    struct bytes digits = scan_while(&scan, ascii_is_digit);
    enum sts_issue_reason reason = STS_REASON_NOT_DIGITS;

    if (scan_at_end(&scan) && digits.length && digits.length <= MAX_AGE_DIGITS) {
        scan = scan_begin(digits);
        reader->policy->max_age = scan_number(&scan, 1, MAX_AGE_DIGITS);
        if (reader->policy->max_age > STS_MAX_AGE_MAX)
            add_value(reader, entry, STS_ISSUE_POLICY_MAX_AGE_TOO_LARGE, STS_REASON_NONE);
        return;
    }
    if (!entry->value.length)
        reason = STS_REASON_EMPTY_VALUE;
    else if (digits.length > MAX_AGE_DIGITS && scan_at_end(&scan))
        reason = STS_REASON_TOO_MANY_DIGITS;
    add_value(reader, entry, STS_ISSUE_POLICY_MAX_AGE_INVALID, reason);
}

/* Keep the pattern in lower case. */
static void keep_mx(struct sts_policy *policy, struct bytes pattern)
{
    size_t room = policy->mx ? talloc_array_length(policy->mx) : 0;
    char *copy;

    if (policy->mx_count == room) {
        const char **mx = talloc_realloc(policy, policy->mx, const char *, room ? room * 2 : 8);

        if (!mx) {
            policy->issues.no_memory = true;
            return;
        }
        policy->mx = mx;
    }
    copy = talloc_strndup(policy, pattern.data, pattern.length);
    if (!copy) {
        policy->issues.no_memory = true;
        return;
    }
    for (char *c = copy; *c; c++)
        *c = ascii_lower(*c);
    policy->mx[policy->mx_count++] = copy;
}

static void judge_mx(struct reader *reader, const struct entry *entry)
{
    enum sts_issue_reason reason = mx_pattern_fault(entry->value);

    reader->mx_seen = true;
    if (!reason && reader->policy->mx_count < STS_POLICY_MX_MAX) {
        keep_mx(reader->policy, entry->value);
        return;
    }
    if (!reason) {
        if (reader->mx_full)
            return;
        reader->mx_full = true;
        reason = STS_REASON_TOO_LONG;
    }
    add_value(reader, entry, STS_ISSUE_POLICY_MX_INVALID, reason);
}

/* The fields of RFC 8461.  Those that count once come first, as in reader.first. */
static const struct {
    const char *key;
    enum sts_issue_code missing;
    void (*judge)(struct reader *reader, const struct entry *entry);
} keys[] = {
    {"version", STS_ISSUE_POLICY_VERSION_MISSING, judge_version},
    {"mode", STS_ISSUE_POLICY_MODE_MISSING, judge_mode},
    {"max_age", STS_ISSUE_POLICY_MAX_AGE_MISSING, judge_max_age},
    {"mx", STS_ISSUE_POLICY_MX_MISSING, judge_mx},
};

#define KEYS      (sizeof(keys) / sizeof(keys[0]))
#define KEYS_ONCE (KEYS - 1)

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

/* A repeated field is not judged: by the RFC the first counts. */
static bool is_repeated(struct reader *reader, size_t key, const struct entry *entry)
{
    struct bytes first;

    if (key >= KEYS_ONCE)
        return false;
    first = reader->first[key];
    if (!reader->seen[key]) {
        reader->seen[key] = true;
        reader->first[key] = entry->value;
        return false;
    }
    add(reader, entry->line, STS_ISSUE_POLICY_DUPLICATE_FIELD,
        first.length == entry->value.length && !memcmp(first.data, entry->value.data, first.length)
            ? STS_REASON_NONE
            : STS_REASON_DIFFERENT,
        entry->key_at, entry->value_at + entry->value.length - entry->key_at);
    return true;
}

static void read_known(struct reader *reader, size_t key, struct entry *entry)
{
    size_t comment = find_comment(entry->value);

    if (comment < entry->value.length) {
        add(reader, entry->line, STS_ISSUE_POLICY_LINE_MALFORMED, STS_REASON_COMMENT,
            entry->value_at + comment, entry->value.length - comment);
        entry->value.length = comment;
        entry->value = bytes_trim(entry->value);
    }
    if (is_repeated(reader, key, entry))
        return;
    if (is_quoted(entry->value) && !entry->spoilt) {
        add_value(reader, entry, STS_ISSUE_POLICY_LINE_MALFORMED, STS_REASON_QUOTED);
        entry->spoilt = true;
    }
    if (!entry->spoilt)
        keys[key].judge(reader, entry);
    else
        reader->mx_seen |= key == KEYS_ONCE;
}

static void read_extension(struct reader *reader, const struct entry *entry, struct bytes key)
{
    struct fault name = extension_name_fault(key);
    struct fault value = extension_policy_value_fault(entry->value);
    enum sts_issue_code code = STS_ISSUE_POLICY_EXTENSION_INVALID;

    if (name.reason)
        add(reader, entry->line, code, name.reason, entry->key_at + name.at, name.length);
    if (value.reason)
        add(reader, entry->line, code, value.reason, entry->value_at + value.at, value.length);
    if (!name.reason && !value.reason)
        add(reader, entry->line, STS_ISSUE_POLICY_EXTENSION_UNKNOWN, STS_REASON_NONE, entry->key_at,
            key.length);
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

static size_t find_key(struct bytes key)
{
    size_t i = 0;

    while (i < KEYS && !bytes_equal_nocase(key, keys[i].key))
        i++;
    return i;
}

static void read_entry(struct reader *reader, struct entry *entry, struct bytes key)
{
    size_t known = find_key(key);
    struct fault control = extension_policy_value_fault(entry->value);

    if (known == KEYS) {
        read_extension(reader, entry, key);
        return;
    }
    if (!bytes_equal(key, keys[known].key))
        add(reader, entry->line, STS_ISSUE_POLICY_KEY_CASE, STS_REASON_LETTER_CASE, entry->key_at,
            key.length);
    /* A tab is the business of whoever reads the value. */
    if (control.reason == STS_REASON_CONTROL_CHARACTER && entry->value.data[control.at] != '\t') {
        add(reader, entry->line, STS_ISSUE_POLICY_LINE_MALFORMED, control.reason,
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
        add(reader, line, STS_ISSUE_POLICY_SPACING, STS_REASON_WHITE_SPACE, 0, indent);
    if (key_end < colon)
        add(reader, line, STS_ISSUE_POLICY_SPACING, STS_REASON_WHITE_SPACE, key_end,
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
        add(reader, line, STS_ISSUE_POLICY_BLANK_LINE,
            line->text.length ? STS_REASON_WHITE_SPACE : STS_REASON_NONE, 0, line->text.length);
        return;
    }
    reason = malformed_reason(text, colon);
    if (reason) {
        add(reader, line, STS_ISSUE_POLICY_LINE_MALFORMED, reason, indent, text.length);
        return;
    }
    key = bytes_trim((struct bytes){text.data, (size_t)colon});
    judge_spacing(reader, line, indent, indent + key.length, indent + (size_t)colon);
    entry.value = bytes_trim(bytes_from(text, (size_t)colon + 1));
    entry.value_at = entry.value.length ? (size_t)(entry.value.data - line->text.data)
                                        : indent + (size_t)colon + 1;
    read_entry(reader, &entry, key);
}

/* Missing fields are reported where they could be added: at the end. */
static void judge_whole(struct reader *reader, const struct line *end)
{
    for (size_t i = 0; i < KEYS_ONCE; i++)
        if (!reader->seen[i])
            add(reader, end, keys[i].missing, STS_REASON_NONE, end->text.length, 0);
    if (!reader->mx_seen)
        add(reader, end,
            reader->mode_none ? STS_ISSUE_POLICY_MX_MISSING_IN_NONE : STS_ISSUE_POLICY_MX_MISSING,
            STS_REASON_NONE, end->text.length, 0);
}

static void parse(struct sts_policy *policy, struct bytes text)
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

enum sts_status sts_policy_parse(const char *text, size_t length, struct sts_policy **ret)
{
    struct sts_policy *policy;

    if (length > STS_POLICY_MAX)
        return STS_E_LIMIT;
    policy = talloc_zero(NULL, struct sts_policy);
    if (!policy)
        return STS_E_NOMEM;
    policy->issues.ctx = policy;
    policy->max_age = -1;
    parse(policy, (struct bytes){text, length});
    if (policy->issues.no_memory) {
        talloc_free(policy);
        return STS_E_NOMEM;
    }
    *ret = policy;
    return STS_OK;
}

bool sts_policy_valid(const struct sts_policy *policy)
{
    return !policy->issues.invalid;
}

bool sts_policy_usable(const struct sts_policy *policy)
{
    return !policy->issues.unusable;
}

enum sts_mode sts_policy_mode(const struct sts_policy *policy)
{
    return policy->mode;
}

long long sts_policy_max_age(const struct sts_policy *policy)
{
    return policy->max_age;
}

const char *const *sts_policy_mx(const struct sts_policy *policy, size_t *ret_count)
{
    *ret_count = policy->mx_count;
    return policy->mx;
}

const struct sts_issue *sts_policy_issues(const struct sts_policy *policy, size_t *ret_count)
{
    *ret_count = policy->issues.count;
    return policy->issues.list;
}

void sts_policy_free(struct sts_policy *policy)
{
    talloc_free(policy);
}

const char *sts_mode_name(enum sts_mode mode)
{
    for (size_t i = 0; i < MODES; i++)
        if (modes[i].mode == mode)
            return modes[i].name;
    return "invalid";
}
