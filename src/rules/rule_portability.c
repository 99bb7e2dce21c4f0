/* SPDX-License-Identifier: MIT */
/* rule_portability.c - a policy that is legal, and that known senders reject or read otherwise. */
#include "rules/rule.h"

#include "vendors/senders.h"

/* Causes that no other finding tells of. */
static const char *const details[CAUSE_COUNT] = {
    [CAUSE_NOT_ASCII] = N_("Line {line} contains a non-ASCII character, which the standard allows "
                           "there; rejected by {senders} unless Content-Type names a charset."),
    [CAUSE_SECOND_COLON] = N_("Line {line} has a colon in its value, which the standard allows; "
                              "rejected by {senders}."),
    [CAUSE_MAX_AGE_ZERO] = N_("A max_age of 0 is valid; rejected by {senders}."),
    [CAUSE_CUT] = N_("The policy is longer than 10 KB; the rest is not read by {senders}."),
};

struct group {
    const char *senders;
    unsigned line;
};

static void add_reading(struct rules *r, struct group *group, const struct sender *sender,
                        const struct reading *reading)
{
    group->senders =
        rule_list(r, group->senders, rule_text(r, "%s %s", sender->name, sender->version));
    group->line = reading->line;
}

static void not_portable(struct rules *r, enum sender_cause cause, const struct group *group)
{
    const char *line = group->line ? rule_number(r, group->line) : NULL;
    struct finding *finding =
        finding_add(r, FINDING_POLICY_NOT_PORTABLE,
                    group->line ? rule_text(r, "line %u", group->line) : "policy", details[cause],
                    "senders", group->senders, "line", line, NULL);

    finding->line = group->line;
}

void portability_findings(struct rules *r, const struct sts_policy *policy,
                          const struct text_source *source)
{
    struct group groups[CAUSE_COUNT] = {0};

    if (!sts_policy_valid(policy))
        return;
    for (size_t i = 0; i < sender_count; i++) {
        struct reading reading = sender_read(&senders[i], source->text, source->length);

        if (details[reading.cause])
            add_reading(r, &groups[reading.cause], &senders[i], &reading);
    }
    for (enum sender_cause cause = CAUSE_NONE; cause < CAUSE_COUNT; cause++)
        if (groups[cause].senders)
            not_portable(r, cause, &groups[cause]);
}
