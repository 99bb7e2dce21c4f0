/* SPDX-License-Identifier: MIT */
/* domain_watch.c - domains of groups become ours, and are handed to the queue of checks.
 *
 * A domain is claimed by moving the time at which it is due some minutes ahead.  Those that were
 * claimed and could not be begun by then are given up: they are due again by themselves.
 *
 * Two kinds are claimed.  Those of the schedule cost a token each; tokens come four times as fast
 * as they are needed, so what was missed is caught up within a quarter of the interval, and evenly.
 * Those that are due at once get the rest of the room. */
#include "app/domain_watch_work.h"

#include <stdlib.h>

#include "app/limits.h"
#include "app/watcher.h"
#include "app/watch_interval.h"
#include "base/array.h"
#include "base/clock.h"
#include "event/loop.h"
#include "store/writer.h"
#include "verdict/place.h"

#define TOKEN 1000000

/* ---- the pace -------------------------------------------------------------------------------- */

/* Thousandths of a domain in a second. */
static int64_t pace(const struct domain_watch *watch)
{
    int64_t least = watch->request.pace * 1000;
    int64_t pace =
        INT64_C(1000) * LIMIT_WATCH_CATCH_UP * watch->numbers.domains / watch->request.every;

    return pace > least ? pace : least;
}

static void earn(struct domain_watch *watch)
{
    int64_t now = loop_now(watch->request.loop);

    watch->tokens += (now - watch->earned) * pace(watch);
    watch->earned = now;
    if (watch->tokens > LIMIT_WATCH_AHEAD * (int64_t)TOKEN)
        watch->tokens = LIMIT_WATCH_AHEAD * (int64_t)TOKEN;
}

/* ---- claims ---------------------------------------------------------------------------------- */

struct claim_write {
    struct store_schedule_rule rule;
    bool update;
    int64_t until;
    size_t room, tokens, taken; /* taken: of those that cost a token */
    char **domains;
    size_t count;
    bool no_memory;
};

static bool take_claimed(void *arg, const char *domain)
{
    struct claim_write *write = arg;
    char **place = array_grow(write, &write->domains, &write->count, sizeof(*write->domains));

    if (place)
        *place = talloc_strdup(write, domain);
    write->no_memory = write->no_memory || !place || !*place;
    return !write->no_memory;
}

static enum sts_status claim(struct store *store, struct claim_write *write, bool at_once,
                             size_t most)
{
    const struct store_schedule_claim claim = {at_once, write->rule.now, write->until, most};
    enum sts_status status = store_schedule_claim(store, &claim, take_claimed, write);

    return write->no_memory ? STS_E_NOMEM : status;
}

static enum sts_status write_claim(struct store *store, void *data)
{
    struct claim_write *write = data;
    size_t scheduled = write->room < write->tokens ? write->room : write->tokens;
    enum sts_status status = STS_OK;

    write->count = 0;
    if (write->update)
        status = store_schedule_update(store, &write->rule);
    if (!status)
        status = claim(store, write, false, scheduled);
    write->taken = write->count;
    return status ? status : claim(store, write, true, write->room - write->count);
}

static void add_look(struct domain_watch *watch, const struct claim_write *write, size_t i)
{
    struct watch_look *look = talloc_zero(watch, struct watch_look);

    if (look)
        look->domain = talloc_strdup(look, write->domains[i]);
    if (!look || !look->domain) {
        talloc_free(look); /* it is due again soon */
        return;
    }
    look->until = write->until;
    look->first = i < write->taken ? write->rule.now : STORE_DUE_NOW;
    look->claimed = loop_now(watch->request.loop);
    TAILQ_INSERT_TAIL(&watch->claimed, look, link);
    watch->claimed_count++;
}

static void on_claimed(void *arg, void *data, enum sts_status status,
                       const struct store_fault *fault)
{
    struct domain_watch *watch = arg;
    const struct claim_write *write = data;

    watch->claiming = false;
    watch->rest = status != STS_OK;
    if (status) {
        watch->woken = watch->woken || write->update;
        watch_fail(watch, fault);
        if (watch->stopped)
            watch_give_back(watch);
        return;
    }
    watch->tokens -= (int64_t)write->taken * TOKEN;
    if (write->update)
        watch->updated = loop_now(watch->request.loop);
    for (size_t i = 0; i < write->count; i++)
        add_look(watch, write, i);
    if (watch->stopped) {
        watch_give_back(watch);
        return;
    }
    if (watch->woken) /* maybe by what came behind this one */
        loop_timer_again(watch->turn, loop_now(watch->request.loop));
    if (write->count)
        watch->request.more(watch->request.arg);
}

static void start_claim(struct domain_watch *watch)
{
    int64_t now = watch->request.now(), every = watch->request.every;
    struct claim_write *write = talloc_zero(watch, struct claim_write);
    const struct store_writer_request request = {NULL, write_claim, on_claimed, write, watch};

    if (!write)
        return;
    write->rule = (struct store_schedule_rule){now, every, watch_interval_latest(every, now)};
    write->until = now + LIMIT_WATCH_CLAIM_S;
    write->update =
        watch->woken || loop_now(watch->request.loop) - watch->updated >= LIMIT_WATCH_UPDATE_MS;
    write->room = LIMIT_WATCH_AHEAD - watch->claimed_count;
    write->tokens = (size_t)(watch->tokens / TOKEN);
    watch->claiming = store_writer_put(watch->request.writer, &request) == STS_OK;
    if (watch->claiming)
        watch->woken = false;
    else
        talloc_free(write);
}

static bool needs_more(const struct domain_watch *watch)
{
    return !watch->claiming && !watch->stopped && watch_place_is_fine(watch) &&
           watch->claimed_count < LIMIT_WATCH_AHEAD / 2;
}

