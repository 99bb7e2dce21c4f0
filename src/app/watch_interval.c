/* SPDX-License-Identifier: MIT */
/* watch_interval.c - when a domain of a group is looked at again. */
#include "app/watch_interval.h"

#define SOON_S    3600 /* something is wrong: whoever mends it wants to see it */
#define SOON_MAX  24   /* for a day; who has not mended it by then looks for himself */
#define BLIND_S   60   /* doubled each time */
#define BLIND_MAX 6

/* A tenth longer or shorter at the most. */
static int64_t about(int64_t seconds, uint32_t chance)
{
    return seconds - seconds / 10 + seconds / 5 * (int64_t)chance / UINT32_MAX;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t after_blind(const struct watch_interval *interval, int64_t times)
{
    int64_t wait = (int64_t)BLIND_S << smaller(times - 1, BLIND_MAX);

    return about(smaller(wait, interval->every), interval->chance);
}

/* Domains that came together, in an import, are parted by the first time. */
static int64_t after_first(int64_t wait, uint32_t chance)
{
    return wait / 2 + wait / 2 * (int64_t)chance / UINT32_MAX;
}

struct store_scheduled watch_interval_next(const struct watch_interval *interval,
                                           const struct store_scheduled *before,
                                           enum watch_outcome outcome, int64_t now)
{
    struct store_scheduled next = {.ill = before->ill};
    int64_t wait = interval->every;

    if (outcome == WATCH_BLIND) {
        next.blind = before->blind + 1;
        next.due = now + after_blind(interval, next.blind);
        return next;
    }
    next.looked = now;
    next.ill = outcome == WATCH_ILL ? before->ill + 1 : 0;
    if (next.ill && next.ill <= SOON_MAX)
        wait = smaller(wait, SOON_S);
    next.due = now + (before->looked ? about(wait, interval->chance)
                                     : after_first(wait, interval->chance));
    return next;
}

int64_t watch_interval_latest(int64_t every, int64_t now)
{
    return now + every + every / 5;
}
