/* SPDX-License-Identifier: MIT */
/* table.c - open addressing, half full at most. */
#include "base/table.h"

#define FIRST_ROOM 16

void table_begin(struct table *table, TALLOC_CTX *ctx, const struct table_kind *kind,
                 const void *owner)
{
    *table = (struct table){.ctx = ctx, .kind = kind, .owner = owner};
}

/* FNV-1a leaves the low bits of short keys alike; the finalizer is that of MurmurHash3. */
uint64_t table_hash(uint64_t from, const void *data, size_t length)
{
    const unsigned char *byte = data;
    uint64_t hash = 14695981039346656037u ^ from;

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ byte[i]) * 1099511628211u;
    hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccdu;
    hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53u;
    return hash ^ hash >> 33;
}

uint64_t table_find(const struct table *table, uint64_t hash, const void *key)
{
    size_t mask = table->room - 1;

    if (!table->room)
        return 0;
    for (size_t i = (size_t)hash & mask; table->slots[i]; i = (i + 1) & mask)
        if (table->kind->is(table->owner, table->slots[i], key))
            return table->slots[i];
    return 0;
}

/* Where the search for the word begins. */
static size_t home_of(const struct table *table, uint64_t word)
{
    return (size_t)table->kind->hash(table->owner, word) & (table->room - 1);
}

/* Into the first free slot. */
static void place(struct table *table, uint64_t word)
{
    size_t i = home_of(table, word);

    while (table->slots[i])
        i = (i + 1) & (table->room - 1);
    table->slots[i] = word;
}

static bool double_room(struct table *table)
{
    size_t room = table->room, more = room ? room * 2 : FIRST_ROOM;
    uint64_t *old = table->slots, *slots = talloc_zero_array(table->ctx, uint64_t, more);

    if (!slots)
        return false;
    table->slots = slots;
    table->room = more;
    for (size_t i = 0; i < room; i++)
        if (old[i])
            place(table, old[i]);
    talloc_free(old);
    return true;
}

bool table_add(struct table *table, uint64_t word)
{
    if (2 * (table->count + 1) > table->room && !double_room(table))
        return false;
    place(table, word);
    table->count++;
    return true;
}

/* The hole is filled by the next whose search passes it, and that one's by another, up to the end
 * of the run: so no search stops too early, and none passes graves. */
static void close_hole(struct table *table, size_t hole)
{
    size_t mask = table->room - 1;

    for (size_t i = (hole + 1) & mask; table->slots[i]; i = (i + 1) & mask) {
        size_t home = home_of(table, table->slots[i]);

        if (((i - home) & mask) < ((i - hole) & mask))
            continue; /* its search begins behind the hole */
        table->slots[hole] = table->slots[i];
        hole = i;
    }
    table->slots[hole] = 0;
    table->count--;
}

void table_remove(struct table *table, uint64_t word)
{
    size_t i = home_of(table, word);

    while (table->slots[i] != word)
        i = (i + 1) & (table->room - 1);
    close_hole(table, i);
}

/* A hole is filled from behind, so the same slot is looked at again.  Round the end of the table
 * some come back that were found useful before. */
void table_sweep(struct table *table, bool (*useless)(void *arg, uint64_t word), void *arg)
{
    for (size_t i = 0; i < table->room;) {
        uint64_t word = table->slots[i];

        if (word && useless(arg, word))
            close_hole(table, i);
        else
            i++;
    }
}
