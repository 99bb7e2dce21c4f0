/* SPDX-License-Identifier: MIT */
/* domain_watch_store.c - what the watch of a service writes and counts. */
#include "app/domain_watch_work.h"

#include <string.h>

#include "app/limits.h"
#include "app/watch_interval.h"
#include "event/loop.h"
#include "facts/facts_copy.h"
#include "history/stored_check.h"
#include "rules/rules.h"
#include "store/readers.h"
#include "store/writer.h"
#include "verdict/view.h"

#define DAY_S 86400

void watch_fail(struct domain_watch *watch, const struct store_fault *fault)
{
    watch->request.fault(watch->request.arg, fault);
}

/* ---- a look ---------------------------------------------------------------------------------- */

/* The writer's, until it is told of. */
struct look_write {
    enum watch_reason reason;
    char *domain;
    int64_t now, before; /* before: checks that are older are pruned */
    struct watch_interval interval;
    enum watch_outcome outcome;
    struct judging by;
    struct facts *facts; /* NULL: it was no look */
    struct stored_check *check;
    const char *verdict;
};

static bool is_ill(const struct diagnosis *diagnosis)
{
    if (diagnosis->verdict == VERDICT_UNKNOWN)
        return vantage_state(diagnosis->facts, VANTAGE_PORT25) != VANTAGE_STATE_CLOSED;
    return diagnosis->verdict != VERDICT_OK;
}

static enum sts_status prepare_look(void *data)
{
    struct look_write *write = data;
    struct diagnosis *diagnosis;
    enum sts_status status = STS_OK;

    if (!write->facts)
        return STS_OK;
    status = diagnose_by(write, write->facts, &write->by, &diagnosis);
    if (!status)
        status = stored_check_new(write, diagnosis, &write->check);
    if (status)
        return status;
    write->outcome = is_ill(diagnosis) ? WATCH_ILL : WATCH_FINE;
    write->verdict = verdict_name(diagnosis->verdict);
    talloc_free(diagnosis);
    return STS_OK;
}

static enum sts_status write_check(struct store *store, const struct look_write *write)
{
    int64_t seq;
    enum sts_status status = write->check ? stored_check_write(store, write->check, &seq) : STS_OK;

    return status ? status : store_prune(store, write->domain, write->before);
}

/* Where the domain is nobody's any more, what was seen is of nobody's interest. */
static enum sts_status write_look(struct store *store, void *data)
{
    const struct look_write *write = data;
    struct store_scheduled before, next;
    bool found;
    enum sts_status status = store_scheduled(store, write->domain, &before, &found);

    if (!status && write->facts && (found || write->reason == WATCH_ASKED))
        status = write_check(store, write);
    if (status || !found)
        return status;
    next = watch_interval_next(&write->interval, &before, write->outcome, write->now);
    next.verdict = write->verdict;
    return store_schedule(store, write->domain, &next);
}

static void count_look(struct domain_watch *watch)
{
    int64_t minute = loop_now(watch->request.loop) / 60000;
    size_t i = (size_t)(minute % WATCH_MINUTES);

    watch->looks++;
    if (watch->minutes[i].minute != minute)
        watch->minutes[i].looks = 0;
    watch->minutes[i].minute = minute;
    watch->minutes[i].looks++;
}

static void on_look_written(void *arg, void *data, enum sts_status status,
                            const struct store_fault *fault)
{
    struct domain_watch *watch = arg;
    const struct look_write *write = data;

    watch->writing--;
    if (watch->writing == LIMIT_WATCH_UNWRITTEN / 2)
        watch->request.more(watch->request.arg);
    if (status) {
        watch->lost++;
        watch_fail(watch, fault);
    } else if (write->facts) {
        count_look(watch);
    } else {
        watch->blind++;
    }
}

static struct look_write *write_new(struct domain_watch *watch, const char *domain)
{
    struct look_write *write = talloc_zero(watch, struct look_write);
    const struct domain_watch_request *request = &watch->request;

    if (!write)
        return NULL;
    write->domain = talloc_strdup(write, domain);
    write->now = request->now();
    write->interval = (struct watch_interval){request->every, request->chance()};
    write->outcome = WATCH_BLIND;
    if (!write->domain)
        TALLOC_FREE(write);
    return write;
}

static void put(struct domain_watch *watch, struct look_write *write)
{
    const struct store_writer_request request = {prepare_look, write_look, on_look_written, write,
                                                 watch};

    if (write && store_writer_put(watch->request.writer, &request) == STS_OK) {
        watch->writing++;
        return;
    }
    watch->lost++;
    talloc_free(write);
}

