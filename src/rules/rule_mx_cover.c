/* SPDX-License-Identifier: MIT */
/* rule_mx_cover.c - do the mx patterns of the policy cover the MX hosts (RFC 8461 section 4.1)? */
#include "rules/rule.h"

#include <string.h>
#include <strings.h>

#include "base/hname.h"
#include "vendors/provider.h"
#include "verdict/mx_target.h"
#include "verdict/session.h"

/* ---- why a host is not covered --------------------------------------------------------------- */

/* "*.example.com" for mx.mail.example.com: it would match if a star stood for several labels. */
static bool too_deep(const char *pattern, const char *host)
{
    return !strncmp(pattern, "*.", 2) && hname_ends_with(host, pattern + 1) &&
           !sts_name_match(pattern, host);
}

/* Labels that two names share at their ends. */
static size_t shared_labels(const char *a, const char *b)
{
    const char *end_a = a + strlen(a), *end_b = b + strlen(b);
    size_t labels = 0;

    while (end_a > a && end_b > b) {
        end_a--, end_b--;
        if (strncasecmp(end_a, end_b, 1) != 0)
            return labels;
        labels += *end_a == '.';
    }
    return labels + 1;
}

/* The pattern that comes closest; NULL where none shares more than the last label. */
static const char *nearest_pattern(const struct sts_policy *policy, const char *host)
{
    size_t count, best = 1;
    const char *const *mx = sts_policy_mx(policy, &count), *nearest = NULL;

    for (size_t i = 0; i < count; i++) {
        size_t labels = shared_labels(mx[i], host);

        if (labels > best) {
            best = labels;
            nearest = mx[i];
        }
    }
    return nearest;
}

static const char *pattern_list(struct rules *r, const struct sts_policy *policy)
{
    size_t count;
    const char *const *mx = sts_policy_mx(policy, &count), *list = NULL;

    for (size_t i = 0; i < count && i < 20; i++)
        list = rule_list(r, list, mx[i]);
    return list ? list : "-";
}

static bool has_pattern(const struct sts_policy *policy, const char *pattern)
{
    size_t count;
    const char *const *mx = sts_policy_mx(policy, &count);

    for (size_t i = 0; i < count; i++)
        if (!strcmp(mx[i], pattern))
            return true;
    return false;
}

static const char *deep_pattern(const struct sts_policy *policy, const char *host)
{
    size_t count;
    const char *const *mx = sts_policy_mx(policy, &count);

    for (size_t i = 0; i < count; i++)
        if (too_deep(mx[i], host))
            return mx[i];
    return NULL;
}

/* The lines to add for a host: the whole set of its provider, as far as the policy lacks it, where
 * that covers the host; else the host.  NULL: no line helps. */
static const char *lines_for(struct rules *r, const struct sts_policy *policy, const char *host)
{
    const struct provider *provider = provider_of_mx(host);
    const char *lines = NULL;

    if (mx_target_of(host) != MX_TARGET_HOST)
        return NULL;
    if (!provider_covers(provider, host))
        return rule_text(r, "mx: %s", host);
    for (const char *const *p = provider->mx_patterns; *p; p++)
        if (!has_pattern(policy, *p))
            lines = rule_list(r, lines, rule_text(r, "mx: %s", *p));
    return lines;
}

static void deep_finding(struct rules *r, const struct sts_policy *policy, const char *host,
                         const char *pattern)
{
    finding_add(r, FINDING_MX_WILDCARD_DEPTH, host,
                N_("The pattern {pattern} does not cover {host}: an asterisk matches only one "
                   "label."),
                "host", host, "pattern", pattern, "patterns", pattern_list(r, policy), "right",
                lines_for(r, policy, host), NULL);
}

static void uncovered_finding(struct rules *r, const struct sts_policy *policy, const char *host)
{
    const char *nearest = nearest_pattern(policy, host);

    finding_add(r, FINDING_MX_NOT_COVERED, host,
                nearest ? N_("No pattern of the policy covers {host}; the closest is {nearest}.")
                        : N_("No pattern of the policy covers {host}: {patterns}."),
                "host", host, "nearest", nearest, "patterns", pattern_list(r, policy), "right",
                lines_for(r, policy, host), NULL);
}

void cover_finding(struct rules *r, const struct sts_policy *policy, const char *host)
{
    const char *deep;

    if (sts_policy_covers(policy, host, NULL))
        return;
    deep = deep_pattern(policy, host);
    if (deep)
        deep_finding(r, policy, host, deep);
    else
        uncovered_finding(r, policy, host);
}

/* ---- the set as a whole ---------------------------------------------------------------------- */

