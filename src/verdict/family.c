/* SPDX-License-Identifier: MIT */
/* family.c - hosts that have addresses of one family only, which cannot be reached from here. */
#include <string.h>

#include "verdict/fetch.h"
#include "verdict/session.h"

/* Of one address to which no route leads. */
static unsigned family_bit(const char *address)
{
    return strchr(address, ':') ? FAMILY_IPV6 : FAMILY_IPV4;
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
