/* SPDX-License-Identifier: MIT */
/* alerts_round.c - looking through the log.
 *
 * A round is: which domains have something new (one read), each of them evaluated (a read and a
 * write, side by side), how far we are (one write).  The next one begins at once where there was
 * something, else after a second.  That place is a hint that saves work: whoever is killed before
 * it moves looks at the same domains again, and finds their own places moved. */
#include <string.h>

#include "alerts/alerts_work.h"
#include "alerts/evaluation.h"
#include "alerts/limits.h"
#include "alerts/looking.h"
#include "base/clock.h"
#include "event/jobs.h"
#include "store/readers.h"
#include "store/writer.h"

struct round {
    struct alerts *alerts;
    struct looking *looking;
    size_t left; /* domains that are not done */
    bool failed; /* the store did */
};

static void schedule(struct alerts *alerts, int64_t ms);

/* ---- the end of a round ---------------------------------------------------------------------- */

/* What joined since is looked at next, unless all domains are just looked at. */
static void sweep_joined(struct alerts *alerts, const struct looking *looking)
{
    if (alerts->sweep || alerts->owned == looking->owned)
        return;
    alerts->sweep = talloc_strdup(alerts, "");
    alerts->joined = true;
    alerts->owned = looking->owned;
}

/* The clock may have been set meanwhile. */
static void plan_sweep(struct alerts *alerts, int64_t last)
{
    int64_t now = clock_now(), due = last + LIMIT_SWEEP_MS / 1000;

    if (last <= now && due > now)
        alerts->sweep_at = loop_now(alerts->setup.loop) + (due - now) * 1000;
}

static void on_placed(void *arg, void *data, enum sts_status status,
                      const struct store_fault *fault)
{
    struct alerts *alerts = arg;
    const struct looking *looking = data;

    (void)fault;
    if (!status) {
        if (!alerts->known)
            plan_sweep(alerts, looking->sweep_began);
        alerts->known = true;
        alerts->checks = looking->checks;
        alerts->reports = looking->reports;
        TALLOC_FREE(alerts->sweep);
        if (looking->sweep && !looking->swept)
            alerts->sweep = talloc_strdup(alerts, looking->sweep);
        sweep_joined(alerts, looking);
    }
    schedule(alerts, status ? LIMIT_RETRY_MS : looking->more || alerts->sweep ? 0 : LIMIT_POLL_MS);
}

static void end_round(struct alerts *alerts)
{
    struct round *round = alerts->round;
    struct looking *looking = talloc_steal(NULL, round->looking);
    bool same = alerts->known && looking->checks == alerts->checks &&
                looking->reports == alerts->reports && !looking_all_swept(looking);

    alerts->round = NULL;
    if (round->failed) {
        talloc_free(looking);
        schedule(alerts, LIMIT_RETRY_MS);
    } else if (same) {
        on_placed(alerts, looking, STS_OK, NULL);
        talloc_free(looking);
    } else if (store_writer_put(alerts->setup.writer,
                                &(struct store_writer_request){.write = looking_write,
                                                               .done = on_placed,
                                                               .data = looking,
                                                               .arg = alerts}) != STS_OK) {
        talloc_free(looking);
        schedule(alerts, LIMIT_RETRY_MS);
    }
    talloc_free(round);
}

/* ---- each domain ----------------------------------------------------------------------------- */

static void say_fault(const struct alerts *alerts, const struct store_fault *fault)
{
    if (fault)
        alerts->setup.fault(alerts->setup.arg, fault);
}

static void domain_done(struct alerts *alerts, enum sts_status status,
                        const struct store_fault *fault)
{
    struct round *round = alerts->round;

    say_fault(alerts, fault);
    round->failed |= status == STS_E_IO;
    if (--round->left == 0)
        end_round(alerts);
}

static void on_written(void *arg, void *data, enum sts_status status,
                       const struct store_fault *fault)
{
    struct alerts *alerts = arg;
    const struct evaluation *evaluation = data;

    if (!status && evaluation->changed)
        alerts_send_wake(alerts);
    domain_done(alerts, status, fault);
}

static void on_evaluated(void *arg, void *data, enum sts_status status,
                         const struct store_fault *fault)
{
    struct alerts *alerts = arg;
    struct evaluation *evaluation = data;
    struct store_writer_request write = {
        .write = evaluation_write, .done = on_written, .data = evaluation, .arg = alerts};

    if (status || !evaluation->group) {
        domain_done(alerts, status, fault);
        return;
    }
    (void)talloc_steal(NULL, evaluation);
    status = store_writer_put(alerts->setup.writer, &write);
    if (!status)
        return;
    talloc_free(evaluation);
    domain_done(alerts, status, NULL);
}

