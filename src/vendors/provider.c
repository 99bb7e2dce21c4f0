/* SPDX-License-Identifier: MIT */
/* provider.c - whose MX host, alias or address is it? */
#include "vendors/provider.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <mtasts/match.h>

#include "verdict/lookup.h"

bool provider_name_is(const char *listed, const char *name)
{
    size_t length = strlen(name), tail = strlen(listed);

    if (length && name[length - 1] == '.')
        length--;
    if (*listed != '.' && length == tail)
        return !strncasecmp(name, listed, tail);
    tail -= *listed == '.';
    listed += *listed == '.';
    return length > tail + 1 && name[length - tail - 1] == '.' &&
           !strncasecmp(name + length - tail, listed, tail);
}

static bool any_name_is(const char *const *list, const char *name)
{
    for (; list && *list; list++)
        if (provider_name_is(*list, name))
            return true;
    return false;
}

const struct provider *provider_of_mx(const char *host)
{
    for (size_t i = 0; host && i < provider_count; i++)
        if (any_name_is(providers[i].mx_names, host))
            return &providers[i];
    return NULL;
}

const struct provider *provider_of_cname(const char *target)
{
    for (size_t i = 0; target && i < provider_count; i++)
        if (any_name_is(providers[i].cname_names, target))
            return &providers[i];
    return NULL;
}

static const struct provider *provider_of_ns(const char *server)
{
    for (size_t i = 0; server && i < provider_count; i++)
        if (any_name_is(providers[i].ns_names, server))
            return &providers[i];
    return NULL;
}

const char *provider_mx_example(const struct provider *provider)
{
    if (provider->mx_example)
        return provider->mx_example;
    if (provider->mx_hosts)
        return provider->mx_hosts[0];
    return provider->mx_names ? provider->mx_names[0] : NULL;
}

bool provider_covers(const struct provider *provider, const char *host)
{
    for (const char *const *p = provider ? provider->mx_patterns : NULL; p && *p; p++)
        if (sts_name_match(*p, host))
            return true;
    return false;
}

/* ---- addresses ------------------------------------------------------------------------------- */

#define ADDRESS_BYTES 16

static bool same_bits(const unsigned char *a, const unsigned char *b, unsigned bits)
{
    unsigned rest = bits % 8;
    unsigned char mask = (unsigned char)(0xff << (8 - rest));

    if (memcmp(a, b, bits / 8) != 0)
        return false;
    return !rest || !((a[bits / 8] ^ b[bits / 8]) & mask);
}

/* "192.0.2.0/24": the address as text has the family of the network and its first bits. */
static bool in_network(const char *network, const char *address)
{
    unsigned char net[ADDRESS_BYTES], given[ADDRESS_BYTES];
    const char *slash = strchr(network, '/');
    int family = strchr(network, ':') ? AF_INET6 : AF_INET;
    char text[INET6_ADDRSTRLEN];

    if (!slash || (size_t)(slash - network) >= sizeof(text))
        return false;
    memcpy(text, network, (size_t)(slash - network));
    text[slash - network] = '\0';
    return inet_pton(family, text, net) == 1 && inet_pton(family, address, given) == 1 &&
           same_bits(net, given, (unsigned)strtoul(slash + 1, NULL, 10));
}

static bool in_networks(const char *const *list, const char *address)
{
    for (; list && *list; list++)
        if (in_network(*list, address))
            return true;
    return false;
}

const struct provider *provider_of_address(const char *address)
{
    for (size_t i = 0; address && i < provider_count; i++)
        if (in_networks(providers[i].networks, address))
            return &providers[i];
    return NULL;
}

/* ---- answers --------------------------------------------------------------------------------- */

const struct provider *provider_of_answer(const struct dns_answer *answer)
{
    const struct provider *provider = NULL;

    for (size_t i = 0; answer && !provider && i < answer->cname_count; i++)
        provider = provider_of_cname(answer->cnames[i]);
    for (size_t i = 0; answer && !provider && i < answer->record_count; i++)
        provider = provider_of_address(answer->records[i].address);
    return provider;
}

const struct provider *provider_of_policy_host(const struct facts *facts)
{
    const struct dns_answer *ns = facts->ns;
    const struct provider *provider = provider_of_answer(facts->policy_host.a);

    if (!provider)
        provider = provider_of_answer(facts->policy_host.aaaa);
    for (size_t i = 0; facts->sts_txt && !provider && i < facts->sts_txt->cname_count; i++)
        provider = provider_of_cname(facts->sts_txt->cnames[i]);
    /* The DNS of a host tells only of a name that leads nowhere yet. */
    if (host_lookup_state(facts->policy_host.a, facts->policy_host.aaaa) == LOOKUP_FOUND)
        return provider;
    for (size_t i = 0; ns && !provider && i < ns->record_count; i++)
        provider = provider_of_ns(ns->records[i].host);
    return provider;
}
