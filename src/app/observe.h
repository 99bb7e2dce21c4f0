/* SPDX-License-Identifier: MIT */
/* observe.h - look at many domains side by side, each once. */
#ifndef APP_OBSERVE_H
#define APP_OBSERVE_H

#include <talloc.h>

#include <mtasts/status.h>

#include "facts/facts.h"
#include "net/net.h"

struct loop;
struct observation;

struct observe_end {
    bool stopped;    /* by observe_interrupt() */
    bool incomplete; /* for want of memory not all could be begun */
};

/* All is borrowed until `over`. */
struct observe_request {
    const struct net_options *net;
    bool place;               /* one look at our own place, without a domain: its index is 0 */
    const char *const *names; /* A-labels */
    const char *const *given; /* as a person wrote them */
    size_t count;
    size_t jobs; /* so many at a time */
    /* One was looked at, the one of that index, in the order in which the looks end.  The facts
     * live until it returns. */
    void (*seen)(void *arg, size_t index, const struct facts *facts);
    /* May more begin, or does too much wait elsewhere?  Asked some times a second; NULL: yes. */
    bool (*has_room)(void *arg);
    /* So many are done, so many under way; NULL. */
    void (*progress)(void *arg, size_t done, size_t running);
    void (*over)(void *arg, const struct observe_end *end);
    void *arg; /* of all four */
};

/* STS_E_INVALID: *ret_why, owned by ctx, says what is wrong with the options; STS_E_NOMEM. */
STS_MUST_USE enum sts_status observe_start(TALLOC_CTX *ctx, struct loop *loop,
                                           const struct observe_request *request,
                                           struct observation **ret, char **ret_why);
/* Ends all looks with what is known by now, and begins no more: `over` comes soon. */
void observe_interrupt(struct observation *run);

#endif