/* What is old is forgotten by this time, so it must not come from a clock that is fast. */
static int64_t surely_past(const struct facts *facts, int64_t now)
{
    int64_t at = facts->observed_at;

    if (facts->vantage && facts->vantage->clock_known && facts->vantage->clock_offset < 0)
        at += facts->vantage->clock_offset;
    return at < now ? at : now;
}

void watch_store_look(struct domain_watch *watch, const struct facts *facts,
                      enum watch_reason reason)
{
    struct look_write *write = write_new(watch, facts->domain);

    if (write && facts_copy(write, facts, &write->facts) != STS_OK)
        TALLOC_FREE(write);
    if (write) {
        write->reason = reason;
        write->by =
            (struct judging){.now = facts->observed_at, .warn_days = watch->request.warn_days};
        write->before = surely_past(facts, write->now) - watch->request.keep_days * DAY_S;
    }
    put(watch, write);
}

void watch_store_blind(struct domain_watch *watch, const char *domain)
{
    put(watch, write_new(watch, domain));
}

void domain_watch_take(struct domain_watch *watch, const struct facts *facts)
{
    watch_store_look(watch, facts, WATCH_ASKED);
}

/* ---- at once --------------------------------------------------------------------------------- */

struct now_write {
    char **domains;
    size_t count;
};

static enum sts_status write_now(struct store *store, void *data)
{
    const struct now_write *write = data;
    enum sts_status status = STS_OK;
    bool done;

    for (size_t i = 0; !status && i < write->count; i++)
        status = store_schedule_now(store, write->domains[i], &done);
    return status;
}

static void on_now_written(void *arg, void *data, enum sts_status status,
                           const struct store_fault *fault)
{
    struct domain_watch *watch = arg;

    (void)data;
    if (status)
        watch_fail(watch, fault);
    else
        domain_watch_wake(watch);
}

enum sts_status domain_watch_now(struct domain_watch *watch, const char *const *domains,
                                 size_t count)
{
    struct now_write *write = talloc_zero(watch, struct now_write);
    const struct store_writer_request request = {NULL, write_now, on_now_written, write, watch};
    enum sts_status status = STS_E_NOMEM;

    if (write)
        write->domains = talloc_zero_array(write, char *, (unsigned)count + 1);
    if (write && write->domains) {
        status = STS_OK;
        for (size_t i = 0; !status && i < count; i++)
            if (!(write->domains[write->count++] = talloc_strdup(write->domains, domains[i])))
                status = STS_E_NOMEM;
        if (!status)
            status = store_writer_put(watch->request.writer, &request);
    }
    if (status)
        talloc_free(write);
    return status;
}

/* ---- the numbers ----------------------------------------------------------------------------- */

struct count_read {
    int64_t now;
    struct store_schedule_numbers numbers;
    int64_t verdicts[DOMAIN_WATCH_VERDICTS];
};

static bool take_verdict(void *arg, const char *verdict, int64_t domains)
{
    struct count_read *read = arg;

    for (size_t i = 0; i < DOMAIN_WATCH_VERDICTS; i++)
        if (strcmp(verdict, verdict_name((enum verdict)i)) == 0)
            read->verdicts[i] = domains;
    return true;
}

static enum sts_status read_count(struct store *store, void *data)
{
    struct count_read *read = data;
    enum sts_status status =
        store_schedule_numbers(store, read->now, read->now - LIMIT_WATCH_LATE_S, &read->numbers);

    return status ? status : store_schedule_verdicts(store, take_verdict, read);
}

static void on_counted(void *arg, void *data, enum sts_status status,
                       const struct store_fault *fault)
{
    struct domain_watch *watch = arg;
    const struct count_read *read = data;

    if (status == STS_OK) {
        watch->counted = true;
        watch->counted_at = read->now;
        watch->numbers = read->numbers;
        memcpy(watch->verdicts, read->verdicts, sizeof watch->verdicts);
    } else {
        watch_fail(watch, fault);
    }
    watch->counted_ms = loop_now(watch->request.loop);
    watch->counting = NULL; /* its handle goes with the next one, or with us */
}

void watch_count(struct domain_watch *watch)
{
    int64_t age = loop_now(watch->request.loop) - watch->counted_ms;
    struct count_read *read;
    struct store_read_request request = {read_count, on_counted, NULL, watch};

    if (watch->counting || (watch->counted && age < LIMIT_WATCH_COUNT_MS))
        return;
    read = talloc_zero(watch, struct count_read);
    if (!read)
        return;
    read->now = watch->request.now();
    request.data = read;
    if (store_read_start(watch, watch->request.readers, &request, &watch->counting) == STS_OK)
        return;
    watch->counting = NULL;
    talloc_free(read);
}
