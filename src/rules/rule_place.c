/* SPDX-License-Identifier: MIT */
/* rule_place.c - what is wrong here, at the resolver asked or with the network, is said once and is
 * no fault of the domain's. */
#include <string.h>

#include "rules/rule.h"
#include "verdict/place.h"

static const char *resolvers_asked(struct rules *r)
{
    const struct observer *observer = &r->view.facts->observer;
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
        return N_("This machine has no network: there is no route to the internet. This says "
                  "nothing about {domain}.");
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
    const char *detail = vantage_detail(r->view.facts, VANTAGE_RESOLVER);
    const char *server = detail ? detail : resolvers_asked(r);

    finding_add(r, FINDING_RESOLVER_UNREACHABLE, server, why_unreachable(r->view.facts), "server",
                server, "seconds",
                rule_text(r, "%lld", (long long)(r->view.facts->observer.timeout_ms / 1000)), NULL);
}

void rule_place_blind(struct rules *r)
{
    const char *server = resolvers_asked(r);

    if (place_lacks_resolver(r->view.facts) || place_is_silent(r->view.facts)) {
        unreachable(r);
        return;
    }
    if (clock_spoils_dnssec(r->view.facts)) {
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
    return r->view.facts->observer.trust_anchor != NULL;
}

void rule_place(struct rules *r)
{
    const char *detail = vantage_detail(r->view.facts, VANTAGE_DNSSEC);
    enum vantage_state state = vantage_state(r->view.facts, VANTAGE_DNSSEC);

    if (state == VANTAGE_STATE_CLOSED)
        finding_add(r, FINDING_RESOLVER_NO_DNSSEC, detail ? detail : "-",
                    validated(r)
                        ? N_("The resolver {server} does not return DNSSEC signatures, so the "
                             "root servers were queried instead.")
                        : N_("The resolver {server} does not return DNSSEC signatures, and the "
                             "root servers cannot be reached. DNSSEC and DANE were not checked."),
                    "server", detail ? detail : "-", NULL);
    if (state == VANTAGE_STATE_WRONG && detail)
        finding_add(r, FINDING_TRUST_ANCHOR_WRONG, detail,
                    N_("The DNSSEC keys of the root do not match the trust anchor {found_at}. "
                       "DNSSEC and DANE were not checked."),
                    "found_at", detail, NULL);
}
