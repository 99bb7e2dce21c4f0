/* SPDX-License-Identifier: MIT */
/* shared.h - checks that whoever knows their id may read: those that visitors of the web service
 * ask for.  They are no part of the history of a domain. */
#ifndef STORE_SHARED_H
#define STORE_SHARED_H

#include "store/store.h"

struct store_shared {
    const char *id;
    const char *domain;
    int64_t created, expires; /* seconds, UTC */
    struct bytes facts;       /* JSON, "mtasts.facts/1" */
};

/* One that is there stays as it is. */
STS_MUST_USE enum sts_status store_put_shared(struct store *store,
                                              const struct store_shared *shared);
/* Of that id; of the domain the last one.  Owned by ctx; NULL: there is none, or it has expired. */
STS_MUST_USE enum sts_status store_shared(struct store *store, TALLOC_CTX *ctx, const char *id,
                                          int64_t now, struct store_shared **ret);
STS_MUST_USE enum sts_status store_last_shared(struct store *store, TALLOC_CTX *ctx,
                                               const char *domain, int64_t now,
                                               struct store_shared **ret);
/* Forget those that have expired, and all but about the last `keep`. */
STS_MUST_USE enum sts_status store_prune_shared(struct store *store, int64_t now, int64_t keep);

#endif
