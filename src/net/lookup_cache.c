/* SPDX-License-Identifier: MIT */
/* lookup_cache.c - a table of things looked at, the longest unused first to go.
 *
 * An entry is listed in the table from the first lookup of its key until it is too old or makes
 * room; then it only serves the lookups that hold it, and goes with the last of them, so that what
 * somebody reads is never freed under him.  A thing that is kept for no time is unlisted when it is
 * published: those who waited have it, and the next one looks himself.  One looker at a time: where
 * he gives up the first of those who wait is told that it is his turn. */
#include "net/lookup_cache.h"

#include <string.h>
#include <sys/queue.h>

#include "base/clock.h"
#include "base/table.h"
#include "event/inbox.h"

#define BLOCK_BYTES 112 /* what talloc and the C library add to a block */

struct lookup_entry {
    struct lookup_cache *cache;
    char *key;
    const void *thing; /* NULL: somebody is looking */
    size_t bytes;
    int64_t good_until;
    struct lookup *looker;
    TAILQ_HEAD(, lookup) waiting;
    size_t lookups;
    bool listed;                     /* in the table */
    TAILQ_ENTRY(lookup_entry) usage; /* in the order of use, while listed and known */
};

struct lookup_cache {
    struct inboxes *inboxes;
    struct table table;
    TAILQ_HEAD(, lookup_entry) usage;
    size_t entries, bytes, most_entries, most_bytes; /* of what is known */
};

struct lookup {
    struct lookup_cache *cache;
    struct lookup_entry *entry;
    TAILQ_ENTRY(lookup) link;
    struct notice notice;
    bool waiting;
};

static void unlist(struct lookup_entry *entry);
static void free_unused(struct lookup_entry *entry);

static int lookup_cache_drop(struct lookup_cache *cache)
{
    struct lookup_entry *entry;

    while ((entry = TAILQ_FIRST(&cache->usage))) {
        unlist(entry);
        free_unused(entry);
    }
    return 0;
}

static uint64_t key_hash(const char *key)
{
    return table_hash(0, key, strlen(key));
}

static uint64_t entry_hash(const void *cache, uint64_t word)
{
    (void)cache;
    return key_hash(((const struct lookup_entry *)table_thing(word))->key);
}

static bool entry_is(const void *cache, uint64_t word, const void *key)
{
    (void)cache;
    return strcmp(((const struct lookup_entry *)table_thing(word))->key, key) == 0;
}

static const struct table_kind entry_kind = {entry_hash, entry_is};

enum sts_status lookup_cache_new(TALLOC_CTX *ctx, struct inboxes *inboxes, size_t most_entries,
                                 size_t most_bytes, struct lookup_cache **ret)
{
    struct lookup_cache *cache = talloc_zero(ctx, struct lookup_cache);

    if (!cache)
        return STS_E_NOMEM;
    cache->inboxes = inboxes;
    cache->most_entries = most_entries;
    cache->most_bytes = most_bytes;
    TAILQ_INIT(&cache->usage);
    table_begin(&cache->table, cache, &entry_kind, cache);
    talloc_set_destructor(cache, lookup_cache_drop);
    *ret = cache;
    return STS_OK;
}

/* ---- entries --------------------------------------------------------------------------------- */

static struct lookup_entry *find(struct lookup_cache *cache, const char *key)
{
    return table_thing(table_find(&cache->table, key_hash(key), key));
}

/* Each entry is a root: with talloc, a hierarchy is for one thread at a time. */
static struct lookup_entry *add(struct lookup_cache *cache, const char *key)
{
    struct lookup_entry *entry = talloc_zero(NULL, struct lookup_entry);

    if (!entry)
        return NULL;
    entry->key = talloc_strdup(entry, key);
    if (!entry->key || !table_add(&cache->table, table_word(entry))) {
        talloc_free(entry);
        return NULL;
    }
    entry->cache = cache;
    entry->listed = true;
    TAILQ_INIT(&entry->waiting);
    return entry;
}

static void free_unused(struct lookup_entry *entry)
{
    if (entry->lookups || entry->listed)
        return;
    talloc_free((void *)(uintptr_t)entry->thing);
    talloc_free(entry);
}

/* Out of the table; those who hold it keep it. */
static void unlist(struct lookup_entry *entry)
{
    struct lookup_cache *cache = entry->cache;

    if (!entry->listed)
        return;
    table_remove(&cache->table, table_word(entry));
    entry->listed = false;
    if (!entry->thing)
        return;
    TAILQ_REMOVE(&cache->usage, entry, usage);
    cache->entries--;
    cache->bytes -= entry->bytes;
}

