/* SPDX-License-Identifier: MIT */
/* pattern.c - patterns that match no MX: does the domain exist (one that nobody owns is a
 * risk), and where no MX record exists, the host? */
#include <string.h>
#include <strings.h>

#include <mtasts/match.h>
#include <mtasts/policy.h>

#include "base/hname.h"
#include "probe/question.h"
#include "probe/work.h"

struct pattern_domains {
    const char *names[LIMIT_PATTERNS];
    struct dns_answer *soas[LIMIT_PATTERNS];
    size_t count;
};

static bool is_used(const struct facts *facts, const char *pattern)
{
    for (size_t i = 0; i < facts->mx_count; i++)
        if (sts_name_match(pattern, facts->mx[i].name))
            return true;
    return false;
}

static bool is_asked(const struct pattern_domains *domains, const char *domain)
{
    for (size_t i = 0; i < domains->count; i++)
        if (strcasecmp(domains->names[i], domain) == 0)
            return true;
    return false;
}

static enum sts_status ask_patterns(struct probe *probe, const char *const *patterns, size_t count)
{
    struct pattern_domains *domains = talloc_zero(probe, struct pattern_domains);
    enum sts_status status = STS_OK;

    if (!domains)
        return STS_E_NOMEM;
    probe->patterns = domains;
    for (size_t i = 0; i < count && domains->count < LIMIT_PATTERNS && status == STS_OK; i++) {
        const char *name = hname_registered(patterns[i]);

        if (*name == '*' || is_used(probe->facts, patterns[i]) || is_asked(domains, name))
            continue;
        domains->names[domains->count] = talloc_strdup(domains, name);
        if (!domains->names[domains->count])
            return STS_E_NOMEM;
        status = question_ask(probe, name, DNS_SOA, &domains->soas[domains->count++], NULL, NULL);
    }
    return status;
}

/* Which host the domain's owner had in mind where the MX record was forgotten. */
static enum sts_status ask_meant(struct probe *probe, const char *const *patterns, size_t count)
{
    struct facts *facts = probe->facts;
    size_t i = 0;

    while (i < count && (*patterns[i] == '*' || is_used(facts, patterns[i])))
        i++;
    if (i == count || facts->mx_answer->outcome != DNS_OUTCOME_NODATA)
        return STS_OK;
    return question_ask(probe, patterns[i], probe->net->observer.ipv4 ? DNS_A : DNS_AAAA,
                        &facts->mx_meant, NULL, NULL);
}

enum sts_status probe_patterns(struct probe *probe)
{
    struct sts_policy *policy = probe_policy_text(probe);
    const char *const *patterns;
    enum sts_status status;
    size_t count;

    if (!policy)
        return STS_OK;
    patterns = sts_policy_mx(policy, &count);
    status = probe->facts->mx_count ? ask_patterns(probe, patterns, count) : STS_OK;
    if (status == STS_OK && probe->facts->mx_answer)
        status = ask_meant(probe, patterns, count);
    sts_policy_free(policy);
    return status;
}

enum sts_status probe_patterns_collect(struct probe *probe)
{
    struct facts *facts = probe->facts;
    const struct pattern_domains *domains = probe->patterns;

    if (!domains || !domains->count)
        return STS_OK;
    facts->pattern_soas = talloc_zero_array(facts, struct dns_answer, domains->count);
    if (!facts->pattern_soas)
        return STS_E_NOMEM;
    for (size_t i = 0; i < domains->count; i++)
        if (domains->soas[i])
            facts->pattern_soas[facts->pattern_soa_count++] = *domains->soas[i];
    return STS_OK;
}
