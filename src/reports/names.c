/* SPDX-License-Identifier: MIT */
/* names.c - a hash table with open addressing, and the list it leads to. */
#include "reports/names.h"

#include <string.h>

#define FIRST_SLOTS 16
#define BLOCK_MIN   256u /* bytes of names allocated together; each block twice the one before */
#define BLOCK_MAX   65536u

void names_begin(struct names *names, TALLOC_CTX *ctx, size_t size)
{
    *names = (struct names){.ctx = ctx, .size = size};
}

void *names_at(const struct names *names, size_t index)
{
    return (char *)names->list + index * names->size;
}

static const char *name_at(const struct names *names, size_t index)
{
    return *(const char *const *)names_at(names, index);
}

static size_t hash(const char *name)
{
    uint64_t sum = 0xcbf29ce484222325u;

    for (; *name; name++)
        sum = (sum ^ (unsigned char)*name) * 0x100000001b3u;
    return (size_t)(sum ^ sum >> 29);
}

/* The slot that holds the name, or the free one where it belongs. */
static uint32_t *slot_of(const struct names *names, const char *name)
{
    size_t mask = names->slot_count - 1, at = hash(name) & mask;

    while (names->slots[at] && strcmp(name_at(names, names->slots[at] - 1), name) != 0)
        at = (at + 1) & mask;
    return &names->slots[at];
}

static bool grow_slots(struct names *names)
{
    size_t count = names->slot_count ? names->slot_count * 2 : FIRST_SLOTS;
    uint32_t *old = names->slots, *slots = talloc_zero_array(names->ctx, uint32_t, count);

    if (!slots)
        return false;
    names->slots = slots;
    names->slot_count = count;
    for (size_t i = 0; i < names->count; i++)
        *slot_of(names, name_at(names, i)) = (uint32_t)(i + 1);
    talloc_free(old);
    return true;
}

static bool grow_list(struct names *names)
{
    size_t room = names->room ? names->room * 2 : 4;
    void *list = talloc_realloc_size(names->ctx, names->list, room * names->size);

    if (!list)
        return false;
    names->list = list;
    names->room = room;
    return true;
}

void *names_find(const struct names *names, const char *name)
{
    uint32_t *slot = names->slot_count ? slot_of(names, name) : NULL;

    return slot && *slot ? names_at(names, *slot - 1) : NULL;
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

void *names_get(struct names *names, const char *name)
{
    void *found = names_find(names, name);
    const char *copy;

    if (found)
        return found;
    copy = copy_name(names, name);
    if (!copy || (names->count * 2 >= names->slot_count && !grow_slots(names)) ||
        (names->count == names->room && !grow_list(names))) {
        names->no_memory = true;
        return NULL;
    }
    found = memset(names_at(names, names->count), 0, names->size);
    *(const char **)found = copy;
    *slot_of(names, copy) = (uint32_t)++names->count;
    return found;
}
