/* SPDX-License-Identifier: MIT */
/* fetch.c - one GET of the policy as a sender takes it: how far it came. */
#include "verdict/fetch.h"

#include <string.h>

#include "verdict/address.h"

bool fetch_failed_in_proxy(const struct https_fetch *fetch)
{
    return fetch->phase == PHASE_PROXY;
}

bool port443_blocked(const struct facts *facts)
{
    const struct policy_host *host = &facts->policy_host;

    for (size_t i = 0; i < host->fetch_count; i++)
        if (!fetch_unconnected(&host->fetches[i]) || fetch_failed_in_proxy(&host->fetches[i]))
            return false;
    return host->fetch_count && vantage_state(facts, VANTAGE_PORT443) == VANTAGE_STATE_CLOSED;
}

bool tls_intercepted(const struct facts *facts)
{
    return vantage_state(facts, VANTAGE_TLS) == VANTAGE_STATE_WRONG;
}

bool fetch_unconnected(const struct https_fetch *fetch)
{
    return fetch->phase == PHASE_NONE || fetch->phase == PHASE_CONNECT ||
           fetch_failed_in_proxy(fetch);
}

bool fetch_has_text(const struct https_fetch *fetch)
{
    return fetch->outcome == NET_OK && fetch->status == 200 && !fetch->too_large &&
           !fetch->truncated && !fetch_is_challenge(fetch);
}

/* Refused means that packets came back. */
static bool reached(enum net_outcome outcome, enum net_phase phase)
{
    return outcome == NET_REFUSED || (phase != PHASE_NONE && phase != PHASE_CONNECT);
}

static bool same_family(const char *a, const char *b)
{
    return !strchr(a, ':') == !strchr(b, ':');
}

bool family_works(const struct facts *facts, const char *address)
{
    const struct policy_host *host = &facts->policy_host;

    for (size_t i = 0; i < host->fetch_count; i++)
        if (!host->fetches[i].proxy && same_family(host->fetches[i].address, address) &&
            reached(host->fetches[i].outcome, host->fetches[i].phase))
            return true;
    for (size_t i = 0; i < facts->mx_count; i++)
        for (size_t j = 0; j < facts->mx[i].session_count; j++) {
            const struct smtp_session *session = &facts->mx[i].sessions[j];

            if (same_family(session->address, address) && reached(session->outcome, session->phase))
                return true;
        }
    return false;
}

bool fetch_is_open(const struct facts *facts, const struct https_fetch *fetch)
{
    if (fetch_failed_in_proxy(fetch) || tls_intercepted(facts) || port443_blocked(facts))
        return true;
    /* Nobody reaches such an address, from wherever. */
    if (address_kind(facts, fetch->address) != ADDRESS_PUBLIC)
        return false;
    if (fetch->outcome == NET_UNKNOWN)
        return true;
    return fetch->outcome == NET_NO_ROUTE && !family_works(facts, fetch->address);
}

bool stopped_by_us(const struct facts *facts, enum net_outcome outcome, enum net_phase phase)
{
    return outcome == NET_UNKNOWN && (facts->interrupted || facts->budget_reached ||
                                      phase == PHASE_NONE || phase == PHASE_CONNECT);
}
