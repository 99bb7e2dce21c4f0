/* SPDX-License-Identifier: MIT */
/* facts.c - the names of what was observed. */
#include "facts/facts.h"

#define NAME_OF(function, list)                                                                    \
    const char *function(int value)                                                                \
    {                                                                                              \
        static const char *const names[] = {list(NAME)};                                           \
                                                                                                   \
        if (value < 0 || (size_t)value >= sizeof(names) / sizeof(names[0]))                        \
            return "unknown";                                                                      \
        return names[value];                                                                       \
    }
#define NAME(symbol, name) name,

NAME_OF(dns_type_name, DNS_TYPES)
NAME_OF(dns_outcome_name, DNS_OUTCOMES)
NAME_OF(dns_security_name, DNS_SECURITIES)
NAME_OF(chain_trust_name, CHAIN_TRUSTS)
NAME_OF(tls_outcome_name, TLS_OUTCOMES)
NAME_OF(tlsa_result_name, TLSA_RESULTS)
NAME_OF(net_outcome_name, NET_OUTCOMES)
NAME_OF(net_phase_name, NET_PHASES)