static bool pattern_used(const struct rules *r, const char *pattern)
{
    for (size_t i = 0; i < r->view.mx_count; i++)
        if (sts_name_match(pattern, r->view.mx[i].host->name) ||
            too_deep(pattern, r->view.mx[i].host->name))
            return true;
    return false;
}

static bool names_policy_host(const struct rules *r)
{
    size_t count;
    const char *const *mx = sts_policy_mx(r->view.published.policy, &count);

    for (size_t i = 0; i < count; i++)
        if (!strcmp(mx[i], r->view.facts->policy_host.name) && !pattern_used(r, mx[i]))
            return true;
    return false;
}

struct cover {
    size_t judged, covered, deep;
    const char *uncovered; /* hosts that no near miss explains */
    const char *right;     /* the lines to add */
};

/* Two hosts of one provider want the same lines. */
static void add_lines(struct rules *r, const char **list, const char *lines)
{
    if (!lines)
        return;
    if (!*list || !strstr(*list, lines))
        *list = rule_list(r, *list, lines);
}

/* Whom nobody finds no policy need cover: the MX record is what is wrong. */
static bool is_judged(const struct rules *r, const struct mx_view *view)
{
    return mx_target_of(view->host->name) == MX_TARGET_HOST &&
           mx_target_findable(r->view.facts, view->host);
}

static struct cover cover_count(struct rules *r)
{
    struct cover cover = {0};

    for (size_t i = 0; i < r->view.mx_count; i++) {
        const char *host = r->view.mx[i].host->name;

        if (!is_judged(r, &r->view.mx[i]))
            continue;
        cover.judged++;
        if (r->view.mx[i].covered == ANSWER_YES) {
            cover.covered++;
            continue;
        }
        if (deep_pattern(r->view.published.policy, host)) {
            cover.deep++;
            continue;
        }
        cover.uncovered = rule_list(r, cover.uncovered, host);
        add_lines(r, &cover.right, lines_for(r, r->view.published.policy, host));
    }
    return cover;
}

/* The name of the policy host was written where the MX belong: that explains all the rest. */
static void policy_host_named(struct rules *r, const struct cover *cover)
{
    finding_add(r, FINDING_MX_PATTERN_IS_POLICY_HOST, r->view.facts->policy_host.name,
                N_("The policy names {pattern}, the policy host, instead of the MX hosts: "
                   "{hosts}."),
                "pattern", r->view.facts->policy_host.name, "patterns",
                pattern_list(r, r->view.published.policy), "hosts", cover->uncovered, "right",
                cover->right, NULL);
}

static void none_covered(struct rules *r, const struct cover *cover)
{
    finding_add(r, FINDING_MX_NONE_COVERED, r->view.facts->domain,
                N_("The policy covers none of the MX hosts ({hosts}), only {patterns}."), "hosts",
                cover->uncovered, "patterns", pattern_list(r, r->view.published.policy), "right",
                cover->right, NULL);
}

const char *rule_mx_meant(struct rules *r)
{
    const struct facts *facts = r->view.facts;
    const char *const *mx;
    size_t count, i = 0;

    if (!r->view.policy || dns_lookup_state(facts->mx_answer) != LOOKUP_ABSENT ||
        r->view.policy->mode == STS_MODE_NONE)
        return NULL;
    mx = sts_policy_mx(r->view.published.policy, &count);
    if (sts_policy_covers(r->view.published.policy, facts->domain, NULL))
        return NULL;
    while (i < count && (*mx[i] == '*' || !strcmp(mx[i], facts->policy_host.name)))
        i++;
    if (i == count || dns_lookup_state(facts->mx_meant) == LOOKUP_ABSENT)
        return NULL;
    return mx[i];
}

static void record_missing(struct rules *r, const char *meant)
{
    finding_add(r, FINDING_MX_RECORD_MISSING, r->view.facts->domain,
                N_("{domain} has no MX record, so senders use the address of {domain} itself, "
                   "which the policy does not cover; it names {patterns}."),
                "host", r->view.facts->domain, "name", r->view.facts->domain, "type", "MX",
                "answer", dns_answer_text(r->view.facts->mx_answer), "meant",
                rule_text(r, "%s", meant), "patterns", pattern_list(r, r->view.published.policy),
                NULL);
}

