/* SPDX-License-Identifier: MIT */
/* observe.h - look at many domains side by side, each once. */
#ifndef APP_OBSERVE_H
#define APP_OBSERVE_H

#include <talloc.h>

#include <mtasts/status.h>

#include "facts/facts.h"
#include "net/net.h"

/* All is borrowed until observe_domains() returns. */
struct observe_request {
    const struct net_options *net;
    const char *const *names; /* A-labels */
    const char *const *given; /* as a person wrote them */
    size_t count;
    size_t jobs; /* so many at a time */
    /* One was looked at, the one of that index, in the order in which the looks end.  The facts
     * live until it returns. */
    void (*seen)(void *arg, size_t index, const struct facts *facts);
    /* So many are done and others under way; NULL. */
    void (*progress)(void *arg, size_t done);
    /* Asked ten times a second: true ends all looks with what is known by then, and begins no
     * more.  NULL: never. */
    bool (*stop)(void *arg);
    void *arg; /* of all three */
};

struct observe_end {
    bool stopped;    /* by stop() */
    bool incomplete; /* for want of memory not all could be begun */
    char *why;       /* STS_E_INVALID: what is wrong with the options; owned by ctx */
};

/* STS_E_INVALID: see why; STS_E_IO: the event loop failed; STS_E_NOMEM. */
STS_MUST_USE enum sts_status observe_domains(TALLOC_CTX *ctx, const struct observe_request *request,
                                             struct observe_end *ret);
/* One look at our own place, without a domain: seen() gets the index 0. */
STS_MUST_USE enum sts_status observe_place(TALLOC_CTX *ctx, const struct observe_request *request,
                                           struct observe_end *ret);

#endif
