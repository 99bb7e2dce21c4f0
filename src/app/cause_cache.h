/* SPDX-License-Identifier: MIT */
/* cause_cache.h - the overviews that were put together (history/causes.h), kept until what they are
 * made of has changed: of 20,000 domains one takes a good part of a second. */
#ifndef APP_CAUSE_CACHE_H
#define APP_CAUSE_CACHE_H

#include "history/causes.h"

struct cause_cache;

/* NULL: no memory. */
struct cause_cache *cause_cache_new(TALLOC_CTX *ctx);

/* From any thread.  *ret, a child of ctx that keeps it alive, is never changed; its checks and
 * reports may be older by CAUSE_CACHE_MS than the store's, so that a store which grows all the time
 * is not read all the time.
 */
#define CAUSE_CACHE_MS 3000
struct held_causes {
    const struct causes *causes;
};
STS_MUST_USE enum sts_status cause_cache_read(TALLOC_CTX *ctx, struct cause_cache *cache,
                                              struct store *store, const struct store_sight *sight,
                                              int64_t now, struct held_causes **ret);

#endif
