/* SPDX-License-Identifier: MIT */
/* check_queue.h - checks that anybody may ask a service for, in one queue over one network.
 *
 * All of them share the rate limiter and the lookup cache, so many run at a time, the others wait
 * in the order in which they came, and how many may wait is bounded.  Whoever asks for a domain
 * that is being checked joins that check; whoever asks within a minute of its end gets its result.
 * How much one client may ask for is limited.  Nothing is connected to at private addresses, unless
 * net_options.allow_private says so; so nothing that a server there shows is ever seen.
 *
 * A check has an id that nobody can guess: who knows it may see the result.  Results stay in
 * memory, the newest of them. */
#ifndef APP_CHECK_QUEUE_H
#define APP_CHECK_QUEUE_H

#include "app/check_run.h"
#include "net/net.h"

struct check_queue;
struct check_follower;
struct loop;

/* Borrowed until the queue is freed; `limits` NULL and numbers 0: the defaults. */
struct check_queue_request {
    struct loop *loop;
    const struct net_options *net;
    size_t in_flight, waiting, kept;
    int64_t (*now)(void); /* seconds, UTC; NULL: clock_now() */
    /* So many bytes that nobody can guess; false: there are none.  NULL: the kernel's. */
    bool (*chance)(void *bytes, size_t length);
    /* A check is DONE; until it returns.  NULL. */
    void (*done)(void *arg, const struct check_run *run);
    void *arg;
};

/* As net_new(). */
STS_MUST_USE enum sts_status check_queue_new(TALLOC_CTX *ctx,
                                             const struct check_queue_request *request,
                                             struct check_queue **ret, char **ret_why);

enum check_outcome {
    CHECK_BEGUN,
    CHECK_JOINED,  /* the same domain is being checked */
    CHECK_REUSED,  /* it was, within the last minute */
    CHECK_LIMITED, /* the client has asked too often */
    CHECK_FULL,    /* too many wait */
};

struct check_asked {
    enum check_outcome outcome;
    const struct check_run *run; /* NULL where it was refused; as check_queue_find() */
    int64_t retry_after;         /* seconds, where it was refused */
};

/* domain: A-labels; given: as a person wrote it; client: its address. */
struct check_wish {
    const char *domain, *given, *client;
};
STS_MUST_USE enum sts_status check_queue_ask(struct check_queue *queue,
                                             const struct check_wish *wish,
                                             struct check_asked *ret);

/* NULL: it is not in memory (any more).  Until the loop's next turn. */
const struct check_run *check_queue_find(struct check_queue *queue, const char *id);
/* The newest result of a domain; likewise. */
const struct check_run *check_queue_newest(struct check_queue *queue, const char *domain);
/* One of those who wanted it does not any more; without any it ends.  False: nobody at that address
 * wanted it, or it is over. */
bool check_queue_cancel(struct check_queue *queue, const char *id, const char *client);

/* Calls `changed` from the loop each time that there is something new, and once at the beginning;
 * several news may be one call.  The run stays in memory as long.  Freeing the handle ends it, as
 * does the end of the queue.  STS_E_INVALID: there is no such run. */
STS_MUST_USE enum sts_status check_follow(TALLOC_CTX *ctx, struct check_queue *queue,
                                          const char *id,
                                          void (*changed)(void *arg, const struct check_run *run),
                                          void *arg, struct check_follower **ret);

struct check_queue_numbers {
    size_t waiting, running, kept;
    uint64_t begun, joined, reused, limited, full;
};
struct check_queue_numbers check_queue_numbers(const struct check_queue *queue);

#endif
