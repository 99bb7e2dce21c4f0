/* SPDX-License-Identifier: MIT */
/* domain_batches.c - lists of domains, worked off.
 *
 * As in domain_watch.c, domains are claimed ahead for some minutes.  Where there is nothing to be
 * claimed, the store is asked again when somebody adds a batch, else rarely: another service may
 * have been killed. */
#include "app/domain_batches_work.h"

#include <string.h>

#include "app/limits.h"
#include "app/watcher.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "event/loop.h"
#include "facts/facts_copy.h"
#include "rules/rules.h"
#include "store/batches.h"
#include "store/writer.h"
#include "verdict/place.h"

#define DAY_S 86400

static void fail(struct domain_batches *batches, const struct store_fault *fault)
{
    batches->request.fault(batches->request.arg, fault);
}

static enum sts_status put(struct domain_batches *batches, struct store_writer_request request)
{
    request.arg = batches;
    return store_writer_put(batches->request.writer, &request);
}

/* ---- claims ---------------------------------------------------------------------------------- */

struct claim_write {
    int64_t now;
    size_t room;
    struct batch_look **looks;
    size_t count;
    bool no_memory;
};

static bool take_claimed(void *arg, const struct store_batch_domain *domain)
{
    struct claim_write *write = arg;
    struct batch_look **look = array_grow(write, &write->looks, &write->count, sizeof(*look));

    if (look)
        *look = talloc_zero(write, struct batch_look);
    if (look && *look)
        (*look)->domain = talloc_strdup(*look, domain->domain);
    write->no_memory = !look || !*look || !(*look)->domain;
    if (write->no_memory)
        return false;
    (*look)->batch = domain->batch;
    (*look)->place = domain->place;
    (*look)->tries = domain->tries;
    (*look)->until = write->now + LIMIT_WATCH_CLAIM_S;
    (*look)->language = i18n_language_named(domain->language);
    return true;
}

static enum sts_status write_claim(struct store *store, void *data)
{
    struct claim_write *write = data;
    enum sts_status status;

    write->count = 0;
    status = store_claim_batch_domains(store, write->now, write->now + LIMIT_WATCH_CLAIM_S,
                                       write->room, take_claimed, write);
    return write->no_memory ? STS_E_NOMEM : status;
}

static void on_claimed(void *arg, void *data, enum sts_status status,
                       const struct store_fault *fault)
{
    struct domain_batches *batches = arg;
    const struct claim_write *write = data;

    batches->claiming = false;
    batches->idle = status || !write->count;
    if (status)
        fail(batches, fault);
    for (size_t i = 0; !status && i < write->count; i++) {
        struct batch_look *look = talloc_steal(batches, write->looks[i]);

        look->claimed = loop_now(batches->request.loop);
        TAILQ_INSERT_TAIL(&batches->claimed, look, link);
        batches->claimed_count++;
    }
    if (batches->stopped)
        batches_give_back(batches);
    else if (!status && write->count)
        batches->request.more(batches->request.arg);
}

static void start_claim(struct domain_batches *batches)
{
    struct claim_write *write = talloc_zero(batches, struct claim_write);

    batches->asked = loop_now(batches->request.loop);
    if (!write)
        return;
    write->now = batches->request.now();
    write->room = LIMIT_WATCH_AHEAD - batches->claimed_count;
    batches->claiming = put(batches, (struct store_writer_request){NULL, write_claim, on_claimed,
                                                                   write, NULL}) == STS_OK;
    if (!batches->claiming)
        talloc_free(write);
}

static bool needs_more(const struct domain_batches *batches)
{
    int64_t rest = batches->idle ? LIMIT_BATCH_IDLE_MS : 0;

    return !batches->claiming && !batches->stopped &&
           batches->claimed_count < LIMIT_WATCH_AHEAD / 2 &&
           loop_now(batches->request.loop) - batches->asked >= rest &&
           batches->request.may(batches->request.arg);
}

/* ---- what is old ----------------------------------------------------------------------------- */

struct prune_write {
    int64_t before;
    bool more;
};

static enum sts_status write_prune(struct store *store, void *data)
{
    struct prune_write *write = data;

    return store_prune_batches(store, write->before, &write->more);
}

static void on_pruned(void *arg, void *data, enum sts_status status,
                      const struct store_fault *fault)
{
    struct domain_batches *batches = arg;
    const struct prune_write *write = data;

    if (status)
        fail(batches, fault);
    else if (write->more)
        batches->pruned -= LIMIT_BATCH_PRUNE_MS; /* at the next turn */
}

static void prune(struct domain_batches *batches)
{
    struct prune_write *write;

    if (loop_now(batches->request.loop) - batches->pruned < LIMIT_BATCH_PRUNE_MS)
        return;
    batches->pruned = loop_now(batches->request.loop);
    write = talloc_zero(batches, struct prune_write);
    if (!write)
        return;
    write->before = batches->request.now() - batches->request.keep_days * DAY_S;
    if (put(batches, (struct store_writer_request){NULL, write_prune, on_pruned, write, NULL}) !=
        STS_OK)
        talloc_free(write);
}

static void on_turn(void *arg)
{
    struct domain_batches *batches = arg;

    loop_timer_again(batches->turn, loop_now(batches->request.loop) + LIMIT_WATCH_TURN_MS);
    prune(batches);
    if (needs_more(batches))
        start_claim(batches);
}

void domain_batches_wake(struct domain_batches *batches)
{
    batches->idle = false;
    loop_timer_again(batches->turn, loop_now(batches->request.loop));
}

