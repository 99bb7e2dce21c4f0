/* SPDX-License-Identifier: MIT */
/* estimate.c - a life table of looks, and what follows from it. */
#include "scan/estimate.h"

#include <math.h>
#include <stdbool.h>

#define BUCKETS    72
#define FIRST_EDGE 20.0 /* ms: the end of the first bucket; each later one ends a fifth later */
#define GROWTH     1.2
#define TICK       100   /* ms: begins are counted together */
#define TICKS      65536 /* nearly two hours, twice the longest time-out */
#define LEAST_DONE 5     /* looks that ended before anything is said ... */
#define MANY_ALIVE 0.7   /* ... and the share of those that live on ... */
#define LONG_AGE   4     /* ... unless they are as old as so many parts of the time-out */
#define FAR_APART  2.0   /* the two ends, as a ratio: nothing is said */
#define NONE_OLDER 0.8   /* none is, of the age that one could have: all ends before */
#define PRIOR      0.5   /* looks that hang, unseen */
#define HARDLY_ANY 0.5   /* looks expected under way: the scan is over */

struct estimate {
    double timeout;
    int64_t ended[BUCKETS];   /* looks that ended at that age */
    double ended_ms[BUCKETS]; /* the sum of their ages */
    int64_t done, under_way;
    int64_t first;          /* when the first began; -1: none did */
    int64_t ancient;        /* under way for longer than the ticks go back */
    int64_t tick;           /* the last one */
    int32_t running[TICKS]; /* looks under way, by the tick at which they began */
};

/* Of the looks under way by age, and the share that lives on at each bucket's beginning. */
struct life_table {
    double running[BUCKETS], ages[BUCKETS]; /* how many; the sum of their ages */
    double alive[BUCKETS + 1];
    double mean_age[BUCKETS]; /* at which looks end in it */
    int reached;              /* the last bucket that a look came to */
    double oldest;            /* of all looks */
    double seen;              /* the age that the first look has or would have */
};

/* ---- ages ------------------------------------------------------------------------------------ */

static double edge(int bucket)
{
    static _Thread_local double edges[BUCKETS + 1];

    if (!edges[BUCKETS])
        for (int b = 1; b <= BUCKETS; b++)
            edges[b] = FIRST_EDGE * pow(GROWTH, b - 1);
    return edges[bucket];
}

static int bucket_of(double age)
{
    int bucket = age < FIRST_EDGE ? 0 : 1 + (int)(log(age / FIRST_EDGE) / log(GROWTH));

    return bucket < BUCKETS ? bucket : BUCKETS - 1;
}

/* ---- what happens ---------------------------------------------------------------------------- */

enum sts_status estimate_new(TALLOC_CTX *ctx, int64_t timeout, struct estimate **ret)
{
    struct estimate *estimate = talloc_zero(ctx, struct estimate);

    if (!estimate)
        return STS_E_NOMEM;
    estimate->timeout = (double)timeout;
    estimate->first = -1;
    *ret = estimate;
    return STS_OK;
}

/* The ring goes on to the tick of now. */
static void turn(struct estimate *estimate, int64_t now)
{
    for (; estimate->tick < now / TICK; estimate->tick++) {
        int32_t *place = &estimate->running[(estimate->tick + 1) % TICKS];

        estimate->ancient += *place;
        *place = 0;
    }
}

void estimate_begin(struct estimate *estimate, int64_t now)
{
    turn(estimate, now);
    if (estimate->first < 0)
        estimate->first = now;
    estimate->running[now / TICK % TICKS]++;
    estimate->under_way++;
}

void estimate_end(struct estimate *estimate, int64_t began, int64_t now)
{
    double age = (double)(now - began);
    int bucket = bucket_of(age);

    turn(estimate, now);
    if (began / TICK + TICKS > estimate->tick)
        estimate->running[began / TICK % TICKS]--;
    else
        estimate->ancient--;
    estimate->under_way--;
    estimate->done++;
    estimate->ended[bucket]++;
    estimate->ended_ms[bucket] += age;
}

/* ---- the table ------------------------------------------------------------------------------- */

static void count_running(const struct estimate *estimate, int64_t now, struct life_table *table)
{
    int64_t last = estimate->tick, first = last < TICKS ? 0 : last - TICKS + 1;

    for (int64_t tick = first; tick <= last; tick++) {
        int32_t count = estimate->running[tick % TICKS];
        double age = (double)(now - tick * TICK); /* at most: no look that ended is older */
        int bucket;

        if (!count)
            continue;
        bucket = bucket_of(age);
        table->oldest = age > table->oldest ? age : table->oldest;
        table->running[bucket] += count;
        table->ages[bucket] += age * count;
    }
    table->running[BUCKETS - 1] += (double)estimate->ancient;
}

/* As actuaries do it: who is still at an age counts for half of it. */
static void fill_alive(const struct estimate *estimate, struct life_table *table)
{
    double entered = (double)(estimate->done + estimate->under_way);

    table->alive[0] = 1;
    for (int b = 0; b < BUCKETS; b++) {
        double ended = (double)estimate->ended[b];
        double at_risk = entered - table->running[b] / 2;

        table->mean_age[b] = ended > 0 ? estimate->ended_ms[b] / ended : edge(b);
        table->alive[b + 1] = table->alive[b] * (at_risk > 0 ? 1 - ended / at_risk : 1);
        if (entered > 0)
            table->reached = b;
        if (ended > 0 && table->mean_age[b] > table->oldest)
            table->oldest = table->mean_age[b];
        entered -= ended + table->running[b];
    }
}

