/* SPDX-License-Identifier: MIT */
/* flush.h - counters on their way to the store; private to collect/.
 *
 * It moves to the writer's thread and back, where all that it uses hangs on it. */
#ifndef COLLECT_FLUSH_H
#define COLLECT_FLUSH_H

#include <sys/queue.h>

#include "collect/counters.h"
#include "store/rollups.h"

struct flush {
    struct counters *counters;
    struct store_session_flush request;
    bool prepared;
    int64_t prune_before; /* a day; 0: none is forgotten */
    size_t bytes;
    STAILQ_ENTRY(flush) next;
};

/* head: who flushes, and when; its texts are copied.  NULL: no memory. */
struct flush *flush_new(TALLOC_CTX *ctx, const struct store_session_flush *head,
                        int64_t prune_before);
/* Which become the flush's. */
void flush_take(struct flush *flush, struct counters *counters);

/* As the writer calls them (store/writer.h); data: the flush. */
enum sts_status flush_prepare(void *data);
enum sts_status flush_write(struct store *store, void *data);

#endif
