/* SPDX-License-Identifier: MIT */
/* policy_doubts.c - those that wait for something good to be seen, the oldest first. */
#include "app/policy_doubts.h"

#include <string.h>
#include <sys/queue.h>

#include "app/limits.h"
#include "event/loop.h"

struct waiting_doubt {
    TAILQ_ENTRY(waiting_doubt) link;
    struct policy_doubt doubt;
    int64_t since;
};

struct policy_doubts {
    struct policy_doubts_request request;
    TAILQ_HEAD(, waiting_doubt) list;
    size_t count;
    enum own_trouble trouble;
    unsigned looks; /* that found trouble, one after another */
    int64_t due;    /* before that it is not looked at again */
    bool asking;
    int64_t troubled_at; /* since when it is in this trouble */
    bool walled;         /* a policy was fetched while the well-known hosts could not be reached */
    struct own_place_look *look;
    struct loop_timer *timer;
};

bool own_trouble_is_ours(enum own_trouble trouble)
{
    return trouble > OWN_UNKNOWN;
}

enum own_trouble policy_doubts_trouble(const struct policy_doubts *doubts)
{
    return doubts->trouble;
}

/* ---- the end of a doubt ---------------------------------------------------------------------- */

static void settle(struct policy_doubts *doubts, struct waiting_doubt *waiting, bool ours)
{
    TAILQ_REMOVE(&doubts->list, waiting, link);
    doubts->count--;
    doubts->request.settled(doubts->request.arg, &waiting->doubt, ours);
    talloc_free(waiting);
}

static void settle_until(struct policy_doubts *doubts, int64_t until, bool ours)
{
    struct waiting_doubt *waiting;

    while ((waiting = TAILQ_FIRST(&doubts->list)) && waiting->since <= until)
        settle(doubts, waiting, ours);
}

/* ---- the same issuer everywhere -------------------------------------------------------------- */

/* Is it the first of this address? */
static bool is_first_at(const struct policy_doubts *doubts, const struct waiting_doubt *waiting)
{
    const struct waiting_doubt *before;

    TAILQ_FOREACH(before, &doubts->list, link)
    {
        if (before == waiting)
            return true;
        if (before->doubt.address && !strcmp(before->doubt.address, waiting->doubt.address))
            return false;
    }
    return true;
}

/* Nothing was fetched since they came, or they would not be here.  NULL: they differ, or are too
 * few hosts to tell; one owner may have some with a certificate authority of its own. */
static const char *common_issuer(const struct policy_doubts *doubts)
{
    const struct waiting_doubt *waiting;
    const char *issuer = NULL;
    size_t hosts = 0;

    TAILQ_FOREACH(waiting, &doubts->list, link)
    {
        if (!waiting->doubt.issuer || !waiting->doubt.address)
            continue;
        if (issuer && strcmp(issuer, waiting->doubt.issuer) != 0)
            return NULL;
        issuer = waiting->doubt.issuer;
        if (hosts < LIMIT_INTERCEPTED_HOSTS)
            hosts += is_first_at(doubts, waiting);
    }
    return hosts >= LIMIT_INTERCEPTED_HOSTS ? issuer : NULL;
}

/* ---- our own place --------------------------------------------------------------------------- */

static enum own_trouble shortage_of(const char *name)
{
    static const struct {
        const char *name;
        enum own_trouble trouble;
    } rows[] = {{"files", OWN_FILES}, {"ports", OWN_PORTS}, {"clock", OWN_JUMP}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(rows[i].name, name) == 0)
            return rows[i].trouble;
    return OWN_MEMORY;
}

static enum own_trouble trouble_of(const struct facts *facts, const char **ret_detail)
{
    static const struct {
        enum vantage_name name;
        enum vantage_state state;
        enum own_trouble trouble;
    } rows[] = {{VANTAGE_PORT443, VANTAGE_STATE_CLOSED, OWN_PORT443},
                {VANTAGE_TLS, VANTAGE_STATE_WRONG, OWN_TLS},
                {VANTAGE_CLOCK, VANTAGE_STATE_WRONG, OWN_CLOCK}};

    *ret_detail = NULL;
    if (facts->shortage)
        return shortage_of(facts->shortage);
    *ret_detail = vantage_detail(facts, VANTAGE_RESOLVER);
    if (own_place_is_broken(facts))
        return OWN_RESOLVER;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        *ret_detail = vantage_detail(facts, rows[i].name);
        if (vantage_state(facts, rows[i].name) == rows[i].state)
            return rows[i].trouble;
    }
    *ret_detail = NULL;
    return vantage_state(facts, VANTAGE_PORT443) == VANTAGE_STATE_OK &&
                   vantage_state(facts, VANTAGE_TLS) == VANTAGE_STATE_OK
               ? OWN_FINE
               : OWN_UNKNOWN;
}

static int64_t pause_of(const struct policy_doubts *doubts)
{
    int64_t pause = doubts->request.retry_ms;

    if (!own_trouble_is_ours(doubts->trouble))
        return doubts->request.pause_ms;
    for (unsigned i = 1; i < doubts->looks && pause < LIMIT_PLACE_RETRY_MAX_MS; i++)
        pause *= 2;
    return pause < LIMIT_PLACE_RETRY_MAX_MS ? pause : LIMIT_PLACE_RETRY_MAX_MS;
}

