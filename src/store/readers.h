/* SPDX-License-Identifier: MIT */
/* readers.h - the store read from a loop that does not wait for it: some connections, each used by
 * one thread at a time, beside each other and beside a writer. */
#ifndef STORE_READERS_H
#define STORE_READERS_H

#include "store/store.h"

struct loop;
struct store_readers;
struct jobs_handle;

struct store_read_request {
    enum sts_status (*read)(struct store *store, void *data);
    /* In the loop.  fault: with STS_E_IO; until it returns. */
    void (*done)(void *arg, void *data, enum sts_status status, const struct store_fault *fault);
    void *data; /* what `read` finds it hangs on it; whose it is when, as in event/jobs.h.  NULL */
    void *arg;  /* of `done`, and stays in the loop's thread */
};

/* As store_open() with STORE_READ, so many times at the most, each when it is first needed; one
 * that failed is opened again.  STS_E_NOMEM also where there is no thread. */
STS_MUST_USE enum sts_status store_readers_new(TALLOC_CTX *ctx, struct loop *loop,
                                               const char *where, size_t connections,
                                               struct store_readers **ret);
/* Freeing the handle cancels; on an error `data` stays the caller's. */
STS_MUST_USE enum sts_status store_read_start(TALLOC_CTX *ctx, struct store_readers *readers,
                                              const struct store_read_request *request,
                                              struct jobs_handle **ret);

#endif
