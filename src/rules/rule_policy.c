/* SPDX-License-Identifier: MIT */
/* rule_policy.c - the text of the policy (RFC 8461 section 3.2). */
#include "rules/fetch.h"
#include "rules/mx_target.h"
#include "rules/rule.h"

#define MAX_AGE_SHORT 86400 /* seconds: senders look for changes about once a day */

static void mode_findings(struct rules *r, const char *max_age)
{
    if (r->posture == POSTURE_TESTING)
        finding_add(r, FINDING_POLICY_MODE_TESTING, "mode",
                    N_("The policy is in mode testing: senders deliver in spite of faults and only "
                       "report them."),
                    "mode", "testing", "max_age", max_age, NULL);
    if (r->posture == POSTURE_NONE)
        finding_add(r, FINDING_POLICY_MODE_NONE, "mode",
                    N_("The policy is in mode none: MTA-STS is switched off on purpose."), "mode",
                    "none", "max_age", max_age, NULL);
}

void policy_findings(struct rules *r, const struct sts_policy *policy)
{
    enum sts_mode mode = sts_policy_mode(policy);
    long long seconds = sts_policy_max_age(policy);
    const char *max_age = seconds < 0 ? NULL : rule_number(r, seconds);

    /* A policy on its way out (mode none) is short-lived for good reason. */
    if (seconds >= 0 && seconds < MAX_AGE_SHORT && mode != STS_MODE_NONE)
        finding_add(r, FINDING_POLICY_MAX_AGE_SHORT, "max_age",
                    N_("Senders forget the policy after {max_age} seconds, less than a day."),
                    "max_age", max_age, "mode", sts_mode_name(mode), NULL);
    mode_findings(r, max_age);
}

/* What the policy has to name, for the findings about mx lines. */
static void name_hosts(struct rules *r, size_t from)
{
    const char *list = NULL, *lines = NULL;

    for (size_t i = 0; i < r->facts->mx_count && i < 10; i++) {
        const char *line = rule_text(r, "mx: %s", r->facts->mx[i].name);

        if (mx_target_of(r->facts->mx[i].name) != MX_TARGET_HOST ||
            !mx_target_findable(r->facts, &r->facts->mx[i]))
            continue;
        list = rule_list(r, list, line);
        lines = rule_lines(r, lines, line);
    }
    for (size_t i = from; i < r->finding_count; i++) {
        enum finding_code code = r->findings[i].code;

        if (code == FINDING_POLICY_MX_MISSING || code == FINDING_POLICY_MX_MISSING_IN_NONE ||
            code == FINDING_POLICY_MX_INVALID) {
            finding_param(r, &r->findings[i], "hosts", list);
            finding_param(r, &r->findings[i], "mx_lines", lines);
        }
    }
}

/* Whatever it holds: senders ask for no compression and read the bytes as they come. */
static void compressed(struct rules *r, struct bytes coding)
{
    finding_add(r, FINDING_POLICY_LINE_MALFORMED, r->facts->policy_host.name,
                N_("{policy_host} sends the policy compressed ({coding}) though nobody asked for "
                   "that, so senders find no line in it that they can read."),
                "coding", rule_bytes(r, coding.data, coding.length), NULL);
}

void rule_policy(struct rules *r)
{
    const struct published *p = &r->published;
    struct text_source source = {0};
    const struct sts_issue *issues;
    size_t count, before = r->finding_count;

    if (!p->policy || posture_is_absent(r))
        return;
    source.text = p->source->body.data ? p->source->body.data : "";
    source.length = p->source->body.length;
    if (fetch_coding(p->source).length && !p->policy_served) {
        compressed(r, fetch_coding(p->source));
        return;
    }
    issues = sts_policy_issues(p->policy, &count);
    text_findings(r, &source, issues, count);
    name_hosts(r, before);
    policy_findings(r, p->policy);
    provider_pattern_findings(r, p->policy);
    portability_findings(r, p->policy, &source);
}
