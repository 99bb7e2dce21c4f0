/* SPDX-License-Identifier: MIT */
/* fuzz_policy_reply.c - whatever a domain publishes, Postfix takes the reply, and nothing but the
 * policy's own patterns is in it.  The input: a byte of flags, a line with the key, the policy. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policyd/limits.h"
#include "policyd/policy_key.h"
#include "policyd/policy_reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct policy_known *known, enum reply_profile profile)
{
    enum reply_cut cut = REPLY_WHOLE;
    char *reply = policy_reply(NULL, profile, known, &cut);
    struct postfix_reading seen;
    bool secure;

    if (!reply)
        __builtin_trap();
    seen = postfix_read(reply_profile_version(profile), bytes_of(reply));
    secure = seen.outcome == POSTFIX_FOUND && seen.level == POSTFIX_SECURE;
    if (seen.outcome == POSTFIX_REFUSES || seen.outcome == POSTFIX_DEFERS ||
        secure != (policy_answer_of(known) == POLICY_ANSWER_STS))
        __builtin_trap();
    if (secure && (!seen.servername || seen.sts != (profile == PROFILE_ATTRIBUTES) ||
                   (cut < REPLY_KNOWN_MX_ONLY && seen.matches != known->policy->mx_count) ||
                   (seen.sts && seen.mx_patterns != seen.matches)))
        __builtin_trap();
    talloc_free(reply);
}

static void check_all(struct policy_known *known, unsigned flags)
{
    known->dane = (enum dane_cover)(flags % 3);
    for (int profile = 0; profile < PROFILES; profile++)
        check(known, (enum reply_profile)profile);
}

static void check_policy(struct policy_known *known, struct bytes text, unsigned flags)
{
    struct live_policy live = {.id = "1"};
    struct sts_policy *policy;

    if (sts_policy_parse(text.data, text.length, &policy) != STS_OK)
        return;
    live.mode = sts_policy_mode(policy);
    live.max_age = sts_policy_max_age(policy);
    live.mx = sts_policy_mx(policy, &live.mx_count);
    if (sts_policy_usable(policy)) {
        /* One that enforces always says so. */
        if (live.mode == STS_MODE_ENFORCE && !live.mx_count)
            __builtin_trap();
        known->policy = &live;
        known->mx_hosts = live.mx;
        known->mx_host_count = live.mx_count ? flags % 2 : 0;
    }
    check_all(known, flags);
    sts_policy_free(policy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {(const char *)data + 1, size ? size - 1 : 0}, key;
    char domain[STS_NAME_SIZE];
    struct policy_known known = {.domain = domain};
    long end = size ? bytes_find_char(input, '\n') : -1;

    if (end < 0)
        return 0;
    key = (struct bytes){input.data, (size_t)end};
    if (policy_key_read(key, domain) == POLICY_KEY_DOMAIN)
        check_policy(&known, bytes_from(input, (size_t)end + 1), data[0]);
    return 0;
}
