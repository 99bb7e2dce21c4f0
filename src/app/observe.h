/* SPDX-License-Identifier: MIT */
/* observe.h - look at many domains side by side, each once: at those of a list, or, in a service,
 * at those that come. */
#ifndef APP_OBSERVE_H
#define APP_OBSERVE_H

#include <talloc.h>

#include <mtasts/status.h>

#include "facts/facts.h"
#include "facts/look_progress.h"
#include "net/net.h"

struct loop;
struct observation;

struct observe_end {
    bool stopped;    /* by observe_interrupt() */
    bool incomplete; /* for want of memory not all could be begun */
};

struct observe_name {
    const char *name;  /* A-labels */
    const char *given; /* as a person wrote it */
    bool unfollowed;   /* what is known of it meanwhile is not asked for */
};

/* All is borrowed until `over`. */
struct observe_request {
    const struct net_options *net;
    bool place;               /* one look at our own place, without a domain: its index is 0 */
    const char *const *names; /* A-labels */
    const char *const *given; /* as a person wrote them */
    size_t count;
    /* In place of a list: the next domain, whose texts are copied; false: there is none now, and
     * observe_more() says when there is.  Such a run is over when it is interrupted. */
    bool (*next)(void *arg, struct observe_name *ret);
    size_t jobs; /* so many at a time */
    /* One was looked at, the one of that index, in the order in which the looks end.  The facts
     * live until it returns.  Those that come are counted from 0, as they are begun; NULL: for want
     * of memory that one could not be. */
    void (*seen)(void *arg, size_t index, const struct facts *facts);
    /* More is known of it than before: as in probe/probe.h.  NULL. */
    void (*so_far)(void *arg, size_t index, const struct facts *facts,
                   const struct look_progress *progress);
    /* May more begin, or does too much wait elsewhere?  Asked some times a second; NULL: yes. */
    bool (*has_room)(void *arg);
    /* So many are done, so many under way; NULL. */
    void (*progress)(void *arg, size_t done, size_t running);
    void (*over)(void *arg, const struct observe_end *end);
    void *arg; /* of all of them */
};

/* STS_E_INVALID: *ret_why, owned by ctx, says what is wrong with the options; STS_E_NOMEM. */
STS_MUST_USE enum sts_status observe_start(TALLOC_CTX *ctx, struct loop *loop,
                                           const struct observe_request *request,
                                           struct observation **ret, char **ret_why);
/* Ends all looks with what is known by now, and begins no more: `over` comes soon. */
void observe_interrupt(struct observation *run);
/* There is something for next() to give. */
void observe_more(struct observation *run);
/* Ends this look with what is known by now: `seen` comes soon, unless it is over. */
void observe_end_one(struct observation *run, size_t index);

#endif
