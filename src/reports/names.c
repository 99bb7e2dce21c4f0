/* SPDX-License-Identifier: MIT */
/* names.c - a list, and the table that leads to it. */
#include "reports/names.h"

#include <string.h>

#include "base/array.h"

#define BLOCK_MIN 256u /* bytes of names allocated together; each block twice the one before */
#define BLOCK_MAX 65536u

void *names_at(const struct names *names, size_t index)
{
    return (char *)names->list + index * names->size;
}

static const char *name_at(const struct names *names, size_t index)
{
    return *(const char *const *)names_at(names, index);
}

static uint64_t hash(const char *name)
{
    return table_hash(0, name, strlen(name));
}

static uint64_t word_hash(const void *names, uint64_t word)
{
    return hash(name_at(names, (size_t)word - 1));
}

static bool word_is(const void *names, uint64_t word, const void *name)
{
    return strcmp(name_at(names, (size_t)word - 1), name) == 0;
}

void names_begin(struct names *names, TALLOC_CTX *ctx, size_t size)
{
    static const struct table_kind kind = {word_hash, word_is};

    *names = (struct names){.ctx = ctx, .size = size};
    table_begin(&names->table, ctx, &kind, names);
}

/* Whoever owns the struct may have moved it. */
static struct table table_of(const struct names *names)
{
    struct table table = names->table;

    table.owner = names;
    return table;
}

void *names_find(const struct names *names, const char *name)
{
    struct table table = table_of(names);
    uint64_t word = table_find(&table, hash(name), name);

    return word ? names_at(names, (size_t)word - 1) : NULL;
}

/* One allocation for each would cost more than most names. */
static char *copy_name(struct names *names, const char *name)
{
    size_t size = strlen(name) + 1;
    char *copy;

    if (size > BLOCK_MAX / 4)
        return talloc_memdup(names->ctx, name, size);
    if (size > names->block_left) {
        names->block_size = names->block_size ? names->block_size * 2 : BLOCK_MIN;
        if (names->block_size > BLOCK_MAX)
            names->block_size = BLOCK_MAX;
        while (names->block_size < size)
            names->block_size *= 2;
        names->block = talloc_size(names->ctx, names->block_size);
        names->block_left = names->block ? names->block_size : 0;
    }
    if (size > names->block_left)
        return NULL;
    copy = memcpy(names->block, name, size);
    names->block += size;
    names->block_left -= size;
    return copy;
}

/* A new one at the end; NULL: no memory, and there is none. */
static void *add(struct names *names, const char *copy)
{
    void *added = copy ? array_grow(names->ctx, &names->list, &names->count, names->size) : NULL;

    if (!added)
        return NULL;
    *(const char **)added = copy;
    names->table = table_of(names);
    if (table_add(&names->table, names->count))
        return added;
    names->count--;
    return NULL;
}

void *names_get(struct names *names, const char *name)
{
    void *found = names_find(names, name);

    if (!found)
        found = add(names, copy_name(names, name));
    if (!found)
        names->no_memory = true;
    return found;
}