/* What cannot be looked at has not become better. */
static void note(struct policy_doubts *doubts, enum own_trouble trouble, const char *detail)
{
    enum own_trouble before = doubts->trouble;

    if (trouble == OWN_UNKNOWN && own_trouble_is_ours(before))
        trouble = before;
    if (trouble != before)
        doubts->troubled_at = loop_now(doubts->request.loop);
    doubts->trouble = trouble;
    doubts->looks = own_trouble_is_ours(trouble) ? doubts->looks + 1 : 0;
    if (trouble != before && (own_trouble_is_ours(trouble) || own_trouble_is_ours(before)))
        doubts->request.changed(doubts->request.arg, trouble, detail);
}

/* While something is wrong here, what can be fetched tells of its own host alone; but if the port
 * was closed, it is not. */
void policy_doubts_fetched(struct policy_doubts *doubts, int64_t begun_ms)
{
    if (doubts->trouble == OWN_PORT443 && begun_ms >= doubts->troubled_at) {
        doubts->walled = true;
        note(doubts, OWN_FINE, NULL);
    }
    if (!own_trouble_is_ours(doubts->trouble))
        settle_until(doubts, begun_ms, false);
}

/* Behind such a wall a few failures wait for what is fetched; more of them, without anything that
 * is fetched in between, are our own network's after all. */
static enum own_trouble beyond_wall(struct policy_doubts *doubts, enum own_trouble trouble)
{
    if (trouble == OWN_FINE)
        doubts->walled = false;
    return trouble == OWN_PORT443 && doubts->walled && doubts->count < LIMIT_WALLED_DOUBTS
               ? OWN_UNKNOWN
               : trouble;
}

static void go_on(struct policy_doubts *doubts)
{
    if (!doubts->asking && (doubts->count || own_trouble_is_ours(doubts->trouble)))
        loop_timer_again(doubts->timer, doubts->due);
}

static void on_place(void *arg, const struct facts *facts)
{
    struct policy_doubts *doubts = arg;
    int64_t now = loop_now(doubts->request.loop);
    const char *detail, *issuer;
    enum own_trouble trouble = beyond_wall(doubts, trouble_of(facts, &detail));

    doubts->asking = false;
    issuer = trouble == OWN_UNKNOWN ? common_issuer(doubts) : NULL;
    note(doubts, issuer ? OWN_TLS : trouble, issuer ? issuer : detail);
    doubts->due = now + pause_of(doubts);
    if (doubts->trouble == OWN_UNKNOWN)
        settle_until(doubts, now - LIMIT_POLICY_DOUBT_MAX_MS, true);
    else
        settle_until(doubts, now, doubts->trouble != OWN_FINE);
    go_on(doubts);
}

static void on_due(void *arg)
{
    struct policy_doubts *doubts = arg;
    const struct policy_doubts_request *request = &doubts->request;

    if (doubts->asking)
        return;
    TALLOC_FREE(doubts->look);
    doubts->asking = request->look(doubts, request->loop, request->net, on_place, doubts,
                                   &doubts->look) == STS_OK;
    if (doubts->asking)
        return;
    doubts->due = loop_now(request->loop) + request->retry_ms;
    go_on(doubts);
}

/* ---- a new one ------------------------------------------------------------------------------- */

static bool is_copied(struct waiting_doubt *waiting, const struct policy_doubt *doubt)
{
    waiting->doubt = *doubt;
    waiting->doubt.domain = talloc_strdup(waiting, doubt->domain);
    waiting->doubt.issuer = doubt->issuer ? talloc_strdup(waiting, doubt->issuer) : NULL;
    waiting->doubt.address = doubt->address ? talloc_strdup(waiting, doubt->address) : NULL;
    return waiting->doubt.domain && !waiting->doubt.issuer == !doubt->issuer &&
           !waiting->doubt.address == !doubt->address;
}

/* So many at a time are not so many broken domains. */
void policy_doubts_add(struct policy_doubts *doubts, const struct policy_doubt *doubt)
{
    struct waiting_doubt *waiting =
        doubts->count < LIMIT_POLICY_DOUBTS ? talloc_zero(doubts, struct waiting_doubt) : NULL;

    if (!waiting || !is_copied(waiting, doubt)) {
        talloc_free(waiting);
        doubts->request.settled(doubts->request.arg, doubt, true);
        return;
    }
    waiting->since = loop_now(doubts->request.loop);
    TAILQ_INSERT_TAIL(&doubts->list, waiting, link);
    doubts->count++;
    go_on(doubts);
}

enum sts_status policy_doubts_new(TALLOC_CTX *ctx, const struct policy_doubts_request *request,
                                  struct policy_doubts **ret)
{
    struct policy_doubts *doubts = talloc_zero(ctx, struct policy_doubts);

    if (!doubts)
        return STS_E_NOMEM;
    doubts->request = *request;
    if (!request->pause_ms)
        doubts->request.pause_ms = LIMIT_PLACE_DOUBT_MS;
    if (!request->retry_ms)
        doubts->request.retry_ms = LIMIT_PLACE_RETRY_MS;
    doubts->trouble = OWN_UNKNOWN;
    TAILQ_INIT(&doubts->list);
    if (loop_timer_start(doubts, request->loop, INT64_MAX / 2, on_due, doubts, &doubts->timer) !=
        STS_OK) {
        talloc_free(doubts);
        return STS_E_NOMEM;
    }
    *ret = doubts;
    return STS_OK;
}
