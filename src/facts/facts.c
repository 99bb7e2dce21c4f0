/* SPDX-License-Identifier: MIT */
/* facts.c - the names of what was observed. */
#include "facts/facts.h"

#define NAME_OF(function, type, list)                                                              \
    const char *function(enum type value)                                                          \
    {                                                                                              \
        static const char *const names[] = {list(NAME)};                                           \
                                                                                                   \
        if ((size_t)value >= sizeof(names) / sizeof(names[0]))                                     \
            return "unknown";                                                                      \
        return names[value];                                                                       \
    }
#define NAME(symbol, name) name,

NAME_OF(dns_type_name, dns_type, DNS_TYPES)
NAME_OF(dns_outcome_name, dns_outcome, DNS_OUTCOMES)
NAME_OF(dns_security_name, dns_security, DNS_SECURITIES)
NAME_OF(chain_trust_name, chain_trust, CHAIN_TRUSTS)
NAME_OF(tls_outcome_name, tls_outcome, TLS_OUTCOMES)
NAME_OF(tlsa_result_name, tlsa_result, TLSA_RESULTS)
NAME_OF(net_outcome_name, net_outcome, NET_OUTCOMES)
NAME_OF(net_phase_name, net_phase, NET_PHASES)
NAME_OF(vantage_point_name, vantage_name, VANTAGE_POINTS)
NAME_OF(vantage_state_name, vantage_state, VANTAGE_STATES)

static const struct vantage_point *find_point(const struct facts *facts, enum vantage_name name)
{
    for (size_t i = 0; facts->vantage && i < facts->vantage->point_count; i++)
        if (facts->vantage->points[i].name == name)
            return &facts->vantage->points[i];
    return NULL;
}

enum vantage_state vantage_state(const struct facts *facts, enum vantage_name name)
{
    const struct vantage_point *point = find_point(facts, name);

    return point ? point->state : VANTAGE_STATE_UNKNOWN;
}

const char *vantage_detail(const struct facts *facts, enum vantage_name name)
{
    const struct vantage_point *point = find_point(facts, name);

    return point ? point->detail : NULL;
}
