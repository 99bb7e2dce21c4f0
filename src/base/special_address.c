/* SPDX-License-Identifier: MIT */
/* special_address.c - addresses that are no host's on the internet: the registries of IANA.
 *
 * The blocks are those of the IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890) that are
 * not globally reachable, blocks within them that are, and the addresses at which clouds tell a
 * machine its secrets.  A smaller block stands before the one that holds it. */
#include "base/special_address.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define RFC(n)        "RFC " #n
#define IPV4_SIZE     4
#define CLOUD_SECRETS "metadata service of a cloud"

static enum address_use ipv4_use(const unsigned char *address);

/* The last 32 bits: mapped, compatible and translated addresses, and NAT64 of a /96. */
static enum address_use at_end(const unsigned char *a)
{
    return ipv4_use(a + 12);
}

/* RFC 3056 section 2: behind the prefix of 16 bits. */
static enum address_use in_6to4(const unsigned char *a)
{
    return ipv4_use(a + 2);
}

static enum address_use later(enum address_use a, enum address_use b)
{
    return a > b ? a : b;
}

/* RFC 4380 section 4: the server, and the client with all bits turned. */
static enum address_use in_teredo(const unsigned char *a)
{
    unsigned char client[IPV4_SIZE];

    for (size_t i = 0; i < sizeof client; i++)
        client[i] = a[12 + i] ^ 0xff;
    return later(ipv4_use(a + 4), ipv4_use(client));
}

/* RFC 8215: a prefix of the network's own choice within the /48, its length unknown.  RFC 6052
 * section 2.2 tells where the IPv4 address begins, around the eighth octet; what is behind it is
 * zero, so an address that ends otherwise has a /96. */
static enum address_use in_local_nat64(const unsigned char *a)
{
    static const unsigned char octets[][IPV4_SIZE] = {
        {6, 7, 9, 10}, {7, 9, 10, 11}, {9, 10, 11, 12}}; /* /48, /56, /64 */
    enum address_use use = ADDRESS_USE_PUBLIC;

    if (a[13] || a[14] || a[15])
        return at_end(a);
    for (size_t i = 0; i < sizeof octets / sizeof octets[0]; i++) {
        const unsigned char *at = octets[i];
        const unsigned char ipv4[IPV4_SIZE] = {a[at[0]], a[at[1]], a[at[2]], a[at[3]]};

        if (ipv4[0]) /* else it is read at the wrong place */
            use = later(use, ipv4_use(ipv4));
    }
    return use;
}

