/* SPDX-License-Identifier: MIT */
/* server.c - who asks waits until what counts was seen, or for five seconds. */
#include "policyd/server.h"

#include <stdio.h>
#include <string.h>
#include <sys/queue.h>

#include "base/clock.h"
#include "event/listener.h"
#include "policyd/connection.h"
#include "policyd/limits.h"
#include "policyd/refresh.h"
#include "policyd/server_work.h"

/* A request that waits; it hangs on its connection. */
struct waiter {
    struct policyd *policyd;
    struct connection *connection;
    LIST_ENTRY(waiter) next;
    struct loop_timer *timer;
    struct policyd_decision decision;
    enum reply_profile profile;
    int64_t since;
    char domain[STS_NAME_SIZE];
};

static int64_t now_of(const struct policyd *policyd)
{
    return refresh_now(policyd->refresh);
}

/* ---- answers --------------------------------------------------------------------------------- */

static int waiter_drop(struct waiter *waiter)
{
    LIST_REMOVE(waiter, next);
    return 0;
}

/* Frees the waiter. */
static void answer(struct waiter *waiter)
{
    struct policyd *policyd = waiter->policyd;
    struct connection *connection = waiter->connection;
    struct policy_entry *entry = policy_cache_find(policyd->cache, waiter->domain);
    const char *reply;

    waiter->decision.elapsed_ms = clock_monotonic_ms() - waiter->since;
    reply = policyd_decide(policyd, &waiter->decision, entry, waiter->profile);
    talloc_free(waiter);
    connection_answer(connection, reply);
}

/* ---- what was seen --------------------------------------------------------------------------- */

/* All who wait for the domain, if there is nothing more to wait for.  An answer may lead to the
 * next request, and that may displace the entry. */
static void on_seen(void *arg, const struct policy_entry *entry)
{
    struct policyd *policyd = arg;
    struct waiter *waiter, *next;
    struct policyd_watcher *watcher;
    char domain[STS_NAME_SIZE];

    LIST_FOREACH(watcher, &policyd->watchers, next)
    watcher->seen(watcher, entry);
    if (!policy_entry_is_ready(entry, now_of(policyd)))
        return;
    snprintf(domain, sizeof(domain), "%s", policy_entry_domain(entry));
    for (waiter = LIST_FIRST(&policyd->waiters); waiter; waiter = next) {
        next = LIST_NEXT(waiter, next);
        if (!strcmp(waiter->domain, domain))
            answer(waiter);
    }
}

static void on_failed(void *arg, const char *domain, const struct policy_found *found)
{
    const struct policyd *policyd = arg;

    policyd->request.failed(policyd->request.arg, domain, found);
}

static void on_fetched(void *arg, int64_t begun_ms)
{
    const struct policyd *policyd = arg;

    if (policyd->request.fetched)
        policyd->request.fetched(policyd->request.arg, begun_ms);
}

void policyd_count_failure(struct policyd *policyd, const char *domain, bool ours)
{
    struct policy_entry *entry = policy_cache_find(policyd->cache, domain);

    policyd->counts.local_failures += ours;
    policyd->counts.failures += !ours;
    if (entry && ours)
        policy_entry_failed_here(entry);
}

void policyd_count_downgrade(struct policyd *policyd, enum downgrade downgrade)
{
    policyd->counts.downgrades[downgrade]++;
}

void policyd_set_trouble(struct policyd *policyd, bool trouble)
{
    policyd->counts.trouble = trouble;
}

static void on_weaker(void *arg, const char *domain, unsigned downgrades, int64_t expires)
{
    struct policyd *policyd = arg;
    int64_t until = expires ? expires - now_of(policyd) + clock_now() : 0;

    for (int i = 0; i < DOWNGRADES; i++) {
        if (!(downgrades & 1u << i))
            continue;
        if (i != DOWNGRADE_CERTIFICATE)
            policyd_count_downgrade(policyd, (enum downgrade)i);
        policyd->request.weaker(policyd->request.arg, domain, (enum downgrade)i, until);
    }
}

static void on_stored(void *arg, const struct store_fault *fault)
{
    struct policyd *policyd = arg;

    policyd->request.stored(policyd->request.arg, fault);
}

/* ---- requests -------------------------------------------------------------------------------- */

static void on_late(void *arg)
{
    struct waiter *waiter = arg;

    waiter->decision.late = true;
    answer(waiter);
}

