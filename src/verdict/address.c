/* SPDX-License-Identifier: MIT */
/* address.c - addresses that nobody on the internet can reach. */
#include "verdict/address.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/special_address.h"

static bool connected(enum net_phase phase)
{
    return phase != PHASE_NONE && phase != PHASE_CONNECT;
}

static bool lies_in(const struct special_block *block, const char *address)
{
    return special_block(address) == block;
}

static bool block_answers(const struct facts *facts, const struct special_block *block)
{
    const struct policy_host *host = &facts->policy_host;

    for (size_t i = 0; i < host->fetch_count; i++)
        if (connected(host->fetches[i].phase) && lies_in(block, host->fetches[i].address))
            return true;
    for (size_t i = 0; i < facts->mx_count; i++)
        for (size_t j = 0; j < facts->mx[i].session_count; j++)
            if (connected(facts->mx[i].sessions[j].phase) &&
                lies_in(block, facts->mx[i].sessions[j].address))
                return true;
    return false;
}

/* Whoever reaches a DNS server at such an address is inside one. */
static bool is_laboratory(const struct facts *facts)
{
    for (size_t i = 0; i < facts->authority_count; i++)
        if (facts->authorities[i].authoritative &&
            special_address_use(facts->authorities[i].address) == ADDRESS_USE_BENCHMARK)
            return true;
    for (size_t i = 0; i < facts->observer.resolver_count; i++) {
        const char *resolver = facts->observer.resolvers[i];
        char address[INET6_ADDRSTRLEN] = "";

        strncpy(address, resolver, sizeof address - 1);
        address[strcspn(address, "@")] = '\0';
        if (special_address_use(address) == ADDRESS_USE_BENCHMARK)
            return true;
    }
    return facts->observer.allow_private;
}

enum address_kind address_kind(const struct facts *facts, const char *address)
{
    enum address_use use = special_address_use(address);

    if (use == ADDRESS_USE_PUBLIC)
        return ADDRESS_PUBLIC;
    if (use == ADDRESS_USE_OWN)
        return ADDRESS_PRIVATE;
    if (!facts->observer.public_only &&
        (use == ADDRESS_USE_RETIRED || (use == ADDRESS_USE_BENCHMARK && is_laboratory(facts)) ||
         block_answers(facts, special_block(address))))
        return ADDRESS_PUBLIC;
    return use == ADDRESS_USE_PLACEHOLDER ? ADDRESS_PLACEHOLDER : ADDRESS_PRIVATE;
}

bool address_is_inner(const struct facts *facts, const char *address)
{
    return special_address_use(address) == ADDRESS_USE_PRIVATE &&
           address_kind(facts, address) == ADDRESS_PUBLIC && !facts->observer.allow_private;
}
