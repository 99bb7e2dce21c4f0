/* SPDX-License-Identifier: MIT */
/* memo.c - a table of things looked at, the longest unused first to go. */
#include "net/memo.h"

#include <string.h>
#include <sys/queue.h>

#include "base/clock.h"
#include "net/post.h"

#define BUCKETS     16384
#define BLOCK_BYTES 112 /* what talloc and the C library add to a block */

struct entry {
    struct entry *next; /* of its bucket */
    struct memo *memo;
    char *key;
    const void *thing; /* NULL: somebody is looking */
    size_t bytes;
    int64_t good_until;
    struct memo_claim *looker;
    TAILQ_HEAD(, memo_claim) waiting;
    size_t claims;
    bool listed;              /* in the table */
    TAILQ_ENTRY(entry) usage; /* in the order of use, while listed and known */
};

struct memo {
    struct post *post;
    struct entry *buckets[BUCKETS];
    TAILQ_HEAD(, entry) usage;
    size_t entries, bytes, most_entries, most_bytes; /* of what is known */
};

struct memo_claim {
    struct memo *memo;
    struct entry *entry;
    TAILQ_ENTRY(memo_claim) link;
    struct letter letter;
    bool waiting;
};

static void unlist(struct entry *entry);
static void free_unclaimed(struct entry *entry);

static int memo_drop(struct memo *memo)
{
    struct entry *entry;

    while ((entry = TAILQ_FIRST(&memo->usage))) {
        unlist(entry);
        free_unclaimed(entry);
    }
    return 0;
}

enum sts_status memo_new(TALLOC_CTX *ctx, struct post *post, size_t most_entries, size_t most_bytes,
                         struct memo **ret)
{
    struct memo *memo = talloc_zero(ctx, struct memo);

    if (!memo)
        return STS_E_NOMEM;
    memo->post = post;
    memo->most_entries = most_entries;
    memo->most_bytes = most_bytes;
    TAILQ_INIT(&memo->usage);
    talloc_set_destructor(memo, memo_drop);
    *ret = memo;
    return STS_OK;
}

/* ---- entries --------------------------------------------------------------------------------- */

/* FNV-1a */
static struct entry **bucket_of(struct memo *memo, const char *key)
{
    uint32_t hash = 2166136261U;

    for (; *key; key++)
        hash = (hash ^ (unsigned char)*key) * 16777619U;
    return &memo->buckets[hash % BUCKETS];
}

static struct entry *find(struct memo *memo, const char *key)
{
    struct entry *entry = *bucket_of(memo, key);

    while (entry && strcmp(entry->key, key) != 0)
        entry = entry->next;
    return entry;
}

/* Each entry is a root: with talloc, a hierarchy is for one thread at a time. */
static struct entry *add(struct memo *memo, const char *key)
{
    struct entry **bucket = bucket_of(memo, key), *entry = talloc_zero(NULL, struct entry);

    if (!entry)
        return NULL;
    entry->key = talloc_strdup(entry, key);
    if (!entry->key) {
        talloc_free(entry);
        return NULL;
    }
    entry->memo = memo;
    entry->listed = true;
    TAILQ_INIT(&entry->waiting);
    entry->next = *bucket;
    *bucket = entry;
    return entry;
}

static void free_unclaimed(struct entry *entry)
{
    if (entry->claims || entry->listed)
        return;
    talloc_free((void *)(uintptr_t)entry->thing);
    talloc_free(entry);
}

/* Out of the table; those who hold it keep it. */
static void unlist(struct entry *entry)
{
    struct memo *memo = entry->memo;
    struct entry **link = bucket_of(memo, entry->key);

    if (!entry->listed)
        return;
    while (*link != entry)
        link = &(*link)->next;
    *link = entry->next;
    entry->listed = false;
    if (!entry->thing)
        return;
    TAILQ_REMOVE(&memo->usage, entry, usage);
    memo->entries--;
    memo->bytes -= entry->bytes;
}

static void make_room(struct memo *memo)
{
    struct entry *oldest;

    while ((memo->entries > memo->most_entries || memo->bytes > memo->most_bytes) &&
           (oldest = TAILQ_FIRST(&memo->usage))) {
        unlist(oldest);
        free_unclaimed(oldest);
    }
}