/* ---- results --------------------------------------------------------------------------------- */

/* The writer's, until it is told of. */
struct result_write {
    int64_t batch, place, now;
    enum i18n_language language;
    struct facts *facts; /* NULL: it is looked at again then: */
    int64_t due;
    char *(*result)(TALLOC_CTX *ctx, const struct diagnosis *diagnosis);
    char *text;
    const char *verdict;
};

static enum sts_status prepare_result(void *data)
{
    struct result_write *write = data;
    struct diagnosis *diagnosis;
    enum i18n_language before;
    enum sts_status status;

    if (!write->facts)
        return STS_OK;
    status = diagnose(write, write->facts, write->facts->observed_at, &diagnosis);
    if (status)
        return status;
    before = i18n_use(write->language);
    write->text = write->result(write, diagnosis);
    i18n_use(before);
    write->verdict = verdict_name(diagnosis->verdict);
    talloc_free(diagnosis);
    return write->text ? STS_OK : STS_E_NOMEM;
}

static enum sts_status write_result(struct store *store, void *data)
{
    const struct result_write *write = data;

    if (!write->facts)
        return store_batch_again(store, write->batch, write->place, write->due);
    return store_batch_result(store, write->batch, write->place, write->now, write->verdict,
                              bytes_of(write->text));
}

static void on_result(void *arg, void *data, enum sts_status status,
                      const struct store_fault *fault)
{
    struct domain_batches *batches = arg;

    (void)data;
    batches->writing--;
    if (batches->writing == LIMIT_WATCH_UNWRITTEN / 2)
        batches->request.more(batches->request.arg);
    if (status)
        fail(batches, fault); /* it is looked at again */
}

/* What saw nothing is looked at again, and counts where that does not help. */
static bool is_good(const struct domain_batches *batches, const struct batch_look *look,
                    const struct facts *facts)
{
    bool blind = watcher_is_blind(facts);

    if (!blind && !place_is_unanswered(facts))
        return true;
    batches->request.doubt(batches->request.arg, facts);
    return look->tries >= (blind ? LIMIT_BATCH_TRIES_BLIND : LIMIT_BATCH_TRIES);
}

static void take(struct domain_batches *batches, const struct batch_look *look,
                 const struct facts *facts)
{
    struct result_write *write = talloc_zero(batches, struct result_write);
    enum sts_status status = write ? STS_OK : STS_E_NOMEM;

    if (!write)
        return;
    *write = (struct result_write){.batch = look->batch,
                                   .place = look->place,
                                   .now = batches->request.now(),
                                   .language = look->language,
                                   .result = batches->request.result};
    write->due = write->now + ((int64_t)LIMIT_BATCH_AGAIN_S << (look->tries < 6 ? look->tries : 6));
    if (is_good(batches, look, facts))
        status = facts_copy(write, facts, &write->facts);
    if (!status)
        status = put(batches, (struct store_writer_request){prepare_result, write_result, on_result,
                                                            write, NULL});
    if (status)
        talloc_free(write); /* it is looked at again */
    else
        batches->writing++;
}

/* ---- as a source of the queue ---------------------------------------------------------------- */

static struct batch_look *pop(struct domain_batches *batches)
{
    struct batch_look *look = TAILQ_FIRST(&batches->claimed);

    if (look) {
        TAILQ_REMOVE(&batches->claimed, look, link);
        batches->claimed_count--;
    }
    return look;
}

static bool is_ours(const struct domain_batches *batches, const struct batch_look *look)
{
    return loop_now(batches->request.loop) - look->claimed < INT64_C(500) * LIMIT_WATCH_CLAIM_S;
}

static bool next(void *arg, struct observe_name *ret, void **ret_look)
{
    struct domain_batches *batches = arg;
    struct batch_look *look;

    if (batches->stopped || !batches->request.may(batches->request.arg) ||
        batches->writing >= LIMIT_WATCH_UNWRITTEN)
        return false;
    while ((look = pop(batches)) && !is_ours(batches, look))
        talloc_free(look);
    if (needs_more(batches))
        loop_timer_again(batches->turn, loop_now(batches->request.loop));
    if (!look)
        return false;
    TAILQ_INSERT_TAIL(&batches->looking, look, link);
    *ret = (struct observe_name){.name = look->domain, .given = look->domain};
    *ret_look = look;
    return true;
}

static void seen(void *arg, void *data, const struct facts *facts)
{
    struct domain_batches *batches = arg;
    struct batch_look *look = data;

    TAILQ_REMOVE(&batches->looking, look, link);
    if (facts && !facts->interrupted)
        take(batches, look, facts);
    talloc_free(look);
}

struct check_source domain_batches_source(struct domain_batches *batches)
{
    return (struct check_source){next, seen, batches};
}

enum sts_status domain_batches_new(TALLOC_CTX *ctx, const struct domain_batches_request *request,
                                   struct domain_batches **ret)
{
    struct domain_batches *batches = talloc_zero(ctx, struct domain_batches);
    int64_t now = loop_now(request->loop);
    enum sts_status status;

    if (!batches)
        return STS_E_NOMEM;
    batches->request = *request;
    if (!batches->request.now)
        batches->request.now = clock_now;
    TAILQ_INIT(&batches->claimed);
    TAILQ_INIT(&batches->looking);
    batches->pruned = now - LIMIT_BATCH_PRUNE_MS;
    status = loop_timer_start(batches, request->loop, now, on_turn, batches, &batches->turn);
    if (status != STS_OK) {
        talloc_free(batches);
        return status;
    }
    *ret = batches;
    return STS_OK;
}
