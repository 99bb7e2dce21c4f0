/* SPDX-License-Identifier: MIT */
/* plan.c - from what was counted to deliveries.
 *
 * A report that only tells of mails that carried our own reports would be answered by one of the
 * same kind, day after day; so one without failures, of no more sessions than there were such mails
 * to the domain on that day, is withheld. */
#include "submit/plan.h"

#include <string.h>

#include <talloc.h>

#include "base/array.h"
#include "store/outgoing.h"
#include "store/rollups.h"
#include "store/session_counts.h"
#include "submit/destination.h"
#include "submit/limits.h"
#include "submit/timing.h"

#define OWN_ONLY "only mails with reports of ours"

struct planning {
    TALLOC_CTX *ctx; /* of the page at hand */
    const struct plan_request *request;
    struct store_counted_domain *page;
    size_t count;
    int64_t *days;
    size_t day_count;
    bool no_memory;
    int64_t planned;
};

/* ---- one report ------------------------------------------------------------------------------ */

static enum sts_status tells_of_own(const struct planning *planning,
                                    const struct store_counted_domain *domain, bool *ret)
{
    int64_t begin = domain->day * STORE_DAY_S, mails = 0;
    enum sts_status status = STS_OK;

    if (!domain->failed)
        status = store_outgoing_mails(planning->request->store, domain->domain, begin,
                                      begin + STORE_DAY_S, &mails);
    *ret = !domain->failed && domain->successful <= mails;
    return status;
}

/* Whoever failed for long is not asked; the state is that of now. */
static enum sts_status state_of(const struct planning *planning,
                                const struct destination *destination, bool own,
                                struct store_new_delivery *ret)
{
    const struct plan_request *request = planning->request;
    struct store_outgoing_failing failing;
    enum sts_status status = STS_OK;

    *ret = (struct store_new_delivery){.uri = destination->uri,
                                       .host = destination->host,
                                       .by_mail = destination->kind == DESTINATION_MAIL,
                                       .state = STORE_OUTGOING_WAITING,
                                       .outcome = ""};
    if (destination->kind == DESTINATION_UNUSABLE) {
        ret->state = STORE_OUTGOING_UNUSABLE;
    } else if (own) {
        ret->state = STORE_OUTGOING_WITHHELD;
        ret->outcome = OWN_ONLY;
    } else {
        status = store_outgoing_failing(request->store, request->organization, destination->uri,
                                        &failing);
        if (!status && timing_suppressed(failing.since, failing.tried, request->now))
            ret->state = STORE_OUTGOING_SUPPRESSED;
    }
    return status;
}

static enum sts_status add_copy(const struct planning *planning, struct destination **list,
                                size_t *count)
{
    char *uri = talloc_asprintf(planning->ctx, "mailto:%s", planning->request->copy_to);
    struct destination *place = uri ? array_grow(planning->ctx, list, count, sizeof(*place)) : NULL;

    return place ? destination_read(planning->ctx, uri, place) : STS_E_NOMEM;
}

static enum sts_status hand_over(struct planning *planning,
                                 const struct store_counted_domain *domain,
                                 const struct store_new_outgoing *report)
{
    const struct plan_request *request = planning->request;

    planning->planned++;
    return request->dry ? request->dry(request->arg, domain, report)
                        : store_plan_outgoing(request->store, report);
}