static void judge_cover(struct rules *r, const struct cover *cover)
{
    bool by_policy_host = names_policy_host(r) && cover->uncovered;
    const char *meant = rule_mx_meant(r);

    if (meant)
        record_missing(r, meant);
    else if (by_policy_host)
        policy_host_named(r, cover);
    else if (!cover->covered && cover->uncovered)
        none_covered(r, cover);
    for (size_t i = 0; i < r->view.mx_count; i++) {
        const char *host = r->view.mx[i].host->name;
        const char *deep = deep_pattern(r->view.published.policy, host);

        if (!is_judged(r, &r->view.mx[i]) || r->view.mx[i].covered == ANSWER_YES)
            continue;
        if (deep)
            deep_finding(r, r->view.published.policy, host, deep);
        else if (!by_policy_host && cover->covered)
            uncovered_finding(r, r->view.published.policy, host);
    }
}

/* ---- patterns too many ----------------------------------------------------------------------- */

static bool seen_before(const char *const *mx, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (!strcmp(mx[i], mx[index]))
            return true;
    return false;
}

/* NXDOMAIN for the domain that somebody would have to register; NULL: it is taken, or not known. */
static const char *free_domain(const struct rules *r, const char *pattern)
{
    const char *domain = hname_registered(pattern);

    for (size_t i = 0; i < r->view.facts->pattern_soa_count; i++) {
        const struct dns_answer *soa = &r->view.facts->pattern_soas[i];

        if (soa->outcome == DNS_OUTCOME_NXDOMAIN && soa->security != DNS_SECURITY_BOGUS &&
            !strcasecmp(soa->name, domain))
            return soa->name;
    }
    return NULL;
}

static void unused_pattern(struct rules *r, const char *pattern)
{
    const char *domain = free_domain(r, pattern);
    struct finding *finding = finding_add(
        r, FINDING_MX_PATTERN_UNUSED, pattern,
        domain ? N_("The pattern {pattern} matches no MX host of {domain}, and the domain "
                    "{name} is not registered: whoever registers it can obtain certificates "
                    "that the policy accepts.")
               : N_("The pattern {pattern} matches no MX host of {domain}."),
        "pattern", pattern, "name", domain, NULL);

    if (domain)
        finding->severity = SEVERITY_MEDIUM;
}

static void unused_patterns(struct rules *r, const struct cover *cover)
{
    size_t count;
    const char *const *mx = sts_policy_mx(r->view.published.policy, &count);

    for (size_t i = 0; i < count; i++) {
        if (pattern_used(r, mx[i]) || seen_before(mx, i))
            continue;
        if (!cover->uncovered || strcmp(mx[i], r->view.facts->policy_host.name) != 0)
            unused_pattern(r, mx[i]);
    }
}

/* ---- patterns too few ------------------------------------------------------------------------ */

/* Hosts that the provider may put into use and that the policy does not cover. */
static const char *hosts_lacking(struct rules *r, const struct provider *provider)
{
    const char *hosts = NULL;

    for (const char *const *host = provider->mx_hosts; host && *host; host++)
        if (!sts_policy_covers(r->view.published.policy, *host, NULL))
            hosts = rule_list(r, hosts, *host);
    return hosts;
}

static bool provider_seen_before(const struct rules *r, size_t index)
{
    const struct provider *provider = provider_of_mx(r->view.mx[index].host->name);

    for (size_t i = 0; i < index; i++)
        if (provider_of_mx(r->view.mx[i].host->name) == provider)
            return true;
    return false;
}

/* The present hosts are covered, and others that the provider documents would not be. */
static void provider_patterns(struct rules *r)
{
    for (size_t i = 0; i < r->view.mx_count; i++) {
        const char *host = r->view.mx[i].host->name;
        const struct provider *provider = provider_of_mx(host);
        const char *hosts = provider ? hosts_lacking(r, provider) : NULL;

        if (hosts && !provider_seen_before(r, i))
            finding_add(r, FINDING_MX_PROVIDER_PATTERN, host,
                        N_("The policy does not cover all hosts that {provider} documents; "
                           "{hosts} would be rejected."),
                        "host", host, "hosts", hosts, "provider", provider->name, "patterns",
                        pattern_list(r, r->view.published.policy), "right",
                        lines_for(r, r->view.published.policy, host), NULL);
    }
}

void rule_mx_cover(struct rules *r)
{
    struct cover cover;

    if ((r->view.posture != POSTURE_ENFORCE && r->view.posture != POSTURE_TESTING) ||
        mx_is_nowhere(r->view.facts))
        return;
    if (mx_servers_differ(r->view.facts)) /* first they have to agree */
        return;
    cover = cover_count(r);
    if (!cover.judged)
        return;
    judge_cover(r, &cover);
    /* Where nothing fits, each pattern is "unused", and saying so would bury the fault. */
    if ((cover.covered || cover.deep) && !r->view.facts->mx_omitted)
        unused_patterns(r, &cover);
    if (cover.covered == cover.judged)
        provider_patterns(r);
}
