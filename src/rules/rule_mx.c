/* SPDX-License-Identifier: MIT */
/* rule_mx.c - the MX records and the addresses of the hosts they name. */
#include "rules/session.h"

#include <string.h>

/* ---- the MX set ------------------------------------------------------------------------------ */

static void set_lookup_failed(struct rules *r, const struct dns_answer *answer)
{
    finding_add(r, FINDING_MX_LOOKUP_FAILED, r->facts->domain,
                N_("The MX records of {domain} could not be looked up: {answer}."), "name",
                r->facts->domain, "type", "MX", "answer", answer ? dns_said(answer) : "not asked",
                NULL);
}

static void set_bogus(struct rules *r, const struct dns_answer *answer)
{
    finding_add(r, FINDING_MX_DNSSEC_BOGUS, r->facts->domain,
                answer->why_bogus
                    ? N_("The DNSSEC signatures of the MX records of {domain} do not hold: {why}.")
                    : N_("The DNSSEC signatures of the MX records of {domain} do not hold."),
                "name", r->facts->domain, "type", "MX", "answer", dns_said(answer), "why",
                answer->why_bogus, NULL);
}

static void set_implicit(struct rules *r, const struct dns_answer *answer)
{
    const struct facts *facts = r->facts;

    if (mx_is_nowhere(facts))
        finding_add(r, FINDING_MX_HOST_MISSING, facts->domain,
                    N_("{domain} has neither MX nor address records ({answer}); no mail can be "
                       "delivered."),
                    "host", facts->domain, "name", facts->domain, "type", "MX", "answer",
                    dns_said(answer), NULL);
    else
        finding_add(r, FINDING_MX_IMPLICIT, facts->domain,
                    N_("{domain} has no MX record; senders use the address of {domain} itself, "
                       "which must then be named in the policy."),
                    "host", facts->domain, "name", facts->domain, "type", "MX", "answer",
                    dns_said(answer), NULL);
}

/* RFC 7505 section 3: beside others it means nothing, and senders differ in what they make of it.
 */
static void null_among_others(struct rules *r, const struct dns_answer *answer)
{
    for (size_t i = 0; i < answer->record_count; i++) {
        const char *host = answer->records[i].host;

        if (host && *host && strcmp(host, ".") != 0)
            continue;
        finding_add(r, FINDING_MX_HOST_MISSING, r->facts->domain,
                    N_("One of the MX records of {domain} is the null MX, which says that the "
                       "domain takes no mail; the others say that it does."),
                    "name", r->facts->domain, "type", "MX", "null_mx",
                    rule_text(r, "MX %lld .", (long long)answer->records[i].preference), NULL)
            ->severity = SEVERITY_MEDIUM;
        return;
    }
}

static void judge_set(struct rules *r)
{
    const struct dns_answer *answer = r->facts->mx_answer;

    switch (dns_seen(answer)) {
    case SEEN_BOGUS:
        set_bogus(r, answer);
        break;
    case SEEN_ABSENT:
        set_implicit(r, answer);
        break;
    case SEEN_THERE:
        if (mx_is_null(r->facts))
            finding_add(r, FINDING_MX_NULL, r->facts->domain,
                        N_("{domain} takes no mail: its only MX record is the null MX."), "name",
                        r->facts->domain, "type", "MX", NULL);
        else
            null_among_others(r, answer);
        break;
    default:
        set_lookup_failed(r, answer);
    }
}

/* ---- one host -------------------------------------------------------------------------------- */

static void host_lookup(struct rules *r, const struct mx_host *host,
                        const struct dns_answer *answer)
{
    enum seen seen = dns_seen(answer);

    if (seen == SEEN_BOGUS)
        finding_add(r, FINDING_MX_DNSSEC_BOGUS, host->name,
                    N_("The DNSSEC signatures of {host} ({type}) do not hold."), "host", host->name,
                    "name", host->name, "type", dns_type_name(answer->type), "answer",
                    dns_said(answer), "why", answer->why_bogus, NULL);
    else
        finding_add(r, FINDING_MX_LOOKUP_FAILED, host->name,
                    seen == SEEN_ABSENT
                        ? N_("{host} has no address of the family asked for ({type}); whether it "
                             "has one of the other was not looked up.")
                        : N_("The address of {host} ({type}) could not be looked up: {answer}."),
                    "host", host->name, "name", host->name, "type", dns_type_name(answer->type),
                    "answer", dns_said(answer), NULL);
}

static void host_missing(struct rules *r, const struct mx_host *host)
{
    const struct dns_answer *answer = host->a ? host->a : host->aaaa;

    finding_add(r, FINDING_MX_HOST_MISSING, host->name,
                answer->outcome == DNS_OUTCOME_NXDOMAIN
                    ? N_("The MX host {host} does not exist in the DNS ({answer}).")
                    : N_("The MX host {host} has no address ({answer})."),
                "host", host->name, "name", host->name, "type", "A and AAAA", "answer",
                dns_said(answer), "cname", dns_target(answer), NULL);
}

static void host_alias(struct rules *r, const struct mx_host *host)
{
    const char *target = dns_target(host->a) ? dns_target(host->a) : dns_target(host->aaaa);

    /* Without MX the domain itself is no MX target; it may be an alias. */
    if (target && dns_seen(r->facts->mx_answer) == SEEN_THERE)
        finding_add(r, FINDING_MX_HOST_CNAME, host->name,
                    N_("The MX host {host} is an alias of {cname}; an MX record must name the "
                       "host itself."),
                    "host", host->name, "name", host->name, "type", "CNAME", "cname", target, NULL);
}

static bool is_bad(const struct dns_answer *answer)
{
    return dns_seen(answer) == SEEN_UNKNOWN || dns_seen(answer) == SEEN_BOGUS;
}

static void judge_host(struct rules *r, const struct mx_host *host)
{
    enum seen seen = host_seen(host->a, host->aaaa);

    if (host->is_address) {
        finding_add(r, FINDING_MX_IP_LITERAL, host->name,
                    N_("The MX record names the address {host}; a host name is due."), "host",
                    host->name, "name", r->facts->domain, "type", "MX", NULL);
        return;
    }
    if (seen == SEEN_NOT) /* MX hosts were not looked at (--no-smtp) */
        return;
    host_alias(r, host);
    if (seen == SEEN_ABSENT)
        host_missing(r, host);
    else if (is_bad(host->a))
        host_lookup(r, host, host->a);
    else if (is_bad(host->aaaa))
        host_lookup(r, host, host->aaaa);
    else if (seen != SEEN_THERE)
        host_lookup(r, host, host->a ? host->a : host->aaaa);
}

void rule_mx(struct rules *r)
{
    judge_set(r);
    for (size_t i = 0; i < r->facts->mx_count && !mx_is_nowhere(r->facts); i++)
        judge_host(r, &r->facts->mx[i]);
}