static void make_room(struct lookup_cache *cache)
{
    struct lookup_entry *oldest;

    while ((cache->entries > cache->most_entries || cache->bytes > cache->most_bytes) &&
           (oldest = TAILQ_FIRST(&cache->usage))) {
        unlist(oldest);
        free_unused(oldest);
    }
}

static struct lookup_entry *usable(struct lookup_cache *cache, const char *key)
{
    struct lookup_entry *entry = find(cache, key);

    if (entry && entry->thing && entry->good_until < clock_monotonic_ms()) {
        unlist(entry);
        free_unused(entry);
        entry = NULL;
    }
    if (entry && entry->thing) {
        TAILQ_REMOVE(&cache->usage, entry, usage);
        TAILQ_INSERT_TAIL(&cache->usage, entry, usage);
    }
    return entry ? entry : add(cache, key);
}

/* ---- lookups ------------------------------------------------------------------------------------
 */

/* Whoever looked has given up. */
static void pass_on(struct lookup_entry *entry)
{
    struct lookup *next = TAILQ_FIRST(&entry->waiting);

    entry->looker = next;
    if (!next) {
        unlist(entry);
        return;
    }
    TAILQ_REMOVE(&entry->waiting, next, link);
    next->waiting = false;
    notice_send(&next->notice);
}

static int lookup_drop(struct lookup *lookup)
{
    struct lookup_entry *entry = lookup->entry;
    struct inboxes *inboxes = lookup->cache->inboxes;

    inboxes_lock(inboxes);
    notice_cancel(&lookup->notice);
    if (lookup->waiting)
        TAILQ_REMOVE(&entry->waiting, lookup, link);
    if (entry->looker == lookup)
        pass_on(entry);
    entry->lookups--;
    free_unused(entry);
    inboxes_unlock(inboxes);
    return 0;
}

static void join(struct lookup *lookup, struct lookup_entry *entry, bool *ret_turn)
{
    lookup->entry = entry;
    entry->lookups++;
    *ret_turn = !entry->thing && !entry->looker;
    if (*ret_turn) {
        entry->looker = lookup;
    } else if (entry->thing) {
        notice_send(&lookup->notice);
    } else {
        lookup->waiting = true;
        TAILQ_INSERT_TAIL(&entry->waiting, lookup, link);
    }
}

enum sts_status lookup_start(TALLOC_CTX *ctx, struct lookup_cache *cache,
                             const struct lookup_request *request, struct lookup **ret,
                             bool *ret_turn)
{
    struct lookup *lookup = talloc_zero(ctx, struct lookup);
    struct lookup_entry *entry;

    if (!lookup)
        return STS_E_NOMEM;
    lookup->cache = cache;
    lookup->notice =
        (struct notice){.to = request->inbox, .open = request->known, .arg = request->arg};
    inboxes_lock(cache->inboxes);
    entry = usable(cache, request->key);
    if (entry)
        join(lookup, entry, ret_turn);
    inboxes_unlock(cache->inboxes);
    if (!entry) {
        talloc_free(lookup);
        return STS_E_NOMEM;
    }
    talloc_set_destructor(lookup, lookup_drop);
    *ret = lookup;
    return STS_OK;
}

const void *lookup_thing(const struct lookup *lookup)
{
    const void *thing;

    inboxes_lock(lookup->cache->inboxes);
    thing = lookup->entry->thing;
    inboxes_unlock(lookup->cache->inboxes);
    return thing;
}

static void keep(struct lookup_entry *entry, int64_t keep_ms)
{
    struct lookup_cache *cache = entry->cache;

    entry->good_until = clock_monotonic_ms() + keep_ms;
    TAILQ_INSERT_TAIL(&cache->usage, entry, usage);
    cache->entries++;
    cache->bytes += entry->bytes;
    if (keep_ms <= 0)
        unlist(entry);
    make_room(cache);
}

static size_t weight(const void *root)
{
    return talloc_total_size(root) + talloc_total_blocks(root) * BLOCK_BYTES;
}

void lookup_publish(struct lookup *lookup, const void *thing, int64_t keep_ms)
{
    void *root = talloc_steal(NULL, (void *)(uintptr_t)thing);
    size_t bytes = weight(root);
    struct lookup_entry *entry = lookup->entry;
    struct lookup *next;

    inboxes_lock(lookup->cache->inboxes);
    entry->thing = root;
    entry->bytes = bytes + weight(entry);
    entry->looker = NULL;
    while ((next = TAILQ_FIRST(&entry->waiting))) {
        TAILQ_REMOVE(&entry->waiting, next, link);
        next->waiting = false;
        notice_send(&next->notice);
    }
    keep(entry, keep_ms);
    inboxes_unlock(lookup->cache->inboxes);
}
