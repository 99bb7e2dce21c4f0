/* SPDX-License-Identifier: MIT */
/* policy_reply.c - the answer and its text.
 *
 * Nothing of a policy's text is copied: the lines for reports are written anew from what was read,
 * so that no text of a stranger is ever an attribute. */
#include "policyd/policy_reply.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "policyd/limits.h"
#include "policyd/socketmap.h"

/* ---- profiles -------------------------------------------------------------------------------- */

enum reply_profile reply_profile_of(struct bytes map, bool *ret_known)
{
    static const struct {
        const char *map;
        enum reply_profile profile;
    } maps[] = {
        {"postfix", PROFILE_PLAIN},
        {"QUERY", PROFILE_PLAIN},
        {"QUERYwithTLSRPT", PROFILE_ATTRIBUTES},
    };

    for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++) {
        if (bytes_equal(map, maps[i].map)) {
            *ret_known = true;
            return maps[i].profile;
        }
    }
    *ret_known = false;
    return PROFILE_PLAIN;
}

enum postfix_version reply_profile_version(enum reply_profile profile)
{
    return profile == PROFILE_ATTRIBUTES ? POSTFIX_3_10 : POSTFIX_3_4;
}

/* ---- the answer ------------------------------------------------------------------------------ */

static enum sts_mode mode_of(const struct policy_known *known)
{
    return known->policy ? known->policy->mode : STS_MODE_NONE;
}

enum policy_answer policy_answer_of(const struct policy_known *known)
{
    if (known->dane == DANE_COVER_ALL)
        return POLICY_ANSWER_DANE_ONLY;
    if (mode_of(known) == STS_MODE_ENFORCE && known->policy->mx_count)
        return POLICY_ANSWER_STS;
    if (known->dane == DANE_COVER_SOME)
        return POLICY_ANSWER_DANE;
    return mode_of(known) == STS_MODE_TESTING ? POLICY_ANSWER_TESTING : POLICY_ANSWER_NONE;
}

const char *policy_answer_name(enum policy_answer answer)
{
    static const char *const names[POLICY_ANSWERS] = {[POLICY_ANSWER_NONE] = "none",
                                                      [POLICY_ANSWER_TESTING] = "testing",
                                                      [POLICY_ANSWER_DANE] = "dane",
                                                      [POLICY_ANSWER_STS] = "secure",
                                                      [POLICY_ANSWER_DANE_ONLY] = "dane-only"};

    return names[answer];
}

/* ---- text with a ceiling --------------------------------------------------------------------- */

struct reply_text {
    char *bytes; /* room for LIMIT_SOCKETMAP_REPLY and a NUL */
    size_t length;
    bool too_long;
};

static void add(struct reply_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add(struct reply_text *text, const char *format, ...)
{
    size_t room = LIMIT_SOCKETMAP_REPLY + 1 - text->length;
    va_list args;
    int wanted;

    va_start(args, format);
    wanted = vsnprintf(text->bytes + text->length, room, format, args);
    va_end(args);
    if (wanted < 0 || (size_t)wanted >= room)
        text->too_long = true;
    else
        text->length += (size_t)wanted;
}

/* ---- the policy ------------------------------------------------------------------------------ */

struct reply_wish {
    enum reply_cut cut;
    size_t most; /* patterns */
};

static bool is_of_known_host(const struct policy_known *known, const char *pattern)
{
    for (size_t i = 0; i < known->mx_host_count; i++)
        if (sts_name_match(pattern, known->mx_hosts[i]))
            return true;
    return false;
}

/* The next pattern that is wanted, from *at on; NULL: there are no more. */
static const char *next_pattern(const struct policy_known *known, const struct reply_wish *wish,
                                size_t *at)
{
    while (*at < known->policy->mx_count && *at < wish->most) {
        const char *pattern = known->policy->mx[(*at)++];

        if (wish->cut != REPLY_KNOWN_MX_ONLY || is_of_known_host(known, pattern))
            return pattern;
    }
    return NULL;
}

/* Postfix's ".name" is for names of any depth below; from 3.10.5 on mx_host_pattern is exact. */
static size_t add_match(struct reply_text *text, const struct policy_known *known,
                        const struct reply_wish *wish)
{
    const char *pattern;
    size_t at = 0, count = 0;

    add(text, "OK secure match");
    while ((pattern = next_pattern(known, wish, &at)))
        add(text, "%c%s", count++ ? ':' : '=', pattern + (pattern[0] == '*'));
    add(text, " servername=hostname");
    return count;
}

static void add_attributes(struct reply_text *text, const struct policy_known *known,
                           const struct reply_wish *wish)
{
    const char *pattern;

    add(text, " policy_type=sts policy_domain=%s", known->domain);
    for (size_t at = 0; (pattern = next_pattern(known, wish, &at));)
        add(text, " mx_host_pattern=%s", pattern);
    if (wish->cut != REPLY_WHOLE)
        return;
    add(text, " { policy_string = version: STSv1 } { policy_string = mode: %s }",
        sts_mode_name(known->policy->mode));
    for (size_t at = 0; (pattern = next_pattern(known, wish, &at));)
        add(text, " { policy_string = mx: %s }", pattern);
    add(text, " { policy_string = max_age: %" PRId64 " }", known->policy->max_age);
}

static bool fits(struct reply_text *text, enum reply_profile profile,
                 const struct policy_known *known, const struct reply_wish *wish)
{
    size_t count;

    text->length = 0;
    text->too_long = false;
    count = add_match(text, known, wish);
    if (profile == PROFILE_ATTRIBUTES)
        add_attributes(text, known, wish);
    return count && !text->too_long;
}

/* A domain of a pattern is short, so in the end something fits. */
static enum reply_cut write_policy(struct reply_text *text, enum reply_profile profile,
                                   const struct policy_known *known)
{
    struct reply_wish wish = {REPLY_WHOLE, known->policy->mx_count};

    while (wish.cut != REPLY_CUT_OFF && !fits(text, profile, known, &wish))
        wish.cut++;
    if (wish.cut == REPLY_CUT_OFF)
        while (!fits(text, profile, known, &wish) && wish.most > 1)
            wish.most -= (wish.most + 9) / 10;
    return wish.cut;
}

static char *policy_text(TALLOC_CTX *ctx, enum reply_profile profile,
                         const struct policy_known *known, enum reply_cut *ret_cut)
{
    struct reply_text text = {.bytes = talloc_size(ctx, LIMIT_SOCKETMAP_REPLY + 1)};
    char *reply;

    if (!text.bytes)
        return NULL;
    *ret_cut = write_policy(&text, profile, known);
    reply = talloc_strdup(ctx, text.bytes);
    talloc_free(text.bytes);
    return reply;
}

char *policy_reply(TALLOC_CTX *ctx, enum reply_profile profile, const struct policy_known *known,
                   enum reply_cut *ret_cut)
{
    enum policy_answer answer = policy_answer_of(known);

    *ret_cut = REPLY_WHOLE;
    switch (answer) {
    case POLICY_ANSWER_STS:
        return policy_text(ctx, profile, known, ret_cut);
    case POLICY_ANSWER_DANE:
    case POLICY_ANSWER_DANE_ONLY:
        return socketmap_reply(ctx, SOCKETMAP_OK, policy_answer_name(answer));
    default:
        return socketmap_reply(ctx, SOCKETMAP_NOT_FOUND, "");
    }
}
