/* SPDX-License-Identifier: MIT */
/* domain_batches_work.h - what the files of domain_batches.h share; private to app/. */
#ifndef APP_DOMAIN_BATCHES_WORK_H
#define APP_DOMAIN_BATCHES_WORK_H

#include <sys/queue.h>

#include "app/domain_batches.h"
#include "base/i18n.h"
#include "event/loop.h"

struct batch_look {
    TAILQ_ENTRY(batch_look) link;
    int64_t batch, place, tries;
    char *domain;
    enum i18n_language language;
    int64_t claimed; /* of the loop's clock */
    int64_t until;   /* it is ours, as the store has it */
};
TAILQ_HEAD(batch_looks, batch_look);

struct domain_batches {
    struct domain_batches_request request;
    struct loop_timer *turn;
    struct batch_looks claimed, looking;
    size_t claimed_count, writing;
    bool claiming, idle;
    int64_t asked, pruned; /* of the loop's clock */
    loop_fn stopped;       /* NULL: it goes on */
    void *stopped_arg;
};

/* domain_batches_stop.c: no claim is under way any more. */
void batches_give_back(struct domain_batches *batches);

#endif
