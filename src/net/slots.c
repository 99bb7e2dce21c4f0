/* SPDX-License-Identifier: MIT */
/* slots.c - a list of who connects where, and who waits. */
#include "net/slots.h"

#include <stdbool.h>
#include <string.h>

#include "net/limits.h"
#include "net/loop.h"

struct slots {
    struct net_loop *loop;
    struct slot *first, **end; /* in the order of asking */
};

struct slot {
    struct slots *slots; /* NULL: they are gone */
    struct slot *next;
    const char *address;
    int64_t port;
    bool granted;
    struct net_timer *timer; /* grants at the next turn of the loop */
    slot_ready_fn ready;
    void *arg;
};

static int slots_drop(struct slots *slots)
{
    for (struct slot *slot = slots->first; slot; slot = slot->next)
        slot->slots = NULL;
    return 0;
}

enum sts_status slots_new(TALLOC_CTX *ctx, struct net_loop *loop, struct slots **ret)
{
    struct slots *slots = talloc_zero(ctx, struct slots);

    if (!slots)
        return STS_E_NOMEM;
    slots->loop = loop;
    slots->end = &slots->first;
    talloc_set_destructor(slots, slots_drop);
    *ret = slots;
    return STS_OK;
}

static bool same_place(const struct slot *a, const struct slot *b)
{
    return a->port == b->port && strcmp(a->address, b->address) == 0;
}

static void grant_now(void *arg)
{
    struct slot *slot = arg;

    talloc_free(slot->timer);
    slot->timer = NULL;
    slot->ready(slot->arg);
}

static enum sts_status grant(struct slot *slot)
{
    slot->granted = true;
    return net_timer_start(slot, slot->slots->loop, 0, grant_now, slot, &slot->timer);
}

/* How many hold a slot where this one wants one. */
static int holders(const struct slot *wanted)
{
    int count = 0;

    for (const struct slot *slot = wanted->slots->first; slot; slot = slot->next)
        count += slot->granted && same_place(slot, wanted);
    return count;
}

static void unlink_slot(struct slot *slot)
{
    struct slots *slots = slot->slots;
    struct slot **link = &slots->first;

    while (*link != slot)
        link = &(*link)->next;
    *link = slot->next;
    if (slots->end == &slot->next)
        slots->end = link;
}

/* Without memory the next one is not told; its own deadline then ends it. */
static void pass_on(struct slots *slots, const struct slot *freed)
{
    struct slot *next = slots->first;

    while (next && (next->granted || !same_place(next, freed)))
        next = next->next;
    if (next && grant(next) != STS_OK)
        next->granted = false;
}

static int slot_drop(struct slot *slot)
{
    struct slots *slots = slot->slots;

    if (!slots)
        return 0;
    unlink_slot(slot);
    if (slot->granted)
        pass_on(slots, slot);
    return 0;
}

enum sts_status slot_take(TALLOC_CTX *ctx, struct slots *slots, const char *address, int64_t port,
                          slot_ready_fn ready, void *arg, struct slot **ret)
{
    struct slot *slot = talloc_zero(ctx, struct slot);

    if (!slot)
        return STS_E_NOMEM;
    slot->ready = ready;
    slot->arg = arg;
    slot->port = port;
    slot->address = talloc_strdup(slot, address);
    if (!slot->address) {
        talloc_free(slot);
        return STS_E_NOMEM;
    }
    slot->slots = slots;
    *slots->end = slot;
    slots->end = &slot->next;
    talloc_set_destructor(slot, slot_drop);
    if (holders(slot) < LIMIT_PER_ADDRESS && grant(slot) != STS_OK) {
        talloc_free(slot);
        return STS_E_NOMEM;
    }
    *ret = slot;
    return STS_OK;
}
