/* SPDX-License-Identifier: MIT */
/* watcher.c - a pass: looks come in, are stored, and of each domain the newest tells its news. */
#include "app/watcher.h"

#include "app/watcher_work.h"
#include "base/array.h"
#include "facts/facts_copy.h"
#include "reports/names.h"
#include "verdict/place.h"

#define READERS 2 /* connections: one is not enough where the database is far away */

/* Looks that are not yet stored, where they come faster than they are: two of the writer's batches,
 * so that one is filled while the other is written. */
#define AHEAD_MAX 1000

static enum sts_status open_beside(struct watcher *watcher)
{
    const struct watcher_request *request = &watcher->request;
    enum sts_status status =
        store_writer_new(watcher, request->loop, request->where, &watcher->writer);

    return status ? status
                  : store_readers_new(watcher, request->loop, request->where, READERS,
                                      &watcher->readers);
}

enum sts_status watcher_new(TALLOC_CTX *ctx, const struct watcher_request *request,
                            struct watcher **ret)
{
    struct watcher *watcher = talloc_zero(ctx, struct watcher);

    if (!watcher)
        return STS_E_NOMEM;
    watcher->request = *request;
    watcher->store = request->store;
    watcher->telling = request->live;
    watcher->enough = SIZE_MAX;
    if (request->store && open_beside(watcher) != STS_OK) {
        talloc_free(watcher);
        return STS_E_NOMEM;
    }
    *ret = watcher;
    return STS_OK;
}

/* ---- looking --------------------------------------------------------------------------------- */

static struct watcher_look *add_look(struct watcher *watcher, const char *domain)
{
    char *name = talloc_strdup(watcher, domain);
    struct watcher_look *look =
        name ? array_grow(watcher, &watcher->looks, &watcher->look_count, sizeof(*look)) : NULL;

    if (!look)
        return NULL;
    look->domain = name;
    look->material = talloc_zero(watcher, struct watcher_material);
    look->settled = !look->material; /* nobody waits for it */
    return look->material ? look : NULL;
}

bool watcher_is_blind(const struct facts *facts)
{
    return facts->shortage || place_is_blind(facts);
}

static bool is_told_why(struct watcher *watcher)
{
    bool told = watcher->blindness_told && watcher->request.blind_once;

    watcher->blindness_told = true;
    return told;
}

/* What is old is forgotten by this time, so it must not come from a clock that is fast, nor from
 * facts that say they are of the future. */
static int64_t surely_past(const struct watcher *watcher, const struct facts *facts, int64_t at)
{
    int64_t now = watcher->request.now;

    if (facts->vantage && facts->vantage->clock_known && facts->vantage->clock_offset < 0)
        at += facts->vantage->clock_offset;
    return at < now ? at : now;
}

/* Nothing to be stored: it is told why, once where that is enough. */
static enum sts_status take_blind(struct watcher *watcher, struct watcher_look *look,
                                  const struct facts *facts)
{
    struct watcher_material *material = look->material;

    look->settled = true;
    if (is_told_why(watcher))
        return STS_OK;
    if (facts_copy(material, facts, &material->blind) != STS_OK)
        return STS_E_NOMEM;
    material->blind->observed_at = look->at;
    return STS_OK;
}

static enum sts_status take_seen(struct watcher *watcher, struct watcher_look *look,
                                 const struct facts *facts)
{
    struct watcher_material *material = look->material;

    if (facts_copy(material, facts, &material->facts) != STS_OK)
        return STS_E_NOMEM;
    material->facts->observed_at = look->at;
    return watcher_store_look(watcher, (size_t)(look - watcher->looks));
}

enum sts_status watcher_take(struct watcher *watcher, const struct facts *facts)
{
    bool blind = watcher_is_blind(facts);
    struct watcher_look *look;
    enum sts_status status;

    if (facts->interrupted)
        return STS_OK;
    look = add_look(watcher, facts->domain);
    if (!look)
        return STS_E_NOMEM;
    look->at = watcher->request.at_now ? watcher->request.now : facts->observed_at;
    look->surely = surely_past(watcher, facts, look->at);
    look->seen = !blind;
    status = blind ? take_blind(watcher, look, facts) : take_seen(watcher, look, facts);
    if (status)
        look->settled = true; /* nobody waits for it */
    watcher_go_on(watcher);
    if (!watcher->request.live)
        watcher_settle(watcher, AHEAD_MAX);
    return status;
}

bool watcher_has_room(const struct watcher *watcher)
{
    return watcher->look_count - watcher->told < AHEAD_MAX;
}

/* ---- telling --------------------------------------------------------------------------------- */

/* Of several looks at one domain the newest represents it. */
struct newest {
    const char *name; /* of the domain */
    const struct watcher_look *look;
};

static bool find_newest(const struct watcher *watcher, struct names *newest)
{
    for (size_t i = 0; i < watcher->look_count; i++) {
        const struct watcher_look *look = &watcher->looks[i];
        struct newest *known = names_get(newest, look->domain);

        if (!known)
            return false;
        if (!known->look || look->at >= known->look->at)
            known->look = look;
    }
    return true;
}

static bool is_newest(const struct names *newest, const struct watcher_look *look)
{
    const struct newest *known = names_find(newest, look->domain);

    return known && known->look == look;
}

static bool find_outdated(struct watcher *watcher)
{
    struct names newest;
    bool found;

    names_begin(&newest, watcher, sizeof(struct newest));
    found = find_newest(watcher, &newest);
    for (size_t i = 0; found && i < watcher->look_count; i++)
        watcher->looks[i].outdated = !is_newest(&newest, &watcher->looks[i]);
    return found;
}

void watcher_tell(struct watcher *watcher)
{
    watcher_settle(watcher, 0);
    if (!watcher->telling && !find_outdated(watcher)) {
        watcher_fault(watcher, STS_E_NOMEM, NULL);
        return;
    }
    watcher->telling = true;
    watcher_go_on(watcher);
    watcher_settle(watcher, 0);
}

/* ---- the end --------------------------------------------------------------------------------- */

void watcher_delivered(struct watcher *watcher, const struct watcher_news *news)
{
    watcher_store_place(watcher, (const struct watcher_telling *)news);
}

void watcher_end(struct watcher *watcher)
{
    watcher_prune(watcher);
    watcher_settle(watcher, 0);
}
