/* SPDX-License-Identifier: MIT */
/* policy_entry_reply.c - a reply is made once, and stays until something else is known. */
#include "policyd/policy_cache_work.h"

#include "policyd/socketmap.h"

/* What Postfix would not take is not sent: it learns the reason instead. */
static void check(struct policy_made *made, enum reply_profile profile)
{
    enum postfix_version version = reply_profile_version(profile);

    made->refused = postfix_read(version, bytes_of(made->text)).outcome == POSTFIX_REFUSES;
    if (made->refused)
        made->text = "TEMP internal error: no reply that Postfix takes";
}

struct policy_made *policy_make(TALLOC_CTX *ctx, enum reply_profile profile,
                                const struct policy_known *known)
{
    struct policy_made *made = talloc_zero(ctx, struct policy_made);

    if (!made)
        return NULL;
    made->text = policy_reply(made, profile, known, &made->cut);
    if (!made->text) {
        talloc_free(made);
        return NULL;
    }
    made->answer = policy_answer_of(known);
    made->by_policy = known->policy != NULL;
    check(made, profile);
    return made;
}

void policy_entry_forget_replies(struct policy_entry *entry)
{
    for (size_t i = 0; entry->recent && i < PROFILES; i++)
        TALLOC_FREE(entry->recent->made[i]);
}

/* Of most domains there is nothing to tell, and nothing to make. */
static const struct policy_made *nothing(enum policy_answer answer)
{
    static const struct policy_made none = {.text = SOCKETMAP_NOTHING,
                                            .answer = POLICY_ANSWER_NONE},
                                    testing = {.text = SOCKETMAP_NOTHING,
                                               .answer = POLICY_ANSWER_TESTING};

    return answer == POLICY_ANSWER_TESTING ? &testing : &none;
}

const struct policy_made *policy_entry_reply(struct policy_entry *entry, enum reply_profile profile,
                                             int64_t now)
{
    struct policy_known known = policy_entry_known(entry, now);
    enum policy_answer answer = policy_answer_of(&known);
    struct policy_made **made;

    if (answer == POLICY_ANSWER_NONE || answer == POLICY_ANSWER_TESTING)
        return nothing(answer);
    if (!policy_entry_wake(entry))
        return NULL;
    made = &entry->recent->made[profile];
    if (*made && (*made)->by_policy != (known.policy != NULL)) /* it has expired meanwhile */
        TALLOC_FREE(*made);
    if (!*made)
        *made = policy_make(entry->cache, profile, &known);
    return *made;
}
