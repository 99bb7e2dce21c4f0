/* SPDX-License-Identifier: MIT */
/* writer.h - the store written to from a loop that does not wait for it.
 *
 * `write` of a request runs in the writer's own thread, inside a batch.  Requests that come while a
 * batch is under way make up the next one: the more there are, the fewer flushes each costs (group
 * commit), and a single one is not held back.  They are written in the order in which they were
 * put, and told in that order.
 *
 * `done` is called in the loop: STS_OK when what was written is durable.  A store that fails
 * (STS_E_IO) fails the whole batch, and each of its requests is told why.  What is the fault of one
 * request (STS_E_REFUSED, STS_E_LIMIT, STS_E_INVALID) is told to that one, and the others are
 * written without it: the batch is halved until the request is alone.  So `write` may be called
 * several times, and what it does may be repeated, as all verbs of store.h may.
 *
 * Others read beside it, with connections of their own: store.h in the loop's thread, or
 * readers.h. */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "store/store.h"

struct loop;
struct store_writer;

struct store_writer_request {
    /* In the writer's thread too, before the batch begins, so that nobody who writes beside it
     * waits for a computation; once.  What fails is the request's alone.  NULL. */
    enum sts_status (*prepare)(void *data);
    enum sts_status (*write)(struct store *store, void *data);
    /* fault: with STS_E_IO and STS_E_REFUSED; until it returns. */
    void (*done)(void *arg, void *data, enum sts_status status, const struct store_fault *fault);
    void *data; /* all that `write` uses hangs on it; whose it is when, as in event/jobs.h.  NULL */
    void *arg;  /* of `done`, and stays in the loop's thread */
};

/* As store_open() with STORE_WRITE, but opened with the first batch: what is wrong then is told to
 * its requests, and the next batch opens it again, as it does after any fault of the store.
 * STS_E_NOMEM also where there is no thread.
 *
 * Freeing the writer writes what is left, and waits for it; no `done` is called then. */
STS_MUST_USE enum sts_status store_writer_new(TALLOC_CTX *ctx, struct loop *loop, const char *where,
                                              struct store_writer **ret);
/* On an error `data` stays the caller's. */
STS_MUST_USE enum sts_status store_writer_put(struct store_writer *writer,
                                              const struct store_writer_request *request);
/* What was put with this arg is written, and `done` is not called: for whoever goes before that. */
void store_writer_forget(struct store_writer *writer, const void *arg);
/* Requests that were put and not yet told of.  NULL: 0. */
size_t store_writer_pending(const struct store_writer *writer);
/* Those that wait for a batch are not written, and told so, with a fault that another had: for
 * whoever does not want to wait for the same again.  From a `done` it may be called. */
void store_writer_refuse(struct store_writer *writer, enum sts_status status,
                         const struct store_fault *fault);

#endif
