/* SPDX-License-Identifier: MIT */
/* table.h - the hash table: things found by a key in constant time.
 *
 * It holds words of 64 bits that are not 0, each thing's own: its address, an index into a list and
 * one, a fingerprint.  What the word stands for only its owner knows, who says how it is hashed and
 * whether it is the thing of a key.  So a thing costs 16 bytes at most, and no allocation.
 *
 * Open addressing with linear probing, half full at most; what is removed leaves no mark, since
 * those behind it move up. */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

struct table_kind {
    /* Of the word's key, the same as table_find() is given. */
    uint64_t (*hash)(const void *owner, uint64_t word);
    bool (*is)(const void *owner, uint64_t word, const void *key);
};

struct table {
    TALLOC_CTX *ctx; /* owns the slots */
    const struct table_kind *kind;
    const void *owner; /* handed to the functions of kind */
    uint64_t *slots;   /* 0: free */
    size_t room;       /* a power of two, or 0 */
    size_t count;
};

/* An empty one, which has allocated nothing. */
void table_begin(struct table *table, TALLOC_CTX *ctx, const struct table_kind *kind,
                 const void *owner);
/* 0: there is none. */
uint64_t table_find(const struct table *table, uint64_t hash, const void *key);
/* One that is not there yet.  False: no memory, and the table is as it was. */
bool table_add(struct table *table, uint64_t word);
/* One that is there. */
void table_remove(struct table *table, uint64_t word);
/* Removes all that are of no use any more; `useless` may free them, and is asked again of some. */
void table_sweep(struct table *table, bool (*useless)(void *arg, uint64_t word), void *arg);

/* FNV-1a, and a finalizer that makes all of its bits depend on all bytes.  from: 0, or the hash of
 * what stands before. */
uint64_t table_hash(uint64_t from, const void *data, size_t length);

static inline uint64_t table_word(const void *thing)
{
    return (uint64_t)(uintptr_t)thing;
}

static inline void *table_thing(uint64_t word)
{
    return (void *)(uintptr_t)word;
}

#endif
