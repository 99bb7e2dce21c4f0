/* SPDX-License-Identifier: MIT */
/* own_place.h - one look at our own place, as `mtasts selftest` has it, over a network of its own:
 * what that of the checks saw at its beginning may not be true any more. */
#ifndef APP_OWN_PLACE_H
#define APP_OWN_PLACE_H

#include "facts/facts.h"
#include "net/net.h"

struct loop;
struct own_place_look;

/* facts: with the vantage alone, until it returns. */
typedef void (*own_place_fn)(void *arg, const struct facts *facts);
/* Freeing the handle cancels; not from the callback. */
STS_MUST_USE enum sts_status own_place_start(TALLOC_CTX *ctx, struct loop *loop,
                                             const struct net_options *net, own_place_fn done,
                                             void *arg, struct own_place_look **ret);

/* Is there nothing that could be looked at from here, whatever the domain? */
bool own_place_is_broken(const struct facts *facts);

#endif