/* The connection's own bytes are gone when an answer comes later. */
static struct bytes copied(struct waiter *waiter, struct bytes text)
{
    size_t length = text.length < LIMIT_LOGGED ? text.length : LIMIT_LOGGED;
    const char *data = talloc_memdup(waiter, text.data, length);

    return (struct bytes){data ? data : "", data ? length : 0};
}

static void not_found(struct policyd *policyd, struct connection *connection,
                      const struct policyd_decision *decision)
{
    policyd_tell(policyd, decision);
    connection_answer(connection, SOCKETMAP_NOTHING);
}

static struct waiter *waiter_new(struct policyd *policyd, struct connection *connection)
{
    struct waiter *waiter = talloc_zero(connection, struct waiter);
    int64_t late = loop_now(policyd->loop) + LIMIT_ANSWER_MS;

    if (!waiter)
        return NULL;
    waiter->policyd = policyd;
    waiter->connection = connection;
    waiter->since = clock_monotonic_ms();
    LIST_INSERT_HEAD(&policyd->waiters, waiter, next);
    talloc_set_destructor(waiter, waiter_drop);
    if (loop_timer_start(waiter, policyd->loop, late, on_late, waiter, &waiter->timer) != STS_OK)
        TALLOC_FREE(waiter);
    return waiter;
}

/* ---- what the administrator says ------------------------------------------------------------- */

static void tell_unneeded(struct policyd *policyd, const struct override *override,
                          const struct policy_entry *entry)
{
    size_t index = (size_t)(override - policyd->overrides->list);
    int64_t now = now_of(policyd);
    struct policy_known known;

    if (policyd->told[index] || !policy_entry_is_ready(entry, now))
        return;
    known = policy_entry_known(entry, now);
    policyd->told[index] = override_is_unneeded(override, &known);
    if (policyd->told[index])
        policyd->request.unneeded(policyd->request.arg, override);
}

/* The domain is looked up all the same, to know whether this is needed. */
static void answer_override(struct policyd *policyd, struct connection *connection,
                            const struct policyd_decision *decision)
{
    const struct override *override = decision->override;
    struct policy_entry *entry =
        decision->domain ? policy_cache_use(policyd->cache, decision->domain, now_of(policyd))
                         : NULL;

    policyd_asked(policyd, entry);
    if (entry) {
        refresh_due(policyd->refresh, entry);
        tell_unneeded(policyd, override, entry);
    }
    policyd_tell(policyd, decision);
    connection_answer(connection, override->payload);
}

enum sts_status policyd_override(struct policyd *policyd, const struct overrides *overrides)
{
    bool *told = talloc_zero_array(policyd, bool, (overrides ? overrides->count : 0) + 1);
    struct waiter *waiter;

    if (!told)
        return STS_E_NOMEM;
    talloc_free(policyd->told);
    policyd->told = told;
    policyd->overrides = overrides;
    LIST_FOREACH(waiter, &policyd->waiters, next)
    waiter->decision.override = NULL;
    return STS_OK;
}

/* What is cached is answered at once; NULL: there is no room in the cache. */
static bool is_answered(struct policyd *policyd, struct policy_entry *entry)
{
    if (!entry)
        return true;
    refresh_due(policyd->refresh, entry);
    return policy_entry_is_ready(entry, now_of(policyd));
}

static void wait_for(struct policyd *policyd, struct connection *connection,
                     const struct policyd_decision *decision, enum reply_profile profile)
{
    struct waiter *waiter = waiter_new(policyd, connection);

    if (!waiter) {
        connection_answer(connection, "TEMP no memory");
        return;
    }
    waiter->profile = profile;
    waiter->decision = *decision;
    snprintf(waiter->domain, sizeof(waiter->domain), "%s", decision->domain);
    waiter->decision.map = copied(waiter, decision->map);
    waiter->decision.key = copied(waiter, decision->key);
    waiter->decision.domain = waiter->domain;
}