static struct entry *usable(struct memo *memo, const char *key)
{
    struct entry *entry = find(memo, key);

    if (entry && entry->thing && entry->good_until < clock_monotonic_ms()) {
        unlist(entry);
        free_unclaimed(entry);
        entry = NULL;
    }
    if (entry && entry->thing) {
        TAILQ_REMOVE(&memo->usage, entry, usage);
        TAILQ_INSERT_TAIL(&memo->usage, entry, usage);
    }
    return entry ? entry : add(memo, key);
}

/* ---- claims ---------------------------------------------------------------------------------- */

/* Whoever looked has given up. */
static void pass_on(struct entry *entry)
{
    struct memo_claim *next = TAILQ_FIRST(&entry->waiting);

    entry->looker = next;
    if (!next) {
        unlist(entry);
        return;
    }
    TAILQ_REMOVE(&entry->waiting, next, link);
    next->waiting = false;
    letter_send(&next->letter);
}

static int claim_drop(struct memo_claim *claim)
{
    struct entry *entry = claim->entry;
    struct post *post = claim->memo->post;

    post_lock(post);
    letter_cancel(&claim->letter);
    if (claim->waiting)
        TAILQ_REMOVE(&entry->waiting, claim, link);
    if (entry->looker == claim)
        pass_on(entry);
    entry->claims--;
    free_unclaimed(entry);
    post_unlock(post);
    return 0;
}

static void join(struct memo_claim *claim, struct entry *entry, bool *ret_turn)
{
    claim->entry = entry;
    entry->claims++;
    *ret_turn = !entry->thing && !entry->looker;
    if (*ret_turn) {
        entry->looker = claim;
    } else if (entry->thing) {
        letter_send(&claim->letter);
    } else {
        claim->waiting = true;
        TAILQ_INSERT_TAIL(&entry->waiting, claim, link);
    }
}

enum sts_status memo_ask(TALLOC_CTX *ctx, struct memo *memo, struct post_box *box, const char *key,
                         memo_fn known, void *arg, struct memo_claim **ret, bool *ret_turn)
{
    struct memo_claim *claim = talloc_zero(ctx, struct memo_claim);
    struct entry *entry;

    if (!claim)
        return STS_E_NOMEM;
    claim->memo = memo;
    claim->letter = (struct letter){.to = box, .open = known, .arg = arg};
    post_lock(memo->post);
    entry = usable(memo, key);
    if (entry)
        join(claim, entry, ret_turn);
    post_unlock(memo->post);
    if (!entry) {
        talloc_free(claim);
        return STS_E_NOMEM;
    }
    talloc_set_destructor(claim, claim_drop);
    *ret = claim;
    return STS_OK;
}

const void *memo_thing(const struct memo_claim *claim)
{
    const void *thing;

    post_lock(claim->memo->post);
    thing = claim->entry->thing;
    post_unlock(claim->memo->post);
    return thing;
}

static void keep(struct entry *entry, int64_t keep_ms)
{
    struct memo *memo = entry->memo;

    entry->good_until = clock_monotonic_ms() + keep_ms;
    TAILQ_INSERT_TAIL(&memo->usage, entry, usage);
    memo->entries++;
    memo->bytes += entry->bytes;
    if (keep_ms <= 0)
        unlist(entry);
    make_room(memo);
}

static size_t weight(const void *root)
{
    return talloc_total_size(root) + talloc_total_blocks(root) * BLOCK_BYTES;
}

void memo_tell(struct memo_claim *claim, const void *thing, int64_t keep_ms)
{
    void *root = talloc_steal(NULL, (void *)(uintptr_t)thing);
    size_t bytes = weight(root);
    struct entry *entry = claim->entry;
    struct memo_claim *next;

    post_lock(claim->memo->post);
    entry->thing = root;
    entry->bytes = bytes + weight(entry);
    entry->looker = NULL;
    while ((next = TAILQ_FIRST(&entry->waiting))) {
        TAILQ_REMOVE(&entry->waiting, next, link);
        next->waiting = false;
        letter_send(&next->letter);
    }
    keep(entry, keep_ms);
    post_unlock(claim->memo->post);
}
