/* SPDX-License-Identifier: MIT */
/* log_days.c - counters of each day. */
#include "collect/log_days.h"

#include <stdlib.h>

#include "collect/counters.h"
#include "collect/limits.h"
#include "store/rollups.h"

#define DAYS_MAX (LIMIT_KEEP_DAYS + 2)

struct log_days {
    struct counters *list[DAYS_MAX];
    size_t count;
};

struct log_days *log_days_new(TALLOC_CTX *ctx)
{
    return talloc_zero(ctx, struct log_days);
}

/* NULL: no memory. */
static struct counters *counters_of(struct log_days *days, int64_t day)
{
    for (size_t i = days->count; i-- > 0;)
        if (counters_day(days->list[i]) == day)
            return days->list[i];
    if (days->count == DAYS_MAX)
        return NULL;
    days->list[days->count] = counters_new(days, day);
    return days->list[days->count] ? days->list[days->count++] : NULL;
}

enum sts_status log_days_add(struct log_days *days, int64_t at, struct bytes datagram)
{
    struct counters *counters = counters_of(days, store_day_of(at));

    return counters && counters_add(counters, datagram) != SESSION_EVENT_NO_MEMORY ? STS_OK
                                                                                   : STS_E_NOMEM;
}

static int compare_days(const void *a, const void *b)
{
    int64_t one = counters_day(*(struct counters *const *)a);
    int64_t other = counters_day(*(struct counters *const *)b);

    return one < other ? -1 : one > other;
}

/* counters: NULL: nothing but the place. */
static enum sts_status store_until(struct store *store, const struct log_days_place *place,
                                   struct counters *counters, int64_t until, int64_t *stored)
{
    struct store_session_flush flush = {0};
    enum sts_status status = STS_OK;

    if (until <= *stored)
        return STS_OK;
    if (counters)
        status = counters_flush(counters, &flush);
    flush.collector = place->collector;
    flush.run = place->run;
    flush.number = until;
    flush.at = place->now;
    if (status == STS_OK)
        status = store_count_sessions(store, &flush);
    if (status == STS_OK)
        *stored = until;
    return status;
}

enum sts_status log_days_store(struct log_days *days, struct store *store,
                               const struct log_days_place *place, int64_t *ret_place)
{
    enum sts_status status = STS_OK;

    *ret_place = place->before;
    if (days->count)
        qsort(days->list, days->count, sizeof(days->list[0]), compare_days);
    for (size_t i = 0; !status && i < days->count; i++) {
        int64_t end = (counters_day(days->list[i]) + 1) * STORE_DAY_S - 1;

        status = store_until(store, place, days->list[i], end < place->until ? end : place->until,
                             ret_place);
    }
    return status ? status : store_until(store, place, NULL, place->until, ret_place);
}