static void on_asked(void *arg, struct connection *connection,
                     const struct socketmap_request *request)
{
    struct policyd *policyd = arg;
    struct policyd_decision decision = {.map = request->map, .key = request->key};
    char domain[STS_NAME_SIZE];
    struct policy_entry *entry;
    enum reply_profile profile;
    bool known;

    policyd->counts.requests++;
    decision.kind = policy_key_read(request->key, domain);
    decision.domain = decision.kind == POLICY_KEY_DOMAIN ? domain : NULL;
    decision.override =
        overrides_find(policyd->overrides, request->key, decision.kind, domain, clock_now());
    if (decision.override && decision.override->payload) {
        answer_override(policyd, connection, &decision);
        return;
    }
    if (!decision.domain || decision.kind != POLICY_KEY_DOMAIN) {
        decision.override = NULL;
        not_found(policyd, connection, &decision);
        return;
    }
    profile = reply_profile_of(request->map, &known);
    entry = policy_cache_use(policyd->cache, domain, now_of(policyd));
    policyd_asked(policyd, entry);
    if (entry && decision.override)
        tell_unneeded(policyd, decision.override, entry);
    if (is_answered(policyd, entry))
        connection_answer(connection, policyd_decide(policyd, &decision, entry, profile));
    else
        wait_for(policyd, connection, &decision, profile);
}

/* ---- listening ------------------------------------------------------------------------------- */

struct accepting {
    struct policyd *policyd;
    struct listener *listener;
};

static void on_accepted(void *arg, int fd)
{
    struct accepting *accepting = arg;

    connections_add(accepting->policyd->connections, fd);
}

static void on_short(void *arg, int error)
{
    struct accepting *accepting = arg;
    struct policyd *policyd = accepting->policyd;

    (void)error;
    if (connections_close_idle(policyd->connections))
        policyd->counts.closed++;
    else
        listener_rest(accepting->listener, loop_now(policyd->loop) + LIMIT_REST_MS);
}

static enum sts_status listen_at(struct policyd *policyd, int fd)
{
    struct accepting *accepting = talloc_zero(policyd, struct accepting);
    const struct listener_request request = {
        .fd = fd, .accepted = on_accepted, .short_of = on_short, .arg = accepting};

    if (!accepting)
        return STS_E_NOMEM;
    accepting->policyd = policyd;
    return listener_start(accepting, policyd->loop, &request, &accepting->listener);
}

static enum sts_status begin(struct policyd *policyd)
{
    const struct policyd_request *wanted = &policyd->request;
    const struct connections_request request = {policyd->loop, on_asked, policyd};
    enum sts_status status =
        policy_cache_new(policyd, LIMIT_POLICY_DOMAINS, wanted->no_dane, &policyd->cache);
    const struct refresh_request refresh = {.net = wanted->net,
                                            .cache = policyd->cache,
                                            .seen = on_seen,
                                            .failed = on_failed,
                                            .fetched = on_fetched,
                                            .weaker = on_weaker,
                                            .looked = policyd_looked,
                                            .store = wanted->store,
                                            .no_store = wanted->no_store,
                                            .stored = on_stored,
                                            .arg = policyd};

    if (status == STS_OK)
        status = refresh_new(policyd, &refresh, &policyd->refresh);
    if (status == STS_OK)
        status = connections_new(policyd, &request, &policyd->connections);
    for (size_t i = 0; status == STS_OK && i < wanted->socket_count; i++)
        status = listen_at(policyd, wanted->sockets[i]);
    return status;
}

/* Connections first, as their waiters stand on the list; then what fills the cache. */
static int policyd_drop(struct policyd *policyd)
{
    TALLOC_FREE(policyd->connections);
    TALLOC_FREE(policyd->refresh);
    return 0;
}

enum sts_status policyd_start(TALLOC_CTX *ctx, const struct policyd_request *request,
                              struct policyd **ret)
{
    struct policyd *policyd = talloc_zero(ctx, struct policyd);
    enum sts_status status;

    if (!policyd)
        return STS_E_NOMEM;
    policyd->request = *request;
    policyd->loop = request->net->loop;
    LIST_INIT(&policyd->waiters);
    LIST_INIT(&policyd->watchers);
    talloc_set_destructor(policyd, policyd_drop);
    status = begin(policyd);
    if (status == STS_OK)
        *ret = policyd;
    else
        talloc_free(policyd);
    return status;
}

struct policyd_counts policyd_counts(const struct policyd *policyd)
{
    struct policyd_counts counts = policyd->counts;

    counts.connections = connections_count(policyd->connections);
    counts.lookups = refresh_count(policyd->refresh);
    counts.domains = policy_cache_count(policyd->cache);
    counts.store = refresh_store_counts(policyd->refresh);
    return counts;
}