static void on_turn(void *arg)
{
    struct domain_watch *watch = arg;
    int64_t wait = watch->rest ? LIMIT_WATCH_REST_MS : LIMIT_WATCH_TURN_MS;

    if (watch->stopped)
        return;
    loop_timer_again(watch->turn, loop_now(watch->request.loop) + wait);
    watch_place_turn(watch);
    watch_count(watch);
    earn(watch);
    if (needs_more(watch))
        start_claim(watch);
}

void domain_watch_wake(struct domain_watch *watch)
{
    watch->woken = true;
    if (watch->turn)
        loop_timer_again(watch->turn, loop_now(watch->request.loop));
}

/* ---- as a source of the queue ---------------------------------------------------------------- */

static struct watch_look *pop(struct domain_watch *watch)
{
    struct watch_look *look = TAILQ_FIRST(&watch->claimed);

    if (look) {
        TAILQ_REMOVE(&watch->claimed, look, link);
        watch->claimed_count--;
    }
    return look;
}

/* With half of the claim's time left, so that it is over before somebody else takes it. */
static bool is_ours(const struct domain_watch *watch, const struct watch_look *look)
{
    return loop_now(watch->request.loop) - look->claimed < INT64_C(500) * LIMIT_WATCH_CLAIM_S;
}

static bool next(void *arg, struct observe_name *ret, void **ret_look)
{
    struct domain_watch *watch = arg;
    struct watch_look *look;

    if (watch->stopped || !watch_place_is_fine(watch) || watch->writing >= LIMIT_WATCH_UNWRITTEN ||
        watch->doubt_count >= LIMIT_WATCH_DOUBTS)
        return false;
    while ((look = pop(watch)) && !is_ours(watch, look))
        talloc_free(look);
    if (needs_more(watch))
        loop_timer_again(watch->turn, loop_now(watch->request.loop));
    if (!look)
        return false;
    TAILQ_INSERT_TAIL(&watch->looking, look, link);
    watch->running++;
    *ret = (struct observe_name){.name = look->domain, .given = look->domain};
    *ret_look = look;
    return true;
}

static void seen(void *arg, void *data, const struct facts *facts)
{
    struct domain_watch *watch = arg;
    struct watch_look *look = data;

    TAILQ_REMOVE(&watch->looking, look, link);
    watch->running--;
    if (!facts || facts->interrupted)
        ; /* it is due again soon */
    else if (watcher_is_blind(facts) || place_is_unanswered(facts))
        watch_place_doubt(watch, look, facts);
    else
        watch_store_look(watch, facts, WATCH_DUE);
    talloc_free(look);
}

struct check_source domain_watch_source(struct domain_watch *watch)
{
    return (struct check_source){next, seen, watch};
}

/* ---- all of it ------------------------------------------------------------------------------- */

static void set_defaults(struct domain_watch_request *request)
{
    if (!request->pace)
        request->pace = LIMIT_WATCH_PACE;
    if (!request->doubt_ms)
        request->doubt_ms = LIMIT_PLACE_DOUBT_MS;
    if (!request->now)
        request->now = clock_now;
    if (!request->chance)
        request->chance = arc4random;
    if (!request->look_at_place)
        request->look_at_place = own_place_start;
}

enum sts_status domain_watch_new(TALLOC_CTX *ctx, const struct domain_watch_request *request,
                                 struct domain_watch **ret)
{
    struct domain_watch *watch = talloc_zero(ctx, struct domain_watch);
    int64_t now = loop_now(request->loop);
    enum sts_status status;

    if (!watch)
        return STS_E_NOMEM;
    watch->request = *request;
    set_defaults(&watch->request);
    TAILQ_INIT(&watch->claimed);
    TAILQ_INIT(&watch->looking);
    TAILQ_INIT(&watch->doubts);
    watch->updated = now - LIMIT_WATCH_UPDATE_MS;
    watch->earned = watch->place_due = now;
    status = request->off
                 ? STS_OK
                 : loop_timer_start(watch, request->loop, now, on_turn, watch, &watch->turn);
    if (status != STS_OK) {
        talloc_free(watch);
        return status;
    }
    *ret = watch;
    return STS_OK;
}

static size_t looks_of_hour(const struct domain_watch *watch)
{
    int64_t minute = loop_now(watch->request.loop) / 60000;
    size_t looks = 0;

    for (size_t i = 0; i < WATCH_MINUTES; i++)
        if (minute - watch->minutes[i].minute < WATCH_MINUTES)
            looks += watch->minutes[i].looks;
    return looks;
}

const char *domain_watch_verdict(size_t verdict)
{
    return verdict_name((enum verdict)verdict);
}

struct domain_watch_state domain_watch_state(const struct domain_watch *watch)
{
    struct domain_watch_state state = {.on = !watch->request.off,
                                       .every = watch->request.every,
                                       .claimed = watch->claimed_count,
                                       .running = watch->running,
                                       .writing = watch->writing,
                                       .looks = watch->looks,
                                       .blind = watch->blind,
                                       .lost = watch->lost,
                                       .looks_of_hour = looks_of_hour(watch),
                                       .counted = watch->counted,
                                       .counted_at = watch->counted_at,
                                       .numbers = watch->numbers,
                                       .place_known = watch->place_known,
                                       .broken = watch->broken,
                                       .place_at = watch->place_at,
                                       .broken_since = watch->broken_since,
                                       .place = watch->place};

    for (size_t i = 0; i < DOMAIN_WATCH_VERDICTS; i++)
        state.verdicts[i] = watch->verdicts[i];
    return state;
}
