/* SPDX-License-Identifier: MIT */
/* domain_batches.h - lists of domains that groups want to have looked at once, worked off.
 *
 * They are in the store (store/batches.h) with their results, so a kill costs a repetition of what
 * was under way, and each domain has one result.  A source of the queue of checks (check_queue.h)
 * behind the one of domain_watch.h; several batches are worked at side by side. */
#ifndef APP_DOMAIN_BATCHES_H
#define APP_DOMAIN_BATCHES_H

#include "app/check_queue.h"
#include "event/loop.h"

struct diagnosis;
struct domain_batches;
struct store_fault;
struct store_writer;

/* Borrowed until the batches are freed. */
struct domain_batches_request {
    struct loop *loop;
    struct store_writer *writer;
    int64_t keep_days; /* batches that ended earlier are forgotten */
    /* The text of a result, in the language of the thread, on a thread of its own; NULL: no memory.
     */
    char *(*result)(TALLOC_CTX *ctx, const struct diagnosis *diagnosis);
    void (*more)(void *arg); /* there is something for its source to give */
    /* Can domains be looked at from here?  A look saw nothing, perhaps because they cannot. */
    bool (*may)(void *arg);
    void (*doubt)(void *arg, const struct facts *facts);
    void (*fault)(void *arg, const struct store_fault *why); /* until it returns; NULL: memory */
    void *arg;
    int64_t (*now)(void); /* NULL: the clock */
};

STS_MUST_USE enum sts_status domain_batches_new(TALLOC_CTX *ctx,
                                                const struct domain_batches_request *request,
                                                struct domain_batches **ret);
struct check_source domain_batches_source(struct domain_batches *batches);
/* There is a new one. */
void domain_batches_wake(struct domain_batches *batches);
/* Takes no more, and gives back what is not done, so that nobody waits for it. */
void domain_batches_stop(struct domain_batches *batches, loop_fn stopped, void *arg);

#endif
