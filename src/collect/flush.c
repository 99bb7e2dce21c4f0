/* SPDX-License-Identifier: MIT */
/* flush.c - what was counted, as the store wants it. */
#include "collect/flush.h"

struct flush *flush_new(TALLOC_CTX *ctx, const struct store_session_flush *head,
                        int64_t prune_before)
{
    struct flush *flush = talloc_zero(ctx, struct flush);

    if (!flush)
        return NULL;
    flush->request = *head;
    flush->request.collector = talloc_strdup(flush, head->collector);
    flush->request.run = talloc_strdup(flush, head->run);
    flush->prune_before = prune_before;
    if (!flush->request.collector || !flush->request.run)
        TALLOC_FREE(flush);
    return flush;
}

void flush_take(struct flush *flush, struct counters *counters)
{
    flush->bytes = counters_bytes(counters);
    flush->counters = talloc_steal(flush, counters);
}

/* ---- the writer's thread --------------------------------------------------------------------- */

enum sts_status flush_prepare(void *data)
{
    struct flush *flush = data;
    struct store_session_flush counted = flush->request;
    enum sts_status status;

    if (flush->prepared)
        return STS_OK;
    status = counters_flush(flush->counters, &flush->request);
    flush->prepared = !status;
    flush->request.collector = counted.collector;
    flush->request.run = counted.run;
    flush->request.number = counted.number;
    flush->request.at = counted.at;
    return status;
}

enum sts_status flush_write(struct store *store, void *data)
{
    const struct flush *flush = data;
    enum sts_status status = store_count_sessions(store, &flush->request);

    return status || !flush->prune_before ? status
                                          : store_prune_counted(store, flush->prune_before);
}
