/* SPDX-License-Identifier: MIT */
/* counted_key.c - hashes and comparisons of policies, kinds of failures and datagrams.
 *
 * Datagrams are what local programs send, with texts of strangers in them, so the hash has a seed:
 * nobody outside makes them collide. */
#include "collect/counted_key.h"

#include <string.h>

/* Eight bytes at a time: it is made of each datagram. */
static uint64_t mix(uint64_t hash, uint64_t word)
{
    __uint128_t product = (__uint128_t)(hash ^ word) * 0x9e3779b97f4a7c15u;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t hash_bytes(uint64_t hash, const char *data, size_t length)
{
    uint64_t word = 0;

    hash = mix(hash, length);
    for (; length >= sizeof(word); data += sizeof(word), length -= sizeof(word)) {
        memcpy(&word, data, sizeof(word));
        hash = mix(hash ^ 0xa0761d6478bd642fu, word);
    }
    word = 0;
    memcpy(&word, data, length);
    return mix(hash ^ 0xe7037ed1a0b428dbu, word);
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
    return hash_bytes(hash, text, strlen(text));
}

uint64_t counted_key_policy(uint64_t seed, const struct store_session_counts *counts)
{
    uint64_t hash = hash_bytes(seed, counts->key.data, counts->key.length);

    return hash_text(hash_text(hash, counts->domain), counts->record);
}

static uint64_t hash_of_policy(const void *owner, uint64_t word)
{
    (void)owner;
    return ((const struct policy_node *)table_thing(word))->hash;
}

static bool is_policy(const void *owner, uint64_t word, const void *key)
{
    const struct policy_node *node = table_thing(word), *other = key;
    const struct store_session_counts *a = &node->counts, *b = &other->counts;

    (void)owner;
    return node->hash == other->hash && a->key.length == b->key.length &&
           memcmp(a->key.data, b->key.data, a->key.length) == 0 &&
           strcmp(a->domain, b->domain) == 0 && strcmp(a->record, b->record) == 0;
}

const struct table_kind counted_policies = {hash_of_policy, is_policy};

#define DETAIL_TEXTS(detail)                                                                       \
    {                                                                                              \
        (detail)->type, (detail)->sending_ip, (detail)->mx, (detail)->helo,                        \
            (detail)->receiving_ip, (detail)->reason, (detail)->info                               \
    }
#define DETAIL_TEXT_COUNT 7

uint64_t counted_key_detail(uint64_t seed, const struct detail_node *node)
{
    const char *const texts[] = DETAIL_TEXTS(&node->detail);
    uint64_t hash = mix(seed ^ node->policy->hash, node->detail.rest);

    for (size_t i = 0; i < DETAIL_TEXT_COUNT; i++)
        hash = hash_text(hash, texts[i]);
    return hash;
}

static uint64_t hash_of_detail(const void *owner, uint64_t word)
{
    (void)owner;
    return ((const struct detail_node *)table_thing(word))->hash;
}

static bool is_detail(const void *owner, uint64_t word, const void *key)
{
    const struct detail_node *node = table_thing(word), *other = key;
    const char *const a[] = DETAIL_TEXTS(&node->detail), *const b[] = DETAIL_TEXTS(&other->detail);

    (void)owner;
    if (node->hash != other->hash || node->policy != other->policy ||
        node->detail.rest != other->detail.rest)
        return false;
    for (size_t i = 0; i < DETAIL_TEXT_COUNT; i++)
        if (strcmp(a[i], b[i]) != 0)
            return false;
    return true;
}

const struct table_kind counted_details = {hash_of_detail, is_detail};

uint64_t counted_key_datagram(uint64_t seed, struct bytes datagram)
{
    return hash_bytes(seed, datagram.data, datagram.length);
}

static uint64_t hash_of_repeat(const void *owner, uint64_t word)
{
    (void)owner;
    return ((const struct repeat *)table_thing(word))->hash;
}

static bool is_repeat(const void *owner, uint64_t word, const void *key)
{
    const struct repeat *repeat = table_thing(word), *other = key;

    (void)owner;
    return repeat->hash == other->hash && repeat->datagram.length == other->datagram.length &&
           memcmp(repeat->datagram.data, other->datagram.data, other->datagram.length) == 0;
}

const struct table_kind counted_repeats = {hash_of_repeat, is_repeat};
