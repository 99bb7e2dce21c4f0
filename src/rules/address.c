/* SPDX-License-Identifier: MIT */
/* address.c - addresses that nobody on the internet can reach. */
#include "rules/address.h"

#include <arpa/inet.h>
#include <string.h>

struct block {
    int family;
    unsigned char first[16];
    unsigned bits;
    enum address_kind kind;
};

/* From the registries of special-purpose addresses (RFC 6890). */
static const struct block blocks[] = {
    {AF_INET, {0}, 8, ADDRESS_PRIVATE},
    {AF_INET, {10}, 8, ADDRESS_PRIVATE},
    {AF_INET, {100, 64}, 10, ADDRESS_PRIVATE},
    {AF_INET, {127}, 8, ADDRESS_PRIVATE},
    {AF_INET, {169, 254}, 16, ADDRESS_PRIVATE},
    {AF_INET, {172, 16}, 12, ADDRESS_PRIVATE},
    {AF_INET, {192, 0, 2}, 24, ADDRESS_PLACEHOLDER},
    {AF_INET, {192, 168}, 16, ADDRESS_PRIVATE},
    {AF_INET, {198, 51, 100}, 24, ADDRESS_PLACEHOLDER},
    {AF_INET, {203, 0, 113}, 24, ADDRESS_PLACEHOLDER},
    {AF_INET, {224}, 3, ADDRESS_PRIVATE},                        /* multicast, reserved */
    {AF_INET6, {0}, 127, ADDRESS_PRIVATE},                       /* :: and ::1 */
    {AF_INET6, {[10] = 0xff, [11] = 0xff}, 96, ADDRESS_PRIVATE}, /* IPv4 in disguise */
    {AF_INET6, {0x01}, 64, ADDRESS_PLACEHOLDER},                 /* 100::, discard-only */
    {AF_INET6, {0x20, 0x01, 0x0d, 0xb8}, 32, ADDRESS_PLACEHOLDER},
    {AF_INET6, {0x3f, 0xff}, 20, ADDRESS_PLACEHOLDER},
    {AF_INET6, {0xfc}, 7, ADDRESS_PRIVATE},
    {AF_INET6, {0xfe, 0x80}, 10, ADDRESS_PRIVATE},
    {AF_INET6, {0xff}, 8, ADDRESS_PRIVATE},
};

static bool lies_in(const struct block *block, const char *address)
{
    unsigned char bytes[16];
    unsigned whole = block->bits / 8, rest = block->bits % 8;

    if (!address || inet_pton(block->family, address, bytes) != 1 ||
        memcmp(bytes, block->first, whole) != 0)
        return false;
    return !rest || (bytes[whole] ^ block->first[whole]) >> (8 - rest) == 0;
}

static const struct block *block_of(const char *address)
{
    for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
        if (lies_in(&blocks[i], address))
            return &blocks[i];
    return NULL;
}

static bool connected(int phase)
{
    return phase != PHASE_NONE && phase != PHASE_CONNECT;
}

static bool block_answers(const struct facts *facts, const struct block *block)
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

enum address_kind address_kind(const struct facts *facts, const char *address)
{
    const struct block *block = block_of(address);

    return block && !block_answers(facts, block) ? block->kind : ADDRESS_PUBLIC;
}
