/* SPDX-License-Identifier: MIT */
/* collector.c - counters of a day, one after the other to the store.
 *
 * `current` is counted into.  When it is time, or a day has ended, it joins the queue, whose head
 * is what the writer has.  While that fails nothing is added to the queue but for a new day: so
 * there are few of them, and each is as large as its ceilings allow. */
#include "collect/collector.h"

#include <stdio.h>
#include <sys/queue.h>
#include <sys/random.h>

#include "collect/counters.h"
#include "collect/flush.h"
#include "collect/limits.h"
#include "event/datagrams.h"
#include "store/writer.h"

#define RUN_SIZE 33 /* 128 bits, hexadecimal, and the NUL */

struct collector {
    struct collector_request request;
    struct loop *loop;
    struct store_writer *writer;
    struct datagrams **sockets;
    struct counters *current;
    STAILQ_HEAD(, flush) queue;
    size_t queued;
    bool writing, ending;
    struct loop_timer *timer, *end;
    int64_t retry_ms;
    int64_t number; /* of the last flush */
    int64_t pruned; /* the day on which old ones were forgotten last */
    char run[RUN_SIZE];
    struct collector_counts counts;
    bool told[SESSION_EVENT_FAULT_COUNT], told_full;
    long queue_length;
};

static void write_next(struct collector *collector);
static bool rotate(struct collector *collector, int64_t day);

/* ---- flushes --------------------------------------------------------------------------------- */

static void say_end(struct collector *collector, bool all_stored)
{
    collector->ending = false;
    collector->request.ended(collector->request.arg, all_stored);
}

static void pop(struct collector *collector)
{
    struct flush *flush = STAILQ_FIRST(&collector->queue);

    STAILQ_REMOVE_HEAD(&collector->queue, next);
    collector->queued--;
    collector->counts.waiting_bytes -= flush->bytes;
    talloc_free(flush);
}

/* What the store refuses would be refused for ever. */
static void give_up(struct collector *collector, const struct flush *flush)
{
    for (size_t i = 0; i < flush->request.count; i++)
        collector->counts.lost +=
            (uint64_t)(flush->request.counts[i].successful + flush->request.counts[i].failed);
}

static void on_written(void *arg, void *data, enum sts_status status,
                       const struct store_fault *fault)
{
    struct collector *collector = arg;
    struct flush *flush = talloc_steal(collector, data);
    bool again = status == STS_E_IO || status == STS_E_NOMEM;

    collector->writing = false;
    collector->counts.flushes += !status;
    collector->counts.failures += status != STS_OK;
    if (status && !again)
        give_up(collector, flush);
    if (!status)
        collector->counts.flushed_at = collector->request.now();
    collector->request.flushed(collector->request.arg, fault);
    if (!again) {
        pop(collector);
        collector->retry_ms = LIMIT_RETRY_MS;
        write_next(collector);
        return;
    }
    loop_timer_again(collector->timer, loop_now(collector->loop) + collector->retry_ms);
    collector->retry_ms *= 2;
    if (collector->retry_ms > LIMIT_RETRY_MAX_MS)
        collector->retry_ms = LIMIT_RETRY_MAX_MS;
}

/* The head of the queue to the writer, if it is idle. */
static void write_next(struct collector *collector)
{
    struct flush *flush = STAILQ_FIRST(&collector->queue);
    struct store_writer_request request = {
        .prepare = flush_prepare, .write = flush_write, .done = on_written, .arg = collector};

    /* what had no room in the queue until now */
    if (!flush && collector->ending && !counters_is_empty(collector->current) &&
        rotate(collector, counters_day(collector->current)))
        flush = STAILQ_FIRST(&collector->queue);
    request.data = flush;
    if (!flush && collector->ending)
        say_end(collector, true);
    if (!flush || collector->writing)
        return;
    collector->writing = store_writer_put(collector->writer, &request) == STS_OK;
    if (!collector->writing)
        loop_timer_again(collector->timer, loop_now(collector->loop) + LIMIT_RETRY_MS);
}

