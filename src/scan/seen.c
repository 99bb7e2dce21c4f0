/* SPDX-License-Identifier: MIT */
/* seen.c - fingerprints in a table. */
#include "scan/seen.h"

#include <stdint.h>
#include <string.h>
#include <sys/random.h>

#include "base/table.h"

struct seen {
    struct table table; /* its words are the fingerprints */
    uint64_t secret;
};

static uint64_t word_hash(const void *seen, uint64_t word)
{
    (void)seen;
    return word;
}

static bool word_is(const void *seen, uint64_t word, const void *key)
{
    (void)seen;
    return word == *(const uint64_t *)key;
}

enum sts_status seen_new(TALLOC_CTX *ctx, struct seen **ret)
{
    static const struct table_kind kind = {word_hash, word_is};
    struct seen *seen = talloc_zero(ctx, struct seen);

    if (!seen)
        return STS_E_NOMEM;
    table_begin(&seen->table, seen, &kind, seen);
    if (getrandom(&seen->secret, sizeof seen->secret, GRND_NONBLOCK) < 0)
        seen->secret = table_word(seen);
    *ret = seen;
    return STS_OK;
}

static uint64_t fingerprint(const struct seen *seen, const char *name, size_t length)
{
    uint64_t hash = table_hash(seen->secret, name, length);

    return hash ? hash : 1;
}

enum sts_status seen_add(struct seen *seen, const char *name, size_t length)
{
    uint64_t word = fingerprint(seen, name, length);

    if (table_find(&seen->table, word, &word) || table_add(&seen->table, word))
        return STS_OK;
    return STS_E_NOMEM;
}

bool seen_has(const struct seen *seen, const char *name)
{
    uint64_t word = fingerprint(seen, name, strlen(name));

    return table_find(&seen->table, word, &word) != 0;
}

size_t seen_count(const struct seen *seen)
{
    return seen->table.count;
}
