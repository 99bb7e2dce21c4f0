/* SPDX-License-Identifier: MIT */
/* rule_family.c - hosts that have addresses of one family only, which cannot be reached from here.
 *
 * This machine has no such network, which is said once and of no host. */
#include <string.h>

#include "rules/rule.h"
#include "verdict/fetch.h"
#include "verdict/session.h"

static const char *family_names(unsigned families)
{
    if (families == (FAMILY_IPV4 | FAMILY_IPV6))
        return "IPv4, IPv6";
    return families == FAMILY_IPV6 ? "IPv6" : "IPv4";
}

void rule_family(struct rules *r)
{
    unsigned families = 0, of_host = 0;
    const char *hosts = NULL;

    if (!posture_is_absent(r->view.posture) && !port443_blocked(r->view.facts))
        families = policy_host_families_missing(r->view.facts);
    if (families)
        hosts = rule_list(r, hosts, r->view.facts->policy_host.name);
    for (size_t i = 0; i < r->view.facts->mx_count && !port25_blocked(r->view.facts); i++) {
        of_host = mx_families_missing(r->view.facts, &r->view.facts->mx[i]);
        families |= of_host;
        if (of_host)
            hosts = rule_list(r, hosts, r->view.facts->mx[i].name);
    }
    if (families)
        finding_add(r, FINDING_ADDRESS_FAMILY_UNREACHABLE, family_names(families),
                    N_("This machine has no internet connectivity over {families}, so hosts "
                       "that have no other address were not checked: {hosts}."),
                    "families", family_names(families), "hosts", hosts, NULL);
}
