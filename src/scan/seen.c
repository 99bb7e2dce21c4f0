/* SPDX-License-Identifier: MIT */
/* seen.c - open addressing, half full at most. */
#include "scan/seen.h"

#include <stdint.h>
#include <string.h>
#include <sys/random.h>

#define FIRST_ROOM 1024

struct seen {
    uint64_t *slots; /* 0: free */
    size_t room;     /* a power of two */
    size_t count;
    uint64_t secret;
};

enum sts_status seen_new(TALLOC_CTX *ctx, struct seen **ret)
{
    struct seen *seen = talloc_zero(ctx, struct seen);

    if (!seen)
        return STS_E_NOMEM;
    seen->room = FIRST_ROOM;
    seen->slots = talloc_zero_array(seen, uint64_t, seen->room);
    if (!seen->slots) {
        talloc_free(seen);
        return STS_E_NOMEM;
    }
    if (getrandom(&seen->secret, sizeof seen->secret, GRND_NONBLOCK) < 0)
        seen->secret = (uint64_t)(uintptr_t)seen;
    *ret = seen;
    return STS_OK;
}

/* FNV-1a from a secret start, then the finalizer of MurmurHash3. */
static uint64_t fingerprint(const struct seen *seen, const char *name, size_t length)
{
    uint64_t hash = 14695981039346656037u ^ seen->secret;

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)name[i]) * 1099511628211u;
    hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccdu;
    hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53u;
    hash ^= hash >> 33;
    return hash ? hash : 1;
}

static uint64_t *place_of(uint64_t *slots, size_t room, uint64_t hash)
{
    size_t i = (size_t)hash & (room - 1);

    while (slots[i] && slots[i] != hash)
        i = (i + 1) & (room - 1);
    return &slots[i];
}

static enum sts_status array_grow(struct seen *seen)
{
    size_t room = seen->room * 2;
    uint64_t *slots = talloc_zero_array(seen, uint64_t, room);

    if (!slots)
        return STS_E_NOMEM;
    for (size_t i = 0; i < seen->room; i++)
        if (seen->slots[i])
            *place_of(slots, room, seen->slots[i]) = seen->slots[i];
    talloc_free(seen->slots);
    seen->slots = slots;
    seen->room = room;
    return STS_OK;
}

enum sts_status seen_add(struct seen *seen, const char *name, size_t length)
{
    uint64_t hash = fingerprint(seen, name, length);
    uint64_t *place;

    if (2 * (seen->count + 1) > seen->room && array_grow(seen) != STS_OK)
        return STS_E_NOMEM;
    place = place_of(seen->slots, seen->room, hash);
    seen->count += !*place;
    *place = hash;
    return STS_OK;
}

bool seen_has(const struct seen *seen, const char *name)
{
    return *place_of(seen->slots, seen->room, fingerprint(seen, name, strlen(name))) != 0;
}

size_t seen_count(const struct seen *seen)
{
    return seen->count;
}
