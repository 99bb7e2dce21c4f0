/* SPDX-License-Identifier: MIT */
/* rule_policy.c - the text of the policy (RFC 8461 section 3.2). */
#include <string.h>

#include <mtasts/match.h>

#include "rules/rule.h"
#include "rules/suffix.h"
#include "verdict/fetch.h"
#include "verdict/mx_target.h"

#define MAX_AGE_SHORT 86400   /* seconds: senders look for changes about once a day */
#define MAX_AGE_LOW   1209600 /* "weeks or greater" (RFC 8461 section 3.2) */

static void mode_findings(struct rules *r, const char *max_age)
{
    if (r->view.posture == POSTURE_TESTING)
        finding_add(r, FINDING_POLICY_MODE_TESTING, "mode",
                    N_("The policy is in testing mode: senders deliver despite failures and "
                       "only report them."),
                    "mode", "testing", "max_age", max_age, NULL);
    if (r->view.posture == POSTURE_NONE)
        finding_add(r, FINDING_POLICY_MODE_NONE, "mode",
                    N_("The policy is in mode none: MTA-STS is disabled on purpose."), "mode",
                    "none", "max_age", max_age, NULL);
}

/* A wildcard below the domain itself is nobody else's, whatever the list says of it. */
static bool is_too_wide(const struct rules *r, const char *pattern)
{
    return strncmp(pattern, "*.", 2) == 0 && suffix_is_public(pattern + 2) &&
           !(r->view.facts && sts_name_match(pattern + 2, r->view.facts->domain));
}

static void wide_findings(struct rules *r, const struct sts_policy *policy)
{
    size_t count;
    const char *const *patterns = sts_policy_mx(policy, &count);

    for (size_t i = 0; i < count; i++)
        if (is_too_wide(r, patterns[i]))
            finding_add(r, FINDING_POLICY_MX_TOO_WIDE, patterns[i],
                        N_("mx: {pattern} also matches other people's mail servers: anyone can "
                           "register names under {suffix}."),
                        "pattern", patterns[i], "suffix", patterns[i] + 2, NULL);
}

void policy_findings(struct rules *r, const struct sts_policy *policy)
{
    enum sts_mode mode = sts_policy_mode(policy);
    long long seconds = sts_policy_max_age(policy);
    const char *max_age = seconds < 0 ? NULL : rule_number(r, seconds);

    /* A policy on its way out (mode none) is short-lived for good reason. */
    if (seconds >= 0 && seconds < MAX_AGE_SHORT && mode != STS_MODE_NONE)
        finding_add(r, FINDING_POLICY_MAX_AGE_SHORT, "max_age",
                    N_("Senders forget the policy after {max_age|second|seconds}, less than a "
                       "day."),
                    "max_age", max_age, "mode", sts_mode_name(mode), NULL);
    if (seconds >= MAX_AGE_SHORT && seconds < MAX_AGE_LOW && r->view.posture == POSTURE_ENFORCE)
        finding_add(r, FINDING_POLICY_MAX_AGE_LOW, "max_age",
                    N_("Senders keep the policy for {max_age|second|seconds}; weeks or more are "
                       "recommended once enforce has proved reliable."),
                    "max_age", max_age, "mode", sts_mode_name(mode), NULL);
    mode_findings(r, max_age);
    wide_findings(r, policy);
}

/* What the policy has to name, for the findings about mx lines. */
static void name_hosts(struct rules *r, size_t from)
{
    const char *list = NULL, *lines = NULL;

    for (size_t i = 0; i < r->view.facts->mx_count && i < 10; i++) {
        const char *line = rule_text(r, "mx: %s", r->view.facts->mx[i].name);

        if (mx_target_of(r->view.facts->mx[i].name) != MX_TARGET_HOST ||
            !mx_target_findable(r->view.facts, &r->view.facts->mx[i]))
            continue;
        list = rule_list(r, list, line);
        lines = rule_lines(r, lines, line);
    }
    for (size_t i = from; i < r->finding_count; i++) {
        enum finding_code code = r->findings[i].code;

        if (code == FINDING_POLICY_MX_MISSING || code == FINDING_POLICY_MX_MISSING_IN_NONE ||
            code == FINDING_POLICY_MX_INVALID || code == FINDING_POLICY_MX_TOO_WIDE) {
            finding_param(r, &r->findings[i], "hosts", list);
            finding_param(r, &r->findings[i], "mx_lines", lines);
        }
    }
}

/* Whatever it holds: senders ask for no compression and read the bytes as they come. */
static void compressed(struct rules *r, struct bytes coding)
{
    finding_add(r, FINDING_POLICY_LINE_MALFORMED, r->view.facts->policy_host.name,
                N_("{policy_host} serves the policy compressed ({coding}) although no client "
                   "asked for that, so senders find no readable line in it."),
                "coding", rule_bytes(r, coding.data, coding.length), NULL);
}

void rule_policy(struct rules *r)
{
    const struct published *p = &r->view.published;
    struct text_source source = {0};
    const struct sts_issue *issues;
    size_t count, before = r->finding_count;

    if (!p->policy || posture_is_absent(r->view.posture))
        return;
    source.text = p->source->body.data ? p->source->body.data : "";
    source.length = p->source->body.length;
    if (fetch_coding(p->source).length && !p->policy_served) {
        compressed(r, fetch_coding(p->source));
        return;
    }
    issues = sts_policy_issues(p->policy, &count);
    text_findings(r, &source, issues, count);
    policy_findings(r, p->policy);
    provider_pattern_findings(r, p->policy);
    name_hosts(r, before);
    portability_findings(r, p->policy, &source);
}
