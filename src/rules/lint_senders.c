/* SPDX-License-Identifier: MIT */
/* lint_senders.c - the readings of all senders beside that of the standard (RFC 8461). */
#include "rules/rule.h"
#include "vendors/senders.h"

static bool any_matches(const struct sender *sender, const struct sts_policy *policy,
                        const char *host)
{
    size_t count;
    const char *const *mx = sts_policy_mx(policy, &count);

    for (size_t i = 0; i < count; i++)
        if (sender_matches(sender, mx[i], host))
            return true;
    return false;
}

/* The hosts of --mx that the sender covers and the standard does not, or the reverse. */
static bool hosts_matched_otherwise(struct lint *lint, struct lint_sender *one,
                                    const struct sender *sender, const struct sts_policy *policy)
{
    one->mx = talloc_zero_array(lint, const char *, lint->mx_count + 1);
    for (size_t i = 0; one->mx && i < lint->mx_count; i++)
        if (any_matches(sender, policy, lint->mx[i].host) != lint->mx[i].covered)
            one->mx[one->mx_count++] = lint->mx[i].host;
    return one->mx;
}

enum sts_status senders_lint(struct lint *lint, const struct sts_policy *policy, const char *text,
                             size_t length)
{
    enum sts_mode right = sts_policy_valid(policy) ? sts_policy_mode(policy) : STS_MODE_INVALID;

    lint->senders = talloc_zero_array(lint, struct lint_sender, sender_count);
    if (!lint->senders)
        return STS_E_NOMEM;
    for (size_t i = 0; i < sender_count; i++) {
        struct reading reading = sender_read(&senders[i], text, length);
        struct lint_sender *one = &lint->senders[lint->sender_count++];

        *one = (struct lint_sender){.name = senders[i].name,
                                    .version = senders[i].version,
                                    .reads_as = reading_name(reading.mode),
                                    .rejects = reading.mode == STS_MODE_INVALID,
                                    .max_age = reading.max_age,
                                    .why = sender_cause_text(reading.cause)};
        one->differs =
            reading.mode != right || (right && reading.max_age != sts_policy_max_age(policy));
        if (!hosts_matched_otherwise(lint, one, &senders[i], policy))
            return STS_E_NOMEM;
    }
    return STS_OK;
}
