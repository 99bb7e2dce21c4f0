/* SPDX-License-Identifier: MIT */
/* domain_watch_place.c - is it the domains, or is it us?
 *
 * A look that saw nothing waits until our own place was looked at.  If that is fine, it says
 * something about the domain; if not, it is forgotten, the domain is looked at later, and nobody
 * is looked at meanwhile. */
#include "app/domain_watch_work.h"

#include "app/limits.h"
#include "app/watcher.h"
#include "event/loop.h"
#include "facts/facts_copy.h"

bool watch_place_is_fine(const struct domain_watch *watch)
{
    return watch->place_known && !watch->broken;
}

bool domain_watch_may(const struct domain_watch *watch)
{
    return watch->request.off || watch_place_is_fine(watch);
}

/* As soon as that may be. */
static void ask_soon(struct domain_watch *watch)
{
    int64_t now = loop_now(watch->request.loop);
    int64_t soon = watch->place_known ? watch->place_ms + watch->request.doubt_ms : now;

    if (watch->place_due > soon)
        watch->place_due = soon;
    if (watch->turn && soon <= now && !watch->asking)
        loop_timer_again(watch->turn, now);
}

void domain_watch_doubt(struct domain_watch *watch, const struct facts *facts)
{
    watch->stale = watch->stale || watcher_is_blind(facts);
    ask_soon(watch);
}

/* ---- those that wait for it ------------------------------------------------------------------ */

static void settle(struct domain_watch *watch, const struct facts *facts)
{
    if (watch->broken)
        watch_store_blind(watch, facts->domain);
    else
        watch_store_look(watch, facts, WATCH_DUE);
}

/* Those that came while our place was being looked at wait for the next time: it may have been fine
 * when that began. */
static void settle_doubts(struct domain_watch *watch)
{
    struct watch_doubt *doubt, *next;

    for (doubt = TAILQ_FIRST(&watch->doubts); doubt; doubt = next) {
        next = TAILQ_NEXT(doubt, link);
        if (doubt->late && !watch->broken) {
            doubt->late = false;
            ask_soon(watch);
            continue;
        }
        TAILQ_REMOVE(&watch->doubts, doubt, link);
        watch->doubt_count--;
        settle(watch, doubt->facts);
        talloc_free(doubt);
    }
}

static void give_up_claims(struct domain_watch *watch)
{
    struct watch_look *look;

    while ((look = TAILQ_FIRST(&watch->claimed))) {
        TAILQ_REMOVE(&watch->claimed, look, link);
        talloc_free(look);
    }
    watch->claimed_count = 0;
}

/* ---- our place ------------------------------------------------------------------------------- */

static int64_t back_off(const struct domain_watch *watch)
{
    unsigned doubled = watch->failures - 1;
    int64_t wait = (int64_t)LIMIT_PLACE_RETRY_MS << (doubled < 8 ? doubled : 8);

    return wait < LIMIT_PLACE_RETRY_MAX_MS ? wait : LIMIT_PLACE_RETRY_MAX_MS;
}

static void note_place(struct domain_watch *watch, const struct facts *facts)
{
    int64_t now = loop_now(watch->request.loop);
    bool was_broken = watch->broken;

    watch->broken = own_place_is_broken(facts);
    watch->failures = watch->broken ? watch->failures + 1 : 0;
    watch->place_due = now + (watch->broken ? back_off(watch) : LIMIT_PLACE_EVERY_MS);
    watch->place_ms = now;
    watch->place_at = watch->request.now();
    if (watch->broken && !was_broken)
        watch->broken_since = watch->place_at;
    if (!watch->broken && (was_broken || watch->stale)) {
        watch->stale = false;
        watch->request.renew(watch->request.arg);
    }
}

static void on_place(void *arg, const struct facts *facts)
{
    struct domain_watch *watch = arg;
    struct facts *copy;

    const struct net_options *net = watch->request.net;
    bool whole = !watch->net.no_smtp || (net && net->no_smtp);

    watch->asking = false;
    note_place(watch, facts);
    watch->place_known = true;
    if ((whole || watch->broken || !watch->place) && facts_copy(watch, facts, &copy) == STS_OK) {
        talloc_free(watch->place);
        watch->place = copy;
    }
    settle_doubts(watch);
    if (watch->broken)
        give_up_claims(watch);
    else
        loop_timer_again(watch->turn, loop_now(watch->request.loop));
}

static void ask(struct domain_watch *watch)
{
    const struct domain_watch_request *request = &watch->request;

    TALLOC_FREE(watch->place_look);
    if (request->net)
        watch->net = *request->net;
    /* where looks saw nothing, the resolver is in doubt, and nobody else is to be bothered */
    watch->net.no_smtp = watch->net.no_smtp || !TAILQ_EMPTY(&watch->doubts) || watch->stale;
    watch->asking = request->look_at_place(watch, request->loop, &watch->net, on_place, watch,
                                           &watch->place_look) == STS_OK;
    if (!watch->asking)
        watch->place_due = loop_now(request->loop) + LIMIT_PLACE_RETRY_MS;
}

void watch_place_turn(struct domain_watch *watch)
{
    if (!watch->asking && loop_now(watch->request.loop) >= watch->place_due)
        ask(watch);
}

static void wait_for_place(struct domain_watch *watch, const struct watch_look *look,
                           const struct facts *facts)
{
    struct watch_doubt *doubt = talloc_zero(watch, struct watch_doubt);

    if (!doubt || facts_copy(doubt, facts, &doubt->facts) != STS_OK) {
        talloc_free(doubt); /* it is due again soon */
        return;
    }
    doubt->until = look->until;
    doubt->first = look->first;
    doubt->late = watch->asking;
    TAILQ_INSERT_TAIL(&watch->doubts, doubt, link);
    watch->doubt_count++;
}

/* What says itself that it is our fault need not wait. */
void watch_place_doubt(struct domain_watch *watch, const struct watch_look *look,
                       const struct facts *facts)
{
    if (watcher_is_blind(facts))
        watch_store_blind(watch, facts->domain);
    else
        wait_for_place(watch, look, facts);
    domain_watch_doubt(watch, facts);
}
