/* SPDX-License-Identifier: MIT */
/* provider.c - whose MX host, alias or address is it? */
#include "rules/provider.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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
    const struct provider *provider = provider_of_answer(facts->policy_host.a);

    return provider ? provider : provider_of_answer(facts->policy_host.aaaa);
}
