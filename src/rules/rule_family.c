/* SPDX-License-Identifier: MIT */
/* rule_family.c - hosts that have addresses of one family only, which cannot be reached from here.
 *
 * This machine has no such network, which is said once and of no host. */
#include <string.h>

#include "rules/fetch.h"
#include "rules/session.h"

#define IPV4_BIT 1u
#define IPV6_BIT 2u

/* Of one address to which no route leads. */
static unsigned family_bit(const char *address)
{
    return strchr(address, ':') ? IPV6_BIT : IPV4_BIT;
}

unsigned policy_host_families_missing(const struct facts *facts)
{
    const struct policy_host *host = &facts->policy_host;
    unsigned families = 0;

    for (size_t i = 0; i < host->fetch_count; i++) {
        const struct https_fetch *fetch = &host->fetches[i];

        if (fetch->outcome != NET_NO_ROUTE || !fetch_is_open(facts, fetch))
            return 0;
        families |= family_bit(fetch->address);
    }
    return families;
}

unsigned mx_families_missing(const struct facts *facts, const struct mx_host *host)
{
    unsigned families = 0;

    for (size_t i = 0; i < host->session_count; i++) {
        if (session_state(facts, &host->sessions[i]) != SESSION_NO_ROUTE)
            return 0;
        families |= family_bit(host->sessions[i].address);
    }
    return families;
}

static const char *family_names(unsigned families)
{
    if (families == (IPV4_BIT | IPV6_BIT))
        return "IPv4, IPv6";
    return families == IPV6_BIT ? "IPv6" : "IPv4";
}

void rule_family(struct rules *r)
{
    unsigned families = 0, of_host = 0;
    const char *hosts = NULL;

    if (!posture_is_absent(r) && !port443_blocked(r->facts))
        families = policy_host_families_missing(r->facts);
    if (families)
        hosts = rule_list(r, hosts, r->facts->policy_host.name);
    for (size_t i = 0; i < r->facts->mx_count && !port25_blocked(r->facts); i++) {
        of_host = mx_families_missing(r->facts, &r->facts->mx[i]);
        families |= of_host;
        if (of_host)
            hosts = rule_list(r, hosts, r->facts->mx[i].name);
    }
    if (families)
        finding_add(r, FINDING_ADDRESS_FAMILY_UNREACHABLE, family_names(families),
                    N_("This machine cannot reach the internet over {families}, so hosts with no "
                       "other address were not checked: {hosts}."),
                    "families", family_names(families), "hosts", hosts, NULL);
}