static enum sts_status plan_one(struct planning *planning,
                                const struct store_counted_domain *domain)
{
    const struct plan_request *request = planning->request;
    struct store_new_outgoing report = {
        .organization = request->organization,
        .day = domain->day,
        .counted = domain->id,
        .domain = domain->domain,
        .due = timing_due(request->organization, domain->domain, domain->day)};
    struct destination *list;
    struct store_new_delivery *deliveries = NULL;
    size_t count;
    bool own = false;
    enum sts_status status = destinations_of(planning->ctx, domain->record, &list, &count);

    if (!status && request->copy_to)
        status = add_copy(planning, &list, &count);
    if (!status)
        status = tells_of_own(planning, domain, &own);
    if (!status) {
        deliveries =
            talloc_zero_array(planning->ctx, struct store_new_delivery, (unsigned)count + 1);
        status = deliveries ? STS_OK : STS_E_NOMEM;
    }
    for (size_t i = 0; !status && i < count; i++)
        status = state_of(planning, &list[i], own, &deliveries[i]);
    report.deliveries = deliveries;
    report.delivery_count = count;
    return status ? status : hand_over(planning, domain, &report);
}

/* ---- page by page ---------------------------------------------------------------------------- */

static bool keep_domain(void *arg, const struct store_counted_domain *domain)
{
    struct planning *planning = arg;
    struct store_counted_domain *place =
        array_grow(planning->ctx, &planning->page, &planning->count, sizeof(*place));

    if (place) {
        *place = *domain;
        place->domain = talloc_strdup(planning->ctx, domain->domain);
        place->record = talloc_strdup(planning->ctx, domain->record);
    }
    planning->no_memory |= !place || !place->domain || !place->record;
    return !planning->no_memory;
}

static enum sts_status read_page(struct planning *planning, int64_t day, int64_t after)
{
    const struct store_outgoing_page page = {.organization = planning->request->organization,
                                             .day = day,
                                             .after = after,
                                             .limit = LIMIT_PAGE};
    enum sts_status status;

    planning->page = NULL;
    planning->count = 0;
    status = store_outgoing_unplanned(planning->request->store, &page, keep_domain, planning);
    return !status && planning->no_memory ? STS_E_NOMEM : status;
}

static enum sts_status write_page(struct store *store, void *arg)
{
    struct planning *planning = arg;
    const char *only = planning->request->domain;
    enum sts_status status = STS_OK;

    (void)store;
    for (size_t i = 0; !status && i < planning->count; i++)
        if (!*only || !strcmp(only, planning->page[i].domain))
            status = plan_one(planning, &planning->page[i]);
    return status;
}

/* One transaction a page; who only asks writes nothing. */
static enum sts_status plan_page(struct planning *planning)
{
    struct store *store = planning->request->store;

    return planning->request->dry ? write_page(store, planning)
                                  : store_batch(store, write_page, planning);
}

static enum sts_status plan_day(struct planning *planning, int64_t day)
{
    int64_t after = 0; /* who only asks plans nothing, so goes on behind what was read */
    enum sts_status status = STS_OK;

    do {
        planning->ctx = talloc_new(NULL);
        if (!status)
            status = planning->ctx ? read_page(planning, day, after) : STS_E_NOMEM;
        if (!status && planning->count) {
            after = planning->page[planning->count - 1].id;
            status = plan_page(planning);
        }
        talloc_free(planning->ctx);
    } while (!status && planning->count == LIMIT_PAGE);
    return status;
}

static bool keep_day(void *arg, int64_t day)
{
    struct planning *planning = arg;
    int64_t *place;

    if (day < store_day_of(planning->request->now) - LIMIT_DAYS_BACK)
        return true;
    place = array_grow(planning->ctx, &planning->days, &planning->day_count, sizeof(*place));
    if (place)
        *place = day;
    planning->no_memory |= !place;
    return place != NULL;
}

enum sts_status plan_reports(const struct plan_request *request, int64_t *ret)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct planning planning = {.ctx = ctx, .request = request};
    enum sts_status status =
        ctx ? store_counted_days(request->store, request->now, keep_day, &planning) : STS_E_NOMEM;

    if (!status && planning.no_memory)
        status = STS_E_NOMEM;
    for (size_t i = 0; !status && i < planning.day_count; i++)
        status = plan_day(&planning, planning.days[i]);
    *ret = planning.planned;
    talloc_free(ctx);
    return status;
}
