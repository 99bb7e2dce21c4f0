/* SPDX-License-Identifier: MIT */
/* crowd.c - a count for each prefix that is there now. */
#include "serve/crowd.h"

#include <string.h>

#include "base/network.h"
#include "base/table.h"

struct key {
    unsigned char prefix[16];
    unsigned bits;
};

struct group {
    struct key key;
    unsigned count;
    size_t unsent; /* of an address */
};

struct crowd {
    struct table table;
    unsigned per_address, per_network;
};

static uint64_t hash_key(const struct key *key)
{
    return table_hash(table_hash(0, key->prefix, sizeof(key->prefix)), &key->bits,
                      sizeof(key->bits));
}

static uint64_t hash_word(const void *owner, uint64_t word)
{
    const struct group *group = table_thing(word);

    (void)owner;
    return hash_key(&group->key);
}

static bool is_key(const void *owner, uint64_t word, const void *key)
{
    const struct group *group = table_thing(word);
    const struct key *wanted = key;

    (void)owner;
    return group->key.bits == wanted->bits &&
           memcmp(group->key.prefix, wanted->prefix, sizeof(wanted->prefix)) == 0;
}

static const struct table_kind kind = {hash_word, is_key};

struct crowd *crowd_new(TALLOC_CTX *ctx, unsigned per_address, unsigned per_network)
{
    struct crowd *crowd = talloc_zero(ctx, struct crowd);

    if (!crowd)
        return NULL;
    crowd->per_address = per_address;
    crowd->per_network = per_network;
    table_begin(&crowd->table, crowd, &kind, crowd);
    return crowd;
}

static struct key key_of(const unsigned char address[16], unsigned bits)
{
    struct key key = {.bits = bits};

    memcpy(key.prefix, address, bits / 8);
    return key;
}

static struct key address_key(const unsigned char address[16])
{
    return key_of(address, network_is_v4(address) ? 128 : 64);
}

static struct key network_key(const unsigned char address[16])
{
    return key_of(address, network_is_v4(address) ? 96 + 24 : 48);
}

static struct group *find(struct crowd *crowd, const struct key *key)
{
    return table_thing(table_find(&crowd->table, hash_key(key), key));
}

static bool add(struct crowd *crowd, const struct key *key, unsigned most)
{
    struct group *group = find(crowd, key);

    if (!group) {
        group = talloc_zero(crowd, struct group);
        if (!group)
            return false;
        group->key = *key;
        if (!table_add(&crowd->table, table_word(group))) {
            talloc_free(group);
            return false;
        }
    }
    if (group->count >= most)
        return false;
    group->count++;
    return true;
}

static void take_away(struct crowd *crowd, const struct key *key)
{
    struct group *group = find(crowd, key);

    if (!group || --group->count)
        return;
    table_remove(&crowd->table, table_word(group));
    talloc_free(group);
}

bool crowd_join(struct crowd *crowd, const unsigned char address[16])
{
    struct key own = address_key(address), around = network_key(address);

    if (!add(crowd, &own, crowd->per_address))
        return false;
    if (add(crowd, &around, crowd->per_network))
        return true;
    take_away(crowd, &own);
    return false;
}

void crowd_leave(struct crowd *crowd, const unsigned char address[16])
{
    struct key own = address_key(address), around = network_key(address);

    take_away(crowd, &own);
    take_away(crowd, &around);
}

void crowd_unsent(struct crowd *crowd, const unsigned char address[16], size_t before, size_t now)
{
    struct key own = address_key(address);
    struct group *group = find(crowd, &own);

    if (group)
        group->unsent = group->unsent - before + now;
}

size_t crowd_unsent_by(struct crowd *crowd, const unsigned char address[16])
{
    struct key own = address_key(address);
    const struct group *group = find(crowd, &own);

    return group ? group->unsent : 0;
}