/* How often a look of the later half of the ages seen ended, in 1/ms. */
static double late_rate(const struct estimate *estimate, const struct life_table *table)
{
    double ended = 0, spent = 0;

    for (int b = bucket_of(table->oldest / 2); b < BUCKETS; b++) {
        double count = (double)estimate->ended[b];

        ended += count;
        spent += estimate->ended_ms[b] - count * table->oldest / 2;
        spent += table->ages[b] - table->running[b] * table->oldest / 2;
    }
    return spent > 0 ? ended / spent : 0;
}

/* Beyond the ages seen: looks end at this rate, and at the time-out all that are left. */
static void extend(const struct estimate *estimate, struct life_table *table, double rate)
{
    double timeout = estimate->timeout > table->oldest ? estimate->timeout : table->oldest;

    /* The first have all ended long since. */
    if (table->oldest < table->seen * NONE_OLDER)
        timeout = table->oldest;
    for (int b = table->reached; b < BUCKETS; b++) {
        double from = edge(b) > table->oldest ? edge(b) : table->oldest;
        double to = edge(b + 1);

        if (b > table->reached) {
            table->alive[b + 1] = table->alive[b];
            table->mean_age[b] = (from + to) / 2;
        }
        if (to > timeout) {
            table->mean_age[b] = timeout > from ? timeout : from;
            table->alive[b + 1] = 0;
        } else {
            table->alive[b + 1] *= exp(-rate * (to - from));
        }
    }
}

/* The share of looks that live at an age. */
static double alive_at(const struct life_table *table, double age)
{
    int b = bucket_of(age);
    double share = (age - edge(b)) / (edge(b + 1) - edge(b));

    return table->alive[b] + (table->alive[b + 1] - table->alive[b]) * share;
}

/* How much of the mean look lies beyond that bucket's beginning. */
static double beyond(const struct life_table *table, int bucket)
{
    double sum = 0;

    for (int b = bucket; b < BUCKETS; b++)
        sum += table->alive[b + 1] * (edge(b + 1) - edge(b)) +
               (table->alive[b] - table->alive[b + 1]) * (table->mean_age[b] - edge(b));
    return sum;
}

/* ---- the end --------------------------------------------------------------------------------- */

/* Those under way now that still are after so long. */
static double survivors(const struct life_table *table, double later)
{
    double sum = 0;

    for (int b = 0; b < BUCKETS; b++) {
        double age = table->running[b] > 0 ? table->ages[b] / table->running[b] : 0;
        double now = alive_at(table, age);

        if (now > 0)
            sum += table->running[b] * alive_at(table, age + later) / now;
    }
    return sum;
}

static double left_after(const struct life_table *table, double rate, int bucket)
{
    return rate > 0 ? rate * beyond(table, bucket) : survivors(table, edge(bucket));
}

/* Until hardly any is left: of those under way, or (rate > 0) of those that have begun steadily. */
static double drain(const struct life_table *table, double rate)
{
    double before = left_after(table, rate, 0);

    for (int b = 0; b < BUCKETS && before >= HARDLY_ANY; b++) {
        double after = left_after(table, rate, b + 1);

        if (after < HARDLY_ANY)
            return edge(b) + (edge(b + 1) - edge(b)) * (before - HARDLY_ANY) / (before - after);
        before = after;
    }
    return 0;
}

/* Of a look under way, how long it will be so, on the average of those that begin steadily; or of
 * those that are under way now. */
static double rest(const struct life_table *table, double under_way)
{
    double sum = 0;

    for (int b = 0; b < BUCKETS; b++) {
        double from = under_way > 0 ? left_after(table, 0, b) / under_way
                                    : beyond(table, b) / beyond(table, 0);
        double to = under_way > 0 ? left_after(table, 0, b + 1) / under_way
                                  : beyond(table, b + 1) / beyond(table, 0);

        sum += (from + to) / 2 * (edge(b + 1) - edge(b));
    }
    return sum;
}

static double time_left(const struct estimate *estimate, const struct life_table *table,
                        double to_begin)
{
    double under_way = estimate->under_way ? (double)estimate->under_way : 1;
    double looks = (double)(estimate->done + estimate->under_way);
    double mean = beyond(table, 0) + PRIOR / looks * estimate->timeout;
    double begun;

    if (to_begin <= 0)
        return drain(table, 0);
    begun = to_begin * mean / under_way + rest(table, under_way) - rest(table, 0);
    return (begun > 0 ? begun : 0) + drain(table, under_way / mean);
}

static bool has_something_to_say(const struct estimate *estimate, const struct life_table *table)
{
    /* Where none came to the second bucket, what is left at the end of the first. */
    double alive = table->alive[table->reached ? table->reached : 1];

    return (estimate->done >= LEAST_DONE && alive < MANY_ALIVE) ||
           table->oldest * LONG_AGE >= estimate->timeout;
}

int64_t estimate_left(const struct estimate *estimate, int64_t now, int64_t to_begin)
{
    struct life_table table = {.oldest = 0}, hanging;
    double soon, late;

    table.seen = (double)(now - estimate->first);
    count_running(estimate, now, &table);
    fill_alive(estimate, &table);
    if (!has_something_to_say(estimate, &table))
        return ESTIMATE_UNKNOWN;
    hanging = table;
    extend(estimate, &table, late_rate(estimate, &table));
    extend(estimate, &hanging, 0);
    soon = time_left(estimate, &table, (double)to_begin);
    late = time_left(estimate, &hanging, (double)to_begin);
    if (late > soon * FAR_APART && late - soon > 1000)
        return ESTIMATE_UNKNOWN;
    return (int64_t)sqrt(soon * late);
}
