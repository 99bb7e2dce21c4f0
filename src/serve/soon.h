/* SPDX-License-Identifier: MIT */
/* soon.h - what is to be done at the next turn of the loop, so that nobody is called, or freed,
 * from inside a function of its own; private to serve/. */
#ifndef SERVE_SOON_H
#define SERVE_SOON_H

#include <sys/queue.h>

#include "event/loop.h"

struct soon;

/* A member of whoever waits; removed with it by soon_forget(). */
struct soon_entry {
    loop_fn run;
    void *arg;
    struct soon *soon; /* NULL: it does not wait */
    TAILQ_ENTRY(soon_entry) link;
};

STS_MUST_USE enum sts_status soon_new(TALLOC_CTX *ctx, struct loop *loop, struct soon **ret);
/* Once, however often it is called before. */
void soon_add(struct soon *soon, struct soon_entry *entry);
void soon_forget(struct soon_entry *entry);
/* Frees a talloc context at the next turn. */
void soon_free(struct soon *soon, void *context);

#endif
