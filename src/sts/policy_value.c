/* SPDX-License-Identifier: MIT */
/* policy_value.c - the values of version, mode, max_age and mx. */
#include "sts/policy_reader.h"

#include "base/ascii.h"
#include "base/scanner.h"
#include "sts/mx_pattern.h"

#define MAX_AGE_DIGITS 10

static void add_value(struct reader *reader, const struct policy_entry *entry,
                      enum sts_issue_code code, enum sts_issue_reason reason)
{
    reader_add(reader, entry->line, code, reason, entry->value_at, entry->value.length);
}

static void judge_version(struct reader *reader, const struct policy_entry *entry)
{
    if (bytes_equal(entry->value, "STSv1"))
        return;
    add_value(reader, entry, STS_ISSUE_POLICY_VERSION_INVALID,
              !entry->value.length                        ? STS_REASON_EMPTY_VALUE
              : bytes_equal_nocase(entry->value, "STSv1") ? STS_REASON_LETTER_CASE
                                                          : STS_REASON_VERSION_TYPO);
}

static void judge_mode(struct reader *reader, const struct policy_entry *entry)
{
    enum sts_issue_reason reason = STS_REASON_BAD_VALUE;

    reader->mode_none = bytes_equal_nocase(entry->value, "none");
    for (enum sts_mode mode = STS_MODE_NONE; mode <= STS_MODE_ENFORCE; mode++) {
        if (bytes_equal(entry->value, sts_mode_name(mode))) {
            reader->policy->mode = mode;
            return;
        }
        if (bytes_equal_nocase(entry->value, sts_mode_name(mode)))
            reason = STS_REASON_LETTER_CASE;
    }
    if (!entry->value.length)
        reason = STS_REASON_EMPTY_VALUE;
    else if (bytes_equal_nocase(entry->value, "report"))
        reason = STS_REASON_DRAFT_REPORT;
    add_value(reader, entry, STS_ISSUE_POLICY_MODE_INVALID, reason);
}

static void judge_max_age(struct reader *reader, const struct policy_entry *entry)
{
    struct scanner scanner = scanner_begin(entry->value);
    struct bytes digits = scanner_while(&scanner, ascii_is_digit);
    enum sts_issue_reason reason = STS_REASON_NOT_DIGITS;

    if (scanner_at_end(&scanner) && digits.length && digits.length <= MAX_AGE_DIGITS) {
        scanner = scanner_begin(digits);
        reader->policy->max_age = scanner_number(&scanner, 1, MAX_AGE_DIGITS);
        if (reader->policy->max_age > STS_MAX_AGE_MAX)
            add_value(reader, entry, STS_ISSUE_POLICY_MAX_AGE_TOO_LARGE, STS_REASON_NONE);
        return;
    }
    if (!entry->value.length)
        reason = STS_REASON_EMPTY_VALUE;
    else if (digits.length > MAX_AGE_DIGITS && scanner_at_end(&scanner))
        reason = STS_REASON_TOO_MANY_DIGITS;
    add_value(reader, entry, STS_ISSUE_POLICY_MAX_AGE_INVALID, reason);
}

/* Room for one more pattern, in doubling steps. */
static bool array_grow(struct sts_policy *policy)
{
    size_t room = policy->mx ? talloc_array_length(policy->mx) : 0;
    const char **mx;

    if (policy->mx_count < room)
        return true;
    mx = talloc_realloc(policy, policy->mx, const char *, room ? room * 2 : 8);
    if (mx)
        policy->mx = mx;
    return mx != NULL;
}

/* Keep the pattern in lower case. */
static void keep_mx(struct sts_policy *policy, struct bytes pattern)
{
    char *copy = talloc_strndup(policy, pattern.data, pattern.length);

    if (!copy || !array_grow(policy) || !policy->mx) {
        policy->issues.no_memory = true;
        return;
    }
    for (char *c = copy; *c; c++)
        *c = ascii_lower(*c);
    policy->mx[policy->mx_count++] = copy;
}

static void judge_mx(struct reader *reader, const struct policy_entry *entry)
{
    enum sts_issue_reason reason = mx_pattern_fault(entry->value);

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

void policy_value_judge(struct reader *reader, enum policy_key key,
                        const struct policy_entry *entry)
{
    static void (*const judges[])(struct reader *, const struct policy_entry *) = {
        [KEY_VERSION] = judge_version,
        [KEY_MODE] = judge_mode,
        [KEY_MAX_AGE] = judge_max_age,
        [KEY_MX] = judge_mx,
    };

    judges[key](reader, entry);
}
