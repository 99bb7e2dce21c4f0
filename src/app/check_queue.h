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
 * memory, the newest of them.
 *
 * Domains that nobody waits for (those of groups, those of batches) are looked at beside them, over
 * the same network: a source gives the next one whenever no visitor waits and not too many of its
 * kind are under way. */
#ifndef APP_CHECK_QUEUE_H
#define APP_CHECK_QUEUE_H

#include "app/check_run.h"
#include "app/observe.h"
#include "net/net.h"

struct check_queue;
struct check_follower;
struct loop;

/* Borrowed until the queue is freed; `limits` NULL and numbers 0: the defaults. */
struct check_queue_request {
    struct loop *loop;
    const struct net_options *net;
    size_t in_flight, waiting, kept;
    size_t aside;         /* so many looks of the sources at a time */
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
    /* As in check_run.h, and the client is not limited.  A result that is reused becomes it, and
     * nobody is told. */
    bool kept;
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

/* Whoever wants domains looked at that no visitor waits for. */
struct check_source {
    /* The next one; false: there is none now, and check_queue_more() says when there is.  What is
     * put into *ret_look comes back with what was seen. */
    bool (*next)(void *arg, struct observe_name *ret, void **ret_look);
    /* facts: until it returns; NULL: it could not be begun. */
    void (*seen)(void *arg, void *look, const struct facts *facts);
    void *arg;
};
/* The first one goes first.  Copied; STS_E_LIMIT: there are CHECK_SOURCES. */
#define CHECK_SOURCES 4
STS_MUST_USE enum sts_status check_queue_add_source(struct check_queue *queue,
                                                    const struct check_source *source);
void check_queue_more(struct check_queue *queue);
/* Our own place has changed (a resolver that answers again): what begins from now on sees it anew.
 * Looks under way end as they would.  Nothing to do while the last change is not over. */
STS_MUST_USE enum sts_status check_queue_renew(struct check_queue *queue);

/* Upper ends of classes of how long looks took, in seconds; the last class has none. */
#define CHECK_CLASSES 8
extern const double check_class_seconds[CHECK_CLASSES - 1];

struct check_queue_numbers {
    size_t waiting, running, kept;
    size_t aside; /* looks of sources under way */
    uint64_t begun, joined, reused, limited, full;
    uint64_t classes[CHECK_CLASSES]; /* looks by how long they took */
    int64_t took_ms;                 /* all of them */
};
struct check_queue_numbers check_queue_numbers(const struct check_queue *queue);

#endif