/* The one of the current counters. */
static struct flush *make_flush(struct collector *collector)
{
    int64_t now = collector->request.now(), today = store_day_of(now);
    const struct store_session_flush head = {.collector = collector->request.collector,
                                             .run = collector->run,
                                             .number = collector->number + 1,
                                             .at = now};
    bool new_day = collector->pruned != today;
    struct flush *flush = flush_new(collector, &head, new_day ? today - LIMIT_KEEP_DAYS : 0);

    if (flush)
        collector->pruned = today;
    return flush;
}

/* The current counters join the queue; false: there is no room, and they go on. */
static bool rotate(struct collector *collector, int64_t day)
{
    struct counters *fresh;
    struct flush *flush;

    if (collector->queued >= LIMIT_WAITING)
        return false;
    fresh = counters_new(collector, day);
    if (fresh && counters_is_empty(collector->current)) {
        talloc_free(collector->current);
        collector->current = fresh;
        return true;
    }
    flush = fresh ? make_flush(collector) : NULL;
    if (!flush) {
        talloc_free(fresh);
        return false;
    }
    flush_take(flush, collector->current);
    collector->number++;
    collector->current = fresh;
    collector->queued++;
    collector->counts.waiting_bytes += flush->bytes;
    STAILQ_INSERT_TAIL(&collector->queue, flush, next);
    return true;
}

/* Half full is soon full, and what comes then is lost. */
static void write_early(struct collector *collector)
{
    const struct counters *current = collector->current;

    if (!collector->queued &&
        (counters_bytes(current) >= LIMIT_COUNTED_BYTES / 2 ||
         counters_policies(current) >= LIMIT_COUNTED_POLICIES / 2) &&
        rotate(collector, counters_day(current)))
        write_next(collector);
}

static void on_time(void *arg)
{
    struct collector *collector = arg;
    int64_t pause = collector->request.flush_ms ? collector->request.flush_ms : LIMIT_FLUSH_MS;

    for (size_t i = 0; i < SESSION_EVENT_FAULT_COUNT; i++)
        collector->told[i] = false;
    collector->told_full = false;
    if (!collector->queued && !counters_is_empty(collector->current))
        (void)rotate(collector, store_day_of(collector->request.now()));
    loop_timer_again(collector->timer, loop_now(collector->loop) + pause);
    write_next(collector);
}

/* ---- events ---------------------------------------------------------------------------------- */

/* The counters of today; NULL: there is no room for another day. */
static struct counters *todays(struct collector *collector)
{
    int64_t day = store_day_of(collector->request.now());

    if (day == counters_day(collector->current) || rotate(collector, day))
        return collector->current;
    return NULL;
}

static void tell_fault(struct collector *collector, enum session_event_fault fault,
                       struct bytes datagram)
{
    bool *told = &collector->told[fault];

    collector->counts.faults[fault]++;
    if (fault && !*told)
        collector->request.malformed(collector->request.arg, fault, datagram);
    *told |= fault != SESSION_EVENT_NONE;
}

static struct counters *receive(struct collector *collector)
{
    struct counters *counters = todays(collector);

    collector->counts.received++;
    collector->counts.lost += !counters;
    return counters;
}

static void on_received(void *arg, struct bytes datagram, bool complete)
{
    struct collector *collector = arg;
    struct counters *counters = receive(collector);
    size_t repeated = counters ? counters_repeated(counters) : 0;
    int64_t lost = counters ? counters_collected(counters).lost : 0;

    if (counters && !complete) {
        collector->counts.truncated++;
        counters_truncated(counters);
    } else if (counters) {
        tell_fault(collector, counters_add(counters, datagram), datagram);
        collector->counts.repeated += counters_repeated(counters) - repeated;
        collector->counts.lost += (uint64_t)(counters_collected(counters).lost - lost);
        write_early(collector);
    }
}

void collector_take(struct collector *collector, struct bytes datagram)
{
    on_received(collector, datagram, true);
}

