/* SPDX-License-Identifier: MIT */
/* rule_place.c - what is wrong here, at the resolver asked or with the network, is said once and is
 * no fault of the domain's. */
#include <string.h>

#include "rules/rule.h"
#include "rules/vantage.h"

static bool is_answered(const struct dns_answer *answer)
{
    return answer &&
           (answer->outcome == DNS_OUTCOME_FOUND || answer->outcome == DNS_OUTCOME_NODATA ||
            answer->outcome == DNS_OUTCOME_NXDOMAIN);
}

/* The first questions of every check, of which none depends on another. */
static bool any(const struct facts *facts, bool (*holds)(const struct dns_answer *answer))
{
    return holds(facts->sts_txt) || holds(facts->mx_answer) || holds(facts->tlsrpt_txt) ||
           holds(facts->policy_host.a) || holds(facts->policy_host.aaaa);
}

static bool is_unanswered(const struct dns_answer *answer)
{
    return !answer || answer->outcome == DNS_OUTCOME_TIMEOUT ||
           answer->outcome == DNS_OUTCOME_UNKNOWN;
}

/* No word on any of them, from a resolver of which nothing good is known; and nobody stopped us. */
static bool nothing_came(const struct facts *facts)
{
    return !facts->interrupted && is_unanswered(facts->sts_txt) &&
           is_unanswered(facts->mx_answer) && is_unanswered(facts->tlsrpt_txt) &&
           is_unanswered(facts->policy_host.a) && is_unanswered(facts->policy_host.aaaa) &&
           vantage_state(facts, VANTAGE_RESOLVER) != VANTAGE_STATE_OK;
}

static bool resolver_fails(const struct facts *facts)
{
    enum vantage_state resolver = vantage_state(facts, VANTAGE_RESOLVER);

    return resolver == VANTAGE_STATE_CLOSED || resolver == VANTAGE_STATE_WRONG ||
           vantage_state(facts, VANTAGE_NETWORK) == VANTAGE_STATE_CLOSED;
}

/* "Expired" where our clock is fast, "not yet" where it is slow.  The words are libunbound's. */
static bool bogus_by_time(const struct facts *facts, const struct dns_answer *answer)
{
    bool fast = facts->vantage->clock_offset < 0;

    return answer && answer->security == DNS_SECURITY_BOGUS && answer->why_bogus &&
           strstr(answer->why_bogus, fast ? "signature expired" : "signature before inception");
}

bool clock_spoils_dnssec(const struct facts *facts)
{
    return vantage_state(facts, VANTAGE_CLOCK) == VANTAGE_STATE_WRONG &&
           (bogus_by_time(facts, facts->sts_txt) || bogus_by_time(facts, facts->mx_answer) ||
            bogus_by_time(facts, facts->tlsrpt_txt) || bogus_by_time(facts, facts->policy_host.a) ||
            bogus_by_time(facts, facts->policy_host.aaaa));
}

bool place_is_blind(const struct facts *facts)
{
    return nothing_came(facts) || clock_spoils_dnssec(facts) ||
           (!any(facts, is_answered) && (resolver_fails(facts) || any(facts, dns_bogus_here)));
}

static const char *resolvers_asked(struct rules *r)
{
    const struct observer *observer = &r->facts->observer;
    const char *list = NULL;

    for (size_t i = 0; i < observer->resolver_count; i++)
        list = rule_list(r, list, observer->resolvers[i]);
    return list ? list : "-";
}

static bool is_recursive(const struct facts *facts)
{
    return facts->observer.resolver_count == 1 && strcmp(facts->observer.resolvers[0], "none") == 0;
}

static const char *why_unreachable(const struct facts *facts)
{
    if (vantage_state(facts, VANTAGE_NETWORK) == VANTAGE_STATE_CLOSED)
        return N_("This machine has no network: no route leads to the internet. This says nothing "
                  "about {domain}.");
    if (vantage_state(facts, VANTAGE_RESOLVER) == VANTAGE_STATE_WRONG)
        return N_("The DNS resolver answers every query with an error ({server}). This says "
                  "nothing about {domain}.");
    if (is_recursive(facts))
        return N_("The DNS root servers do not answer. This says nothing about {domain}.");
    if (facts->deadline_reached)
        return N_("No DNS answer arrived within {seconds} s (resolver: {server}). This says "
                  "nothing about {domain}.");
    return N_("The DNS resolver does not answer ({server}). This says nothing about {domain}.");
}

static void unreachable(struct rules *r)
{
    const char *detail = vantage_detail(r->facts, VANTAGE_RESOLVER);
    const char *server = detail ? detail : resolvers_asked(r);

    finding_add(r, FINDING_RESOLVER_UNREACHABLE, server, why_unreachable(r->facts), "server",
                server, "seconds",
                rule_text(r, "%lld", (long long)(r->facts->observer.timeout_ms / 1000)), NULL);
}

void rule_place_blind(struct rules *r)
{
    const char *server = resolvers_asked(r);

    if (resolver_fails(r->facts) || nothing_came(r->facts)) {
        unreachable(r);
        return;
    }
    if (clock_spoils_dnssec(r->facts)) {
        rule_clock(r);
        return;
    }
    finding_add(r, FINDING_RESOLVER_NO_DNSSEC, server,
                N_("No answer can be validated: behind the resolver {server} even the DNSSEC "
                   "signatures of the root are invalid. This says nothing about {domain}."),
                "server", server, NULL)
        ->severity = SEVERITY_UNKNOWN;
}

/* Was validation done all the same, by asking the root servers? */
static bool validated(const struct rules *r)
{
    return r->facts->observer.trust_anchor != NULL;
}

void rule_place(struct rules *r)
{
    const char *detail = vantage_detail(r->facts, VANTAGE_DNSSEC);
    enum vantage_state state = vantage_state(r->facts, VANTAGE_DNSSEC);

    if (state == VANTAGE_STATE_CLOSED)
        finding_add(r, FINDING_RESOLVER_NO_DNSSEC, detail ? detail : "-",
                    validated(r)
                        ? N_("The resolver {server} does not pass DNSSEC signatures, so the root "
                             "servers were asked instead.")
                        : N_("The resolver {server} does not pass DNSSEC signatures, and the root "
                             "servers cannot be reached. DNSSEC and DANE were not judged."),
                    "server", detail ? detail : "-", NULL);
    if (state == VANTAGE_STATE_WRONG && detail)
        finding_add(r, FINDING_TRUST_ANCHOR_WRONG, detail,
                    N_("The DNSSEC keys of the root do not match the trust anchor {found_at}. "
                       "DNSSEC and DANE were not judged."),
                    "found_at", detail, NULL);
}
