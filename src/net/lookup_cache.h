/* SPDX-License-Identifier: MIT */
/* lookup_cache.h - what was looked at once in this run is not looked at again.
 *
 * Millions of domains share a few thousand MX hosts.  Whoever wants to know a thing starts a lookup
 * of its key.  The first one does the work; lookups of the same key wait meanwhile for what it
 * publishes, and later ones find it, until it is too old or makes room for others.  If the one at
 * work gives up (its lookup is freed), it is the next one's turn.  All threads of a run share it.
 *
 * What is published is a talloc tree of its own that nobody changes any more; it stays as long as a
 * lookup that found it. */
#ifndef NET_LOOKUP_CACHE_H
#define NET_LOOKUP_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

struct inboxes;
struct inbox;
struct lookup_cache;
struct lookup;

/* most: entries, and bytes of things kept. */
STS_MUST_USE enum sts_status lookup_cache_new(TALLOC_CTX *ctx, struct inboxes *inboxes,
                                              size_t most_entries, size_t most_bytes,
                                              struct lookup_cache **ret);

/* Called from the loop: the thing is there, or it is this lookup's turn to look. */
typedef void (*lookup_fn)(void *arg);

struct lookup_request {
    struct inbox *inbox; /* of the thread that asks */
    const char *key;     /* copied */
    lookup_fn known;
    void *arg;
};
/* *ret_turn: nobody has looked, look now, and no callback comes.  Else the callback comes. */
STS_MUST_USE enum sts_status lookup_start(TALLOC_CTX *ctx, struct lookup_cache *cache,
                                          const struct lookup_request *request, struct lookup **ret,
                                          bool *ret_turn);
/* NULL: it is this lookup's turn. */
const void *lookup_thing(const struct lookup *lookup);
/* The thing, stolen from its parent, for all who wait and, if keep_ms > 0, for those who come. */
void lookup_publish(struct lookup *lookup, const void *thing, int64_t keep_ms);

#endif
