/* SPDX-License-Identifier: MIT */
/* refresh.c - one look-up after the other: the record, then the policy for its id; DANE beside. */
#include "policyd/refresh.h"

#include "base/clock.h"
#include "event/loop.h"
#include "event/semaphore.h"
#include "policyd/downgrade.h"
#include "policyd/limits.h"

struct refresh {
    struct refresh_request request;
    struct semaphore *lookups; /* that are under way */
    struct loop_timer *sweep;
    struct policy_store *store; /* NULL: none */
    int64_t clock, pruned_at;
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

/* ---- a part ---------------------------------------------------------------------------------- */

/* One part of a domain under way; the entry stays meanwhile. */
struct lookup_owner {
    struct refresh *refresh;
    struct policy_entry *entry;
    enum policy_part part;
    struct permit *permit;
    struct policy_lookup *lookup;
    int64_t begun_ms;
    char *id; /* of the record that leads to the policy; NULL */
};

static void take_policy(struct lookup_owner *owner, const struct policy_found *found, int64_t now)
{
    struct refresh *refresh = owner->refresh;
    struct live_policy policy;

    if (!found->policy) {
        policy_entry_failed(owner->entry, found->why, now);
        refresh->request.failed(refresh->request.arg, policy_entry_domain(owner->entry), found);
        return;
    }
    refresh->request.fetched(refresh->request.arg, owner->begun_ms);
    policy = *found->policy;
    policy.id = owner->id;
    if (policy_entry_fetched(owner->entry, &policy, now, policy_chance()) != STS_OK)
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
    bool waited = !policy_entry_is_ready(entry, refresh_now(refresh));

    tell_weaker(refresh, entry, found);
    take(owner, found);
    refresh->request.looked(refresh->request.arg, entry, found->facts);
    talloc_free(owner);
    if (refresh->store)
        policy_store_save(refresh->store, entry, waited);
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
    owner->begun_ms = loop_now(net->loop);
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

static bool is_asked_first(const struct policy_entry *entry)
{
    return policy_entry_is_busy(entry, POLICY_PART_RECORD) ||
           policy_entry_is_busy(entry, POLICY_PART_STORED);
}

/* A policy is fetched for the id of the record that is being looked up, and if nobody else has
 * fetched it. */
void refresh_due(struct refresh *refresh, struct policy_entry *entry)
{
    static const enum policy_part order[] = {POLICY_PART_STORED, POLICY_PART_DANE,
                                             POLICY_PART_RECORD, POLICY_PART_POLICY};
    int64_t now = refresh_now(refresh);

    for (size_t i = 0; i < POLICY_PARTS; i++) {
        if (order[i] == POLICY_PART_POLICY && is_asked_first(entry))
            return;
        if (!policy_entry_due(entry, order[i], now))
            continue;
        if (order[i] == POLICY_PART_STORED)
            (void)policy_store_recall(refresh->store, entry);
        else
            begin_part(refresh, entry, order[i]);
    }
}

/* ---- now and then ---------------------------------------------------------------------------- */

static void on_due(void *arg, struct policy_entry *entry)
{
    refresh_due(arg, entry);
}

static void on_unsaved(void *arg, struct policy_entry *entry)
{
    struct refresh *refresh = arg;

    policy_store_save(refresh->store, entry, false);
}

/* A small step stays unnoticed, as the clock of our own run goes on. */
static void follow_clock(struct refresh *refresh)
{
    int64_t step = clock_jump(refresh->clock);

    if (step <= LIMIT_CLOCK_STEP_S && step >= -LIMIT_CLOCK_STEP_S)
        return;
    policy_cache_shift(refresh->request.cache, step);
    refresh->clock += step;
    refresh->pruned_at += step;
    if (refresh->store)
        policy_store_clock_was_set(refresh->store);
}

static void on_sweep(void *arg)
{
    struct refresh *refresh = arg;
    const struct policy_sweep sweep = {on_due, refresh->store ? on_unsaved : NULL, refresh};

    follow_clock(refresh);
    policy_cache_sweep(refresh->request.cache, refresh_now(refresh), &sweep);
    if (refresh->store && refresh_now(refresh) - refresh->pruned_at >= LIMIT_SAVED_USE_S) {
        refresh->pruned_at = refresh_now(refresh);
        policy_store_prune(refresh->store);
    }
    loop_timer_again(refresh->sweep, loop_now(refresh->request.net->loop) + LIMIT_SWEEP_MS);
}

static int64_t now_of(void *arg)
{
    return refresh_now(arg);
}

/* Something of the domain came out of the store, or is in it. */
static void on_changed(void *arg, struct policy_entry *entry)
{
    struct refresh *refresh = arg;

    refresh_due(refresh, entry);
    refresh->request.seen(refresh->request.arg, entry);
}

static void on_stored(void *arg, const struct store_fault *fault)
{
    struct refresh *refresh = arg;

    refresh->request.stored(refresh->request.arg, fault);
}

static enum sts_status open_store(struct refresh *refresh)
{
    const struct refresh_request *wanted = &refresh->request;
    const struct policy_store_request request = {.loop = wanted->net->loop,
                                                 .where = wanted->store,
                                                 .cache = wanted->cache,
                                                 .now = now_of,
                                                 .changed = on_changed,
                                                 .state = on_stored,
                                                 .arg = refresh};

    refresh->pruned_at = refresh_now(refresh);
    return wanted->no_store ? STS_OK : policy_store_new(refresh, &request, &refresh->store);
}

void refresh_forget(struct refresh *refresh, const char *domain)
{
    if (refresh->store)
        policy_store_forget(refresh->store, domain);
}

struct policy_store_counts refresh_store_counts(const struct refresh *refresh)
{
    return refresh->store ? policy_store_counts(refresh->store) : (struct policy_store_counts){0};
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
                         &refresh->sweep) != STS_OK ||
        open_store(refresh) != STS_OK) {
        talloc_free(refresh);
        return STS_E_NOMEM;
    }
    *ret = refresh;
    return STS_OK;
}
