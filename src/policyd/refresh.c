/* SPDX-License-Identifier: MIT */
/* refresh.c - one look-up after the other: the record, then the policy for its id; DANE beside. */
#include "policyd/refresh.h"

#include <sys/random.h>

#include "base/clock.h"
#include "event/loop.h"
#include "event/semaphore.h"
#include "policyd/downgrade.h"
#include "policyd/limits.h"
#include "policyd/lookup.h"

struct refresh {
    struct refresh_request request;
    struct semaphore *lookups; /* that are under way */
    struct loop_timer *sweep;
    int64_t clock;
    uint64_t count;
};

int64_t refresh_now(const struct refresh *refresh)
{
    return clock_now() - clock_jump(refresh->clock);
}

uint64_t refresh_count(const struct refresh *refresh)
{
    return refresh->count;
}

static uint32_t chance(void)
{
    uint32_t number = 0;

    if (getrandom(&number, sizeof(number), GRND_NONBLOCK) != (ssize_t)sizeof(number))
        number = (uint32_t)clock_monotonic_ms();
    return number;
}

/* ---- a part ---------------------------------------------------------------------------------- */

/* One part of a domain under way; the entry stays meanwhile. */
struct lookup_owner {
    struct refresh *refresh;
    struct policy_entry *entry;
    enum policy_part part;
    struct permit *permit;
    struct policy_lookup *lookup;
    char *id; /* of the record that leads to the policy; NULL */
};

static void take_policy(struct lookup_owner *owner, const struct policy_found *found, int64_t now)
{
    struct refresh *refresh = owner->refresh;
    struct live_policy policy;

    if (!found->policy) {
        policy_entry_failed(owner->entry, found->why, now);
        refresh->request.failed(refresh->request.arg, policy_entry_domain(owner->entry),
                                found->why);
        return;
    }
    policy = *found->policy;
    policy.id = owner->id;
    if (policy_entry_fetched(owner->entry, &policy, now, chance()) != STS_OK)
        policy_entry_failed(owner->entry, "memory", now);
}

/* What fails for want of memory is as before, and looked up again when its time has come. */
static void take(struct lookup_owner *owner, const struct policy_found *found)
{
    int64_t now = refresh_now(owner->refresh);
    enum sts_status status = STS_OK;

    if (found->part == POLICY_PART_RECORD)
        status = policy_entry_record(owner->entry, &found->record, found->ttl, now);
    else if (found->part == POLICY_PART_DANE)
        status = policy_entry_dane(owner->entry, found->dane_known ? &found->dane : NULL,
                                   found->ttl, now);
    else
        take_policy(owner, found, now);
    (void)status;
}

/* Before it is taken, as it is compared with what was known. */
static void tell_weaker(struct refresh *refresh, const struct policy_entry *entry,
                        const struct policy_found *found)
{
    int64_t now = refresh_now(refresh);
    unsigned downgrades = downgrades_of(entry, found, now);

    if (downgrades)
        refresh->request.weaker(refresh->request.arg, policy_entry_domain(entry), downgrades,
                                policy_entry_decision(entry, now).expires_at);
}

static void on_found(void *arg, const struct policy_found *found)
{
    struct lookup_owner *owner = arg;
    struct refresh *refresh = owner->refresh;
    struct policy_entry *entry = owner->entry;

    tell_weaker(refresh, entry, found);
    take(owner, found);
    talloc_free(owner);
    refresh_due(refresh, entry);
    refresh->request.seen(refresh->request.arg, entry);
}

/* Its turn has come. */
static void look_up(void *arg)
{
    struct lookup_owner *owner = arg;
    struct net *net = owner->refresh->request.net;
    const struct policy_lookup_request request = {.net = net,
                                                  .domain = policy_entry_domain(owner->entry),
                                                  .part = owner->part,
                                                  .deadline = loop_now(net->loop) + LIMIT_LOOKUP_MS,
                                                  .done = on_found,
                                                  .arg = owner};
    const struct policy_found nothing = {.part = owner->part, .why = "memory", .ttl = -1};

    owner->refresh->count++;
    if (policy_lookup_start(owner, &request, &owner->lookup) == STS_OK)
        return;
    take(owner, &nothing);
    talloc_free(owner);
}

static void begin_part(struct refresh *refresh, struct policy_entry *entry, enum policy_part part)
{
    struct lookup_owner *owner = talloc_zero(refresh, struct lookup_owner);
    const struct semaphore_request request = {SEMAPHORE_BEGINS, look_up, owner};
    const char *id = policy_entry_id(entry);
    bool in = false;

    if (!owner)
        return;
    *owner = (struct lookup_owner){.refresh = refresh, .entry = entry, .part = part};
    owner->id = id ? talloc_strdup(owner, id) : NULL;
    if (semaphore_acquire(owner, refresh->lookups, &request, &owner->permit, &in) != STS_OK) {
        talloc_free(owner);
        return;
    }
    policy_entry_begin(entry, part);
    if (in)
        look_up(owner);
}

/* A policy is fetched for the id of the record that is being looked up. */
void refresh_due(struct refresh *refresh, struct policy_entry *entry)
{
    static const enum policy_part order[] = {POLICY_PART_DANE, POLICY_PART_RECORD,
                                             POLICY_PART_POLICY};
    int64_t now = refresh_now(refresh);

    for (size_t i = 0; i < POLICY_PARTS; i++) {
        if (order[i] == POLICY_PART_POLICY && policy_entry_is_busy(entry, POLICY_PART_RECORD))
            return;
        if (policy_entry_due(entry, order[i], now))
            begin_part(refresh, entry, order[i]);
    }
}

static void on_due(void *arg, struct policy_entry *entry)
{
    refresh_due(arg, entry);
}

static void on_sweep(void *arg)
{
    struct refresh *refresh = arg;

    policy_cache_sweep(refresh->request.cache, refresh_now(refresh), on_due, refresh);
    loop_timer_again(refresh->sweep, loop_now(refresh->request.net->loop) + LIMIT_SWEEP_MS);
}

enum sts_status refresh_new(TALLOC_CTX *ctx, const struct refresh_request *request,
                            struct refresh **ret)
{
    struct refresh *refresh = talloc_zero(ctx, struct refresh);
    struct loop *loop = request->net->loop;

    if (!refresh)
        return STS_E_NOMEM;
    refresh->request = *request;
    refresh->clock = clock_jump_start();
    if (semaphore_new(refresh, loop, LIMIT_LOOKUPS, &refresh->lookups) != STS_OK ||
        loop_timer_start(refresh, loop, loop_now(loop) + LIMIT_SWEEP_MS, on_sweep, refresh,
                         &refresh->sweep) != STS_OK) {
        talloc_free(refresh);
        return STS_E_NOMEM;
    }
    *ret = refresh;
    return STS_OK;
}
