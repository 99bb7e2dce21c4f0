/* SPDX-License-Identifier: MIT */
/* rule_renewal.c - what will keep a CA from renewing the certificate of a host.
 *
 * CAs validate DNSSEC when they look up a host and its CAA records: required of public ones since
 * 15 March 2026 (CA/Browser Forum ballot SC-085v2); RFC 8659 section 5.1 recommends it. */
#include "rules/rule.h"

static void judge_host(struct rules *r, const char *host, const struct dns_answer *answer)
{
    if (dns_lookup_state(answer) == LOOKUP_BOGUS)
        finding_add(r, FINDING_RENEWAL_DNSSEC_BOGUS, host,
                    N_("DNSSEC validation of {host} ({type}) fails."), "host", host, "name", host,
                    "type", dns_type_name(answer->type), "why", answer->why_bogus, NULL);
}

static void judge_either(struct rules *r, const char *host, const struct dns_answer *a,
                         const struct dns_answer *aaaa)
{
    judge_host(r, host, dns_lookup_state(a) == LOOKUP_BOGUS ? a : aaaa);
}

void rule_renewal(struct rules *r)
{
    const struct facts *facts = r->view.facts;

    judge_either(r, facts->policy_host.name, facts->policy_host.a, facts->policy_host.aaaa);
    for (size_t i = 0; i < facts->mx_count; i++)
        if (!facts->mx[i].is_address)
            judge_either(r, facts->mx[i].name, facts->mx[i].a, facts->mx[i].aaaa);
}