void collector_refuse(struct collector *collector, enum session_event_fault fault)
{
    struct counters *counters = receive(collector);
    bool lost = fault == SESSION_EVENT_NONE || fault == SESSION_EVENT_NO_MEMORY;

    if (!counters)
        return;
    collector->counts.faults[fault] += fault != SESSION_EVENT_NONE;
    collector->counts.lost += lost;
    counters_refuse(counters, lost ? SESSION_EVENT_NO_MEMORY : fault);
}

static void on_read(void *arg, size_t waiting)
{
    struct collector *collector = arg;

    if (!collector->queue_length || waiting <= (size_t)collector->queue_length)
        return;
    collector->counts.full++;
    if (!collector->told_full)
        collector->request.full(collector->request.arg);
    collector->told_full = true;
}

/* ---- beginning and end ----------------------------------------------------------------------- */

static enum sts_status listen(struct collector *collector)
{
    const struct collector_request *request = &collector->request;
    enum sts_status status = STS_OK;

    collector->sockets = talloc_zero_array(collector, struct datagrams *, request->socket_count);
    if (!collector->sockets)
        return STS_E_NOMEM;
    for (size_t i = 0; !status && i < request->socket_count; i++) {
        const struct datagrams_request datagrams = {.fd = request->sockets[i],
                                                    .size = LIMIT_DATAGRAM,
                                                    .batch = LIMIT_BATCH,
                                                    .turn = LIMIT_TURN,
                                                    .received = on_received,
                                                    .read = on_read,
                                                    .arg = collector};

        status = datagrams_start(collector->sockets, collector->loop, &datagrams,
                                 &collector->sockets[i]);
    }
    return status;
}

static bool name_run(char run[RUN_SIZE])
{
    unsigned char bytes[(RUN_SIZE - 1) / 2];

    if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
        return false;
    for (size_t i = 0; i < sizeof(bytes); i++)
        (void)snprintf(run + 2 * i, 3, "%02x", bytes[i]);
    return true;
}

static enum sts_status begin(struct collector *collector)
{
    enum sts_status status =
        store_writer_new(collector, collector->loop, collector->request.store, &collector->writer);

    collector->current = counters_new(collector, store_day_of(collector->request.now()));
    if (!status && (!collector->current || !name_run(collector->run)))
        status = STS_E_NOMEM;
    if (!status)
        status =
            loop_timer_start(collector, collector->loop, loop_now(collector->loop) + LIMIT_FLUSH_MS,
                             on_time, collector, &collector->timer);
    return status ? status : listen(collector);
}

enum sts_status collector_start(TALLOC_CTX *ctx, struct loop *loop,
                                const struct collector_request *request, struct collector **ret)
{
    struct collector *collector = talloc_zero(ctx, struct collector);
    enum sts_status status;

    if (!collector)
        return STS_E_NOMEM;
    collector->request = *request;
    collector->loop = loop;
    collector->retry_ms = LIMIT_RETRY_MS;
    collector->queue_length = datagrams_queue();
    STAILQ_INIT(&collector->queue);
    status = begin(collector);
    if (status)
        talloc_free(collector);
    else
        *ret = collector;
    return status;
}

struct collector_counts collector_counts(const struct collector *collector)
{
    struct collector_counts counts = collector->counts;

    counts.waiting_bytes += counters_bytes(collector->current);
    return counts;
}

static void on_late(void *arg)
{
    struct collector *collector = arg;

    if (collector->ending)
        say_end(collector, false);
}

void collector_end(struct collector *collector)
{
    int64_t now = loop_now(collector->loop);

    for (size_t i = 0; i < collector->request.socket_count; i++) {
        datagrams_drain(collector->sockets[i]);
        TALLOC_FREE(collector->sockets[i]);
    }
    collector->ending = true;
    if (!counters_is_empty(collector->current))
        (void)rotate(collector, counters_day(collector->current));
    if (loop_timer_start(collector, collector->loop, now + LIMIT_END_MS, on_late, collector,
                         &collector->end) != STS_OK)
        say_end(collector, false);
    else
        loop_timer_again(collector->timer, now);
}
