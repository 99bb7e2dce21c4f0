/* SPDX-License-Identifier: MIT */
/* posting.h - what somebody sent, on its way into the store; private to serve/. */
#ifndef SERVE_POSTING_H
#define SERVE_POSTING_H

#include "app/receiver.h"

struct exchange;
struct upload;

/* In the visitor's language.  item: what became of it, durable; NULL: nothing, try again later. */
typedef void (*posting_done_fn)(struct exchange *exchange, const struct receiver_item *item);

struct posting_request {
    struct receiver *receiver;
    const struct upload *upload; /* NULL: the item of the set has its bytes */
    struct receiver_set *set;    /* of posting_set() */
    posting_done_fn done;
};
/* A set for one item, whose bytes are to come; kind: a constant.  NULL: no memory. */
struct receiver_set *posting_set(TALLOC_CTX *ctx, const char *kind, const char *source);
/* False: there is no room, and `done` does not come. */
bool posting_start(struct exchange *exchange, const struct posting_request *request);

#endif
