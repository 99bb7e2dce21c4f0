/* SPDX-License-Identifier: MIT */
/* inquiry.c - who asks waits for all parts of a domain, not only for what an answer needs. */
#include "policyd/inquiry.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "event/loop.h"
#include "policyd/account.h"
#include "policyd/limits.h"
#include "policyd/policy_cache_work.h"
#include "policyd/server_work.h"

/* ---- waiting --------------------------------------------------------------------------------- */

struct inquiry {
    struct policyd_watcher watcher; /* first, and so is the inquiry */
    struct policyd *policyd;
    struct loop_timer *timer;
    loop_fn done;
    void *arg;
    char domain[STS_NAME_SIZE];
};

static bool is_settled(const struct policy_entry *entry)
{
    for (int part = 0; part < POLICY_PARTS; part++)
        if (policy_entry_is_busy(entry, (enum policy_part)part))
            return false;
    return true;
}

/* The end comes by the timer: whoever was seen may be on the way out of a look-up. */
static void on_seen(struct policyd_watcher *watcher, const struct policy_entry *entry)
{
    struct inquiry *inquiry = (struct inquiry *)watcher;

    if (!strcmp(inquiry->domain, policy_entry_domain(entry)) && is_settled(entry))
        loop_timer_again(inquiry->timer, loop_now(inquiry->policyd->loop));
}

static void on_over(void *arg)
{
    const struct inquiry *inquiry = arg;

    inquiry->done(inquiry->arg);
}

static int inquiry_drop(struct inquiry *inquiry)
{
    LIST_REMOVE(&inquiry->watcher, next);
    return 0;
}

enum sts_status inquiry_start(TALLOC_CTX *ctx, struct policyd *policyd,
                              const struct inquiry_request *request, struct inquiry **ret)
{
    struct inquiry *inquiry = talloc_zero(ctx, struct inquiry);
    int64_t now = loop_now(policyd->loop);
    struct policy_entry *entry;

    if (!inquiry)
        return STS_E_NOMEM;
    *inquiry = (struct inquiry){{.seen = on_seen}, policyd, NULL, request->done, request->arg, ""};
    snprintf(inquiry->domain, sizeof(inquiry->domain), "%s", request->domain);
    entry = request->is_use
                ? policy_cache_use(policyd->cache, request->domain, refresh_now(policyd->refresh))
                : policy_cache_see(policyd->cache, request->domain);
    if (entry)
        refresh_due(policyd->refresh, entry);
    if (entry && !is_settled(entry))
        now += LIMIT_INQUIRY_MS;
    if (loop_timer_start(inquiry, policyd->loop, now, on_over, inquiry, &inquiry->timer) !=
        STS_OK) {
        talloc_free(inquiry);
        return STS_E_NOMEM;
    }
    LIST_INSERT_HEAD(&policyd->watchers, &inquiry->watcher, next);
    talloc_set_destructor(inquiry, inquiry_drop);
    *ret = inquiry;
    return STS_OK;
}

/* ---- what is known --------------------------------------------------------------------------- */

char *inquiry_account(TALLOC_CTX *ctx, struct policyd *policyd, const struct inquiry_account *wish)
{
    const struct policy_account account = {
        .domain = wish->domain,
        .source = wish->source,
        .entry = policy_cache_find(policyd->cache, wish->domain),
        .now = refresh_now(policyd->refresh),
        .time = clock_now(),
        .override = overrides_find(policyd->overrides, bytes_of(wish->domain), POLICY_KEY_DOMAIN,
                                   wish->domain, clock_now()),
        .no_dane = policyd->request.no_dane,
        .brief = wish->brief};

    if (!account.entry && wish->brief)
        return talloc_strdup(ctx, "");
    return policy_account_json(ctx, &account);
}

static bool list_domains(const struct policy_list *list, const char **names, size_t *count)
{
    const struct policy_entry *entry;

    TAILQ_FOREACH(entry, list, next)
    {
        names[*count] = talloc_strdup(names, entry->domain);
        if (!names[*count])
            return false;
        ++*count;
    }
    return true;
}

const char **inquiry_domains(TALLOC_CTX *ctx, const struct policyd *policyd, size_t *ret_count)
{
    const struct policy_cache *cache = policyd->cache;
    const char **names = talloc_array(ctx, const char *, policy_cache_count(cache) + 1);

    *ret_count = 0;
    if (names && list_domains(&cache->holding, names, ret_count) &&
        list_domains(&cache->idle, names, ret_count))
        return names;
    talloc_free(names);
    return NULL;
}

enum policy_forgotten inquiry_purge(struct policyd *policyd, const char *domain)
{
    enum policy_forgotten forgotten = policy_cache_forget(policyd->cache, domain);

    if (forgotten != POLICY_UNDER_WAY)
        refresh_forget(policyd->refresh, domain);
    return forgotten;
}
