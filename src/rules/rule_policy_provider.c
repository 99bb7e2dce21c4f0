/* SPDX-License-Identifier: MIT */
/* rule_policy_provider.c - mx lines that are meant for a known mail provider and miss its hosts.
 *
 * The policy alone tells: no MX record is needed, so that a file can be judged before it is
 * published.  Where a domain is checked, its MX hosts say it better (rule_mx_cover.c). */
#include "rules/rule.h"

#include <string.h>

#include <mtasts/match.h>

#include "vendors/provider.h"

struct pattern {
    const char *text; /* "*.example.com" */
    const char *base; /* "example.com" */
    bool star;
};

static struct pattern pattern_from(const char *text)
{
    bool star = !strncmp(text, "*.", 2);

    return (struct pattern){text, star ? text + 2 : text, star};
}

/* Does the name stand below the base? */
static bool is_below(const char *name, const char *base)
{
    size_t length = strlen(name), tail = strlen(base);

    return length > tail && name[length - tail - 1] == '.' && !strcmp(name + length - tail, base);
}

/* ".mail.protection.outlook.com" is the ending of hosts; the pattern stands for none of them: it is
 * the ending itself without a star, a label short, or something above. */
static bool misses_ending(const struct provider *provider, const char *ending,
                          const struct pattern *pattern)
{
    if (*ending != '.')
        return false;
    if (!strcmp(ending + 1, pattern->base))
        return !pattern->star || !provider->mx_patterns; /* of those without, two labels vary */
    return is_below(ending + 1, pattern->base) && strchr(pattern->base, '.');
}

/* A name that stands alone and that the pattern covers: "*.google.com" for smtp.google.com. */
static bool covers_a_host(const struct pattern *pattern)
{
    for (size_t i = 0; i < provider_count; i++)
        for (const char *const *name = providers[i].mx_names; name && *name; name++)
            if (**name != '.' && sts_name_match(pattern->text, *name))
                return true;
    return false;
}

static const struct provider *provider_missed(const struct pattern *pattern)
{
    if (covers_a_host(pattern))
        return NULL;
    for (size_t i = 0; i < provider_count; i++)
        for (const char *const *name = providers[i].mx_names; name && *name; name++)
            if (misses_ending(&providers[i], *name, pattern))
                return &providers[i];
    return NULL;
}

/* Whose hosts the pattern covers. */
static const struct provider *provider_meant(struct rules *r, const struct pattern *pattern)
{
    const struct provider *provider = provider_of_mx(pattern->base);

    return provider || !pattern->star ? provider
                                      : provider_of_mx(rule_text(r, "mx.%s", pattern->base));
}

static const char *hosts_lacking(struct rules *r, const struct provider *provider,
                                 const struct sts_policy *policy)
{
    const char *hosts = NULL;

    for (const char *const *host = provider->mx_hosts; host && *host; host++)
        if (!sts_policy_covers(policy, *host, NULL))
            hosts = rule_list(r, hosts, *host);
    return hosts;
}

/* A domain whose MX hosts are a provider's is judged by these. */
static bool uses_provider(const struct rules *r)
{
    for (size_t i = 0; r->view.facts && i < r->view.facts->mx_count; i++)
        if (provider_of_mx(r->view.facts->mx[i].name))
            return true;
    return false;
}

/* The lines of its set, or the form of its host names where each customer has others. */
static const char *lines_of(struct rules *r, const struct provider *provider)
{
    const char *lines = NULL;

    if (!provider->mx_patterns)
        return rule_text(r, "mx: TENANT.ZONE%s", provider->mx_names[0]);
    for (const char *const *p = provider->mx_patterns; *p; p++)
        lines = rule_lines(r, lines, rule_text(r, "mx: %s", *p));
    return lines;
}

static void add(struct rules *r, const struct provider *provider, const struct pattern *pattern,
                const char *hosts)
{
    finding_add(r, FINDING_POLICY_MX_PROVIDER, pattern->text,
                hosts ? N_("mx: {pattern} is for {provider}, but the policy does not cover its "
                           "hosts {hosts}.")
                      : N_("mx: {pattern} covers none of the hosts of {provider}."),
                "pattern", pattern->text, "provider", provider->name, "hosts", hosts, "provider_mx",
                lines_of(r, provider), NULL);
}

void provider_pattern_findings(struct rules *r, const struct sts_policy *policy)
{
    size_t count;
    const char *const *mx = sts_policy_mx(policy, &count);
    const struct provider *told = NULL;

    for (size_t i = 0; i < count && !uses_provider(r); i++) {
        struct pattern pattern = pattern_from(mx[i]);
        const struct provider *missed = provider_missed(&pattern);
        const struct provider *provider = missed ? missed : provider_meant(r, &pattern);
        const char *hosts = provider && !missed ? hosts_lacking(r, provider, policy) : NULL;

        if (!provider || provider == told || !(missed || hosts))
            continue;
        add(r, provider, &pattern, hosts);
        told = provider;
    }
}