static const struct special_block blocks[] = {
    {AF_INET, {0}, 8, ADDRESS_USE_OWN, NULL, RFC(791)},
    {AF_INET, {10}, 8, ADDRESS_USE_PRIVATE, NULL, RFC(1918)},
    {AF_INET, {100, 100, 100, 200}, 32, ADDRESS_USE_OWN, NULL, CLOUD_SECRETS},
    {AF_INET, {100, 64}, 10, ADDRESS_USE_PRIVATE, NULL, RFC(6598)},
    {AF_INET, {127}, 8, ADDRESS_USE_OWN, NULL, RFC(1122)},
    {AF_INET, {168, 63, 129, 16}, 32, ADDRESS_USE_OWN, NULL, CLOUD_SECRETS},
    {AF_INET, {169, 254}, 16, ADDRESS_USE_OWN, NULL, RFC(3927)},
    {AF_INET, {172, 16}, 12, ADDRESS_USE_PRIVATE, NULL, RFC(1918)},
    {AF_INET, {192, 0, 0, 9}, 32, ADDRESS_USE_PUBLIC, NULL, RFC(7723)},
    {AF_INET, {192, 0, 0, 10}, 32, ADDRESS_USE_PUBLIC, NULL, RFC(8155)},
    {AF_INET, {192, 0, 0}, 24, ADDRESS_USE_PRIVATE, NULL, RFC(6890)},
    {AF_INET, {192, 0, 2}, 24, ADDRESS_USE_PLACEHOLDER, NULL, RFC(5737)},
    {AF_INET, {192, 88, 99}, 24, ADDRESS_USE_RETIRED, NULL, RFC(7526)},
    {AF_INET, {192, 168}, 16, ADDRESS_USE_PRIVATE, NULL, RFC(1918)},
    {AF_INET, {198, 18}, 15, ADDRESS_USE_BENCHMARK, NULL, RFC(2544)},
    {AF_INET, {198, 51, 100}, 24, ADDRESS_USE_PLACEHOLDER, NULL, RFC(5737)},
    {AF_INET, {203, 0, 113}, 24, ADDRESS_USE_PLACEHOLDER, NULL, RFC(5737)},
    {AF_INET, {224}, 4, ADDRESS_USE_OWN, NULL, RFC(5771)},
    {AF_INET, {255, 255, 255, 255}, 32, ADDRESS_USE_OWN, NULL, RFC(919)},
    {AF_INET, {240}, 4, ADDRESS_USE_OWN, NULL, RFC(1112)},

    {AF_INET6, {0}, 127, ADDRESS_USE_OWN, NULL, RFC(4291)}, /* :: and ::1 */
    {AF_INET6, {[10] = 0xff, [11] = 0xff}, 96, ADDRESS_USE_PRIVATE, at_end, RFC(4291)},
    {AF_INET6, {[8] = 0xff, [9] = 0xff}, 96, ADDRESS_USE_PRIVATE, at_end, RFC(2765)},
    {AF_INET6, {0}, 96, ADDRESS_USE_PRIVATE, at_end, RFC(4291)}, /* IPv4-compatible */
    {AF_INET6, {0, 0x64, 0xff, 0x9b}, 96, ADDRESS_USE_PUBLIC, at_end, RFC(6052)},
    {AF_INET6, {0, 0x64, 0xff, 0x9b, 0, 1}, 48, ADDRESS_USE_PRIVATE, in_local_nat64, RFC(8215)},
    {AF_INET6, {1}, 64, ADDRESS_USE_PLACEHOLDER, NULL, RFC(6666)},
    {AF_INET6, {1, [7] = 1}, 64, ADDRESS_USE_PLACEHOLDER, NULL, RFC(9780)},
    {AF_INET6, {0x20, 1}, 32, ADDRESS_USE_PUBLIC, in_teredo, RFC(4380)},
    {AF_INET6, {0x20, 1, 0, 1, [15] = 1}, 128, ADDRESS_USE_PUBLIC, NULL, RFC(7723)},
    {AF_INET6, {0x20, 1, 0, 1, [15] = 2}, 128, ADDRESS_USE_PUBLIC, NULL, RFC(8155)},
    {AF_INET6, {0x20, 1, 0, 1, [15] = 3}, 128, ADDRESS_USE_PUBLIC, NULL, RFC(9665)},
    {AF_INET6, {0x20, 1, 0, 2}, 48, ADDRESS_USE_BENCHMARK, NULL, RFC(5180)},
    {AF_INET6, {0x20, 1, 0, 3}, 32, ADDRESS_USE_PUBLIC, NULL, RFC(7450)},
    {AF_INET6, {0x20, 1, 0, 4, 1, 0x12}, 48, ADDRESS_USE_PUBLIC, NULL, RFC(7535)},
    {AF_INET6, {0x20, 1, 0, 0x20}, 28, ADDRESS_USE_PUBLIC, NULL, RFC(7343)},
    {AF_INET6, {0x20, 1, 0, 0x30}, 28, ADDRESS_USE_PUBLIC, NULL, RFC(9374)},
    {AF_INET6, {0x20, 1}, 23, ADDRESS_USE_PRIVATE, NULL, RFC(2928)},
    {AF_INET6, {0x20, 1, 0x0d, 0xb8}, 32, ADDRESS_USE_PLACEHOLDER, NULL, RFC(3849)},
    {AF_INET6, {0x20, 2}, 16, ADDRESS_USE_PUBLIC, in_6to4, RFC(3056)},
    {AF_INET6, {0x3f, 0xff}, 20, ADDRESS_USE_PLACEHOLDER, NULL, RFC(9637)},
    {AF_INET6, {0x5f}, 16, ADDRESS_USE_PRIVATE, NULL, RFC(9602)},
    {AF_INET6,
     {0xfd, 0, 0x0e, 0xc2, [14] = 2, [15] = 0x54},
     128,
     ADDRESS_USE_OWN,
     NULL,
     CLOUD_SECRETS},
    {AF_INET6,
     {0xfd, 0x20, 0, 0xce, [14] = 2, [15] = 0x54},
     128,
     ADDRESS_USE_OWN,
     NULL,
     CLOUD_SECRETS},
    {AF_INET6, {0xfc}, 7, ADDRESS_USE_PRIVATE, NULL, RFC(4193)},
    {AF_INET6, {0xfe, 0x80}, 10, ADDRESS_USE_OWN, NULL, RFC(4291)},
    {AF_INET6, {0xfe, 0xc0}, 10, ADDRESS_USE_PRIVATE, NULL, RFC(3879)},
    {AF_INET6, {0xff}, 8, ADDRESS_USE_OWN, NULL, RFC(4291)},
};

const struct special_block *special_block_at(size_t index)
{
    return index < sizeof blocks / sizeof blocks[0] ? &blocks[index] : NULL;
}

static bool holds(const struct special_block *block, const unsigned char *address)
{
    unsigned whole = block->bits / 8, rest = block->bits % 8;

    if (memcmp(address, block->first, whole) != 0)
        return false;
    return !rest || (address[whole] ^ block->first[whole]) >> (8 - rest) == 0;
}

static const struct special_block *block_of(int family, const unsigned char *address)
{
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++)
        if (blocks[i].family == family && holds(&blocks[i], address))
            return &blocks[i];
    return NULL;
}

static enum address_use use_of(const struct special_block *block, const unsigned char *address)
{
    if (!block)
        return ADDRESS_USE_PUBLIC;
    return block->inside ? later(block->use, block->inside(address)) : block->use;
}

static enum address_use ipv4_use(const unsigned char *address)
{
    return use_of(block_of(AF_INET, address), address);
}

/* AF_UNSPEC: that is no address. */
static int read_address(const char *text, unsigned char *ret)
{
    static const int families[] = {AF_INET, AF_INET6};

    for (size_t i = 0; text && i < sizeof families / sizeof families[0]; i++)
        if (inet_pton(families[i], text, ret) == 1)
            return families[i];
    return AF_UNSPEC;
}

const struct special_block *special_block(const char *address)
{
    unsigned char bytes[16];
    int family = read_address(address, bytes);

    return family == AF_UNSPEC ? NULL : block_of(family, bytes);
}

enum address_use special_address_use(const char *address)
{
    unsigned char bytes[16];
    int family = read_address(address, bytes);

    return family == AF_UNSPEC ? ADDRESS_USE_PUBLIC : use_of(block_of(family, bytes), bytes);
}
