/* SPDX-License-Identifier: MIT */
/* soon.c - a list, and one timer that comes at once.
 *
 * A timer that is set anew before it could be called has to wait for the next turn: so it is set
 * once, or descriptors that are ready in each turn would put it off for ever. */
#include "serve/soon.h"

struct soon {
    struct loop *loop;
    struct loop_timer *timer;
    TAILQ_HEAD(soon_list, soon_entry) entries;
    size_t count;
    TALLOC_CTX *garbage;
    bool set; /* the timer */
};

static void set_timer(struct soon *soon)
{
    if (!soon->set)
        loop_timer_again(soon->timer, loop_now(soon->loop));
    soon->set = true;
}

/* What is added meanwhile comes at the next turn, so that descriptors have theirs. */
static void on_turn(void *arg)
{
    struct soon *soon = arg;
    struct soon_entry *entry;

    soon->set = false;
    TALLOC_FREE(soon->garbage);
    for (size_t left = soon->count; left && (entry = TAILQ_FIRST(&soon->entries)); left--) {
        soon_forget(entry);
        entry->run(entry->arg);
    }
    if (soon->count || soon->garbage)
        set_timer(soon);
}

enum sts_status soon_new(TALLOC_CTX *ctx, struct loop *loop, struct soon **ret)
{
    struct soon *soon = talloc_zero(ctx, struct soon);

    if (!soon)
        return STS_E_NOMEM;
    soon->loop = loop;
    TAILQ_INIT(&soon->entries);
    if (loop_timer_start(soon, loop, loop_now(loop), on_turn, soon, &soon->timer) != STS_OK) {
        talloc_free(soon);
        return STS_E_NOMEM;
    }
    *ret = soon;
    return STS_OK;
}

void soon_add(struct soon *soon, struct soon_entry *entry)
{
    if (entry->soon)
        return;
    entry->soon = soon;
    TAILQ_INSERT_TAIL(&soon->entries, entry, link);
    soon->count++;
    set_timer(soon);
}

void soon_forget(struct soon_entry *entry)
{
    if (!entry->soon)
        return;
    TAILQ_REMOVE(&entry->soon->entries, entry, link);
    entry->soon->count--;
    entry->soon = NULL;
}

void soon_free(struct soon *soon, void *context)
{
    if (!soon->garbage)
        soon->garbage = talloc_new(soon);
    if (!soon->garbage) { /* then it goes with the service */
        (void)talloc_steal(soon, context);
        return;
    }
    (void)talloc_steal(soon->garbage, context);
    set_timer(soon);
}