static enum sts_status evaluate(struct alerts *alerts, const char *domain)
{
    struct evaluation *evaluation = talloc_zero(NULL, struct evaluation);
    struct store_read_request request = {evaluation_read, on_evaluated, evaluation, alerts};
    struct jobs_handle *handle;
    enum sts_status status = STS_E_NOMEM;

    if (!evaluation)
        return STS_E_NOMEM;
    evaluation->domain = talloc_strdup(evaluation, domain);
    evaluation->now = clock_now();
    evaluation->delay = alerts->setup.delay;
    if (evaluation->domain)
        status = store_read_start(alerts->round, alerts->setup.readers, &request, &handle);
    if (status)
        talloc_free(evaluation);
    return status;
}

static void begin_round(struct alerts *alerts, struct looking *looking)
{
    struct round *round = talloc_zero(alerts, struct round);

    if (!round) {
        schedule(alerts, LIMIT_RETRY_MS);
        return;
    }
    round->looking = talloc_steal(round, looking);
    round->left = looking->domain_count + 1; /* so that none ends it meanwhile */
    alerts->round = round;
    for (size_t i = 0; i < looking->domain_count; i++)
        if (evaluate(alerts, looking->domains[i]) != STS_OK) {
            round->failed = true;
            round->left--;
        }
    domain_done(alerts, STS_OK, NULL);
}

/* ---- the beginning --------------------------------------------------------------------------- */

static void on_looked(void *arg, void *data, enum sts_status status,
                      const struct store_fault *fault)
{
    struct alerts *alerts = arg;
    struct looking *looking = data;

    say_fault(alerts, fault);
    if (status) {
        schedule(alerts, LIMIT_RETRY_MS);
        return;
    }
    (void)talloc_steal(alerts, looking); /* the handle goes with the next look */
    begin_round(alerts, looking);
}

static void on_kept_up(void *arg, void *data, enum sts_status status,
                       const struct store_fault *fault)
{
    struct alerts *alerts = arg;
    const struct upkeep *upkeep = data;

    say_fault(alerts, fault);
    if (status)
        return;
    alerts->numbers = upkeep->numbers;
    alerts->counted = true;
    if (upkeep->changed)
        alerts_send_wake(alerts);
}

static void keep_up(struct alerts *alerts, bool all)
{
    struct upkeep *upkeep = talloc_zero(NULL, struct upkeep);
    struct store_writer_request request = {
        .write = alerts_upkeep, .done = on_kept_up, .data = upkeep, .arg = alerts};

    if (!upkeep)
        return;
    *upkeep = (struct upkeep){.now = clock_now(), .all = all};
    if (store_writer_put(alerts->setup.writer, &request) != STS_OK)
        talloc_free(upkeep);
}

/* What is due by time. */
static void by_time(struct alerts *alerts)
{
    int64_t now = loop_now(alerts->setup.loop);
    bool sweep = alerts->known && now >= alerts->sweep_at;

    if (sweep) {
        alerts->sweep_began = clock_now();
        alerts->sweep_at = now + LIMIT_SWEEP_MS;
        if (!alerts->sweep || alerts->joined) {
            TALLOC_FREE(alerts->sweep);
            alerts->sweep = talloc_strdup(alerts, "");
        }
        alerts->joined = false;
    }
    if (sweep || now >= alerts->upkeep_at) {
        alerts->upkeep_at = now + LIMIT_UPKEEP_MS;
        keep_up(alerts, sweep);
    }
}

static struct looking *new_looking(const struct alerts *alerts)
{
    struct looking *looking = talloc_zero(NULL, struct looking);

    if (!looking)
        return NULL;
    looking->known = alerts->known;
    looking->checks = alerts->checks;
    looking->reports = alerts->reports;
    looking->joined = alerts->joined;
    looking->sweep_began = alerts->sweep_began;
    looking->sweep = alerts->sweep ? talloc_strdup(looking, alerts->sweep) : NULL;
    return looking;
}

static void on_due(void *arg)
{
    struct alerts *alerts = arg;
    struct looking *looking;

    by_time(alerts);
    TALLOC_FREE(alerts->look);
    looking = new_looking(alerts);
    if (looking &&
        store_read_start(alerts, alerts->setup.readers,
                         &(struct store_read_request){looking_read, on_looked, looking, alerts},
                         &alerts->look) == STS_OK)
        return;
    talloc_free(looking);
    schedule(alerts, LIMIT_RETRY_MS);
}

static void schedule(struct alerts *alerts, int64_t ms)
{
    loop_timer_again(alerts->look_due, loop_now(alerts->setup.loop) + ms);
}

enum sts_status alerts_round_start(struct alerts *alerts)
{
    struct loop *loop = alerts->setup.loop;

    return loop_timer_start(alerts, loop, loop_now(loop), on_due, alerts, &alerts->look_due);
}
