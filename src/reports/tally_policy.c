/* SPDX-License-Identifier: MIT */
/* tally_policy.c - the policies that senders used. */
#include <string.h>

#include "base/scanner.h"
#include "reports/tally_work.h"

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

/* The value of a field of the policy-string. */
static struct bytes field_of(const struct sts_report_policy *policy, const char *key)
{
    for (size_t i = 0; i < policy->string_count; i++) {
        struct bytes line = bytes_trim(bytes_of(policy->strings[i]));
        long colon = bytes_find_char(line, ':');

        if (colon > 0 && bytes_equal_nocase((struct bytes){line.data, (size_t)colon}, key))
            return bytes_trim(bytes_from(line, (size_t)colon + 1));
    }
    return (struct bytes){"", 0};
}

const char *policy_strings_mode(const struct sts_report_policy *policy)
{
    static const char *const modes[] = {"enforce", "testing", "none"};
    struct bytes mode = field_of(policy, "mode");

    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
        if (bytes_equal_nocase(mode, modes[i]))
            return modes[i];
    return "";
}

int64_t policy_strings_max_age(const struct sts_report_policy *policy)
{
    struct scanner scanner = scanner_begin(field_of(policy, "max_age"));
    long long seconds = scanner_number(&scanner, 1, 10);

    return scanner_finished(&scanner) ? seconds : -1;
}

static const char *const *keep_list(const struct tally_entry *entry, const char *const *list,
                                    size_t count)
{
    const char **copy = talloc_array(entry->tally, const char *, count + 1);

    if (!copy)
        entry->tally->no_memory = true;
    for (size_t i = 0; copy && i < count; i++)
        copy[i] = tally_keep(entry, list[i]);
    return copy;
}

static const struct sts_report_policy *copy_policy(const struct tally_entry *entry,
                                                   const struct sts_report_policy *policy)
{
    struct sts_report_policy *copy = talloc_zero(entry->tally, struct sts_report_policy);

    if (!copy) {
        entry->tally->no_memory = true;
        return policy;
    }
    copy->type = policy->type ? tally_keep(entry, policy->type) : NULL;
    copy->strings = keep_list(entry, policy->strings, policy->string_count);
    copy->mx = keep_list(entry, policy->mx, policy->mx_count);
    copy->string_count = copy->strings ? policy->string_count : 0;
    copy->mx_count = copy->mx ? policy->mx_count : 0;
    return copy;
}

/* What a policy says, all of it joined. */
static char *text_of(const struct tally_entry *entry, const struct sts_report_policy *policy)
{
    char *text = talloc_strdup(entry->tally, or_empty(policy->type));

    for (size_t i = 0; text && i < policy->string_count; i++)
        text = talloc_asprintf_append_buffer(text, "\n%s", policy->strings[i]);
    for (size_t i = 0; text && i < policy->mx_count; i++)
        text = talloc_asprintf_append_buffer(text, "\r%s", policy->mx[i]);
    return text;
}

const struct tally_used *tally_keep_policy(const struct tally_entry *entry,
                                           const struct sts_report_policy *policy)
{
    char *text = text_of(entry, policy);
    struct tally_used *used = text ? names_get(&entry->tally->used, text) : NULL;

    if (!text)
        entry->tally->no_memory = true;
    talloc_free(text);
    if (used && !used->policy)
        used->policy = copy_policy(entry, policy);
    return used;
}

/* The list it belongs to; NULL: none. */
static struct names *policies_for(struct tally *tally, const struct sts_report_policy *policy)
{
    if (policy->type && !strcmp(policy->type, "no-policy-found"))
        return &tally->none;
    if (policy->type && !strcmp(policy->type, "sts") && policy->string_count)
        return &tally->policies;
    return NULL;
}

void tally_take_policy(const struct tally_entry *entry, const struct sts_report_policy *policy,
                       const struct tally_used *used)
{
    const char *domain = tally_keep(entry, policy->recipient);
    struct names *list = policies_for(entry->tally, policy);
    struct tally_policy *found;
    char *name;

    if (!list || !entry->dated)
        return;
    name = talloc_asprintf(entry->tally, "%s\n%s", domain, entry->sender);
    found = name ? names_get(list, name) : NULL;
    talloc_free(name);
    if (!found || (found->policy && found->end > entry->end))
        return;
    *found = (struct tally_policy){found->name,  domain,       entry->sender,
                                   used->policy, entry->begin, entry->end};
}
