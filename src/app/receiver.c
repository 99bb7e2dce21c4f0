/* SPDX-License-Identifier: MIT */
/* receiver.c - sets of messages: read by threads, written by the writer, told in the loop. */
#include "app/receiver.h"

#include <sys/queue.h>

#include "app/receiver_work.h"
#include "event/jobs.h"
#include "store/writer.h"

#define BYTES_MAX                                                                                  \
    ((size_t)256 << 20) /* that wait or are under way: two of the largest messages                 \
                         */
#define SETS_MAX 4096
#define TOGETHER_MAX                                                                               \
    64 /* sets that are read in one job: some milliseconds, for the others' sake                   \
        */

/* A reader and its thread. */
struct receiver_lane {
    struct receiver *receiver;
    struct jobs *jobs;
    struct receiver_reader reader;
    struct jobs_handle *job; /* NULL: it has nothing to do */
};

/* What the loop knows of a set. */
struct reception_ticket {
    struct receiver *receiver;
    TAILQ_ENTRY(reception_ticket) link;
    size_t bytes;
    receiver_done_fn done; /* NULL: forgotten */
    void *arg;
};

struct receiver {
    struct store_writer *writer;
    size_t bytes, count; /* under way */
    TAILQ_HEAD(, reception_ticket) tickets;
    struct reception_list waiting; /* to be read */
    struct receiver_lane *lanes;
    size_t lane_count;
};

static int ticket_drop(struct reception_ticket *ticket)
{
    struct receiver *receiver = ticket->receiver;

    receiver->bytes -= ticket->bytes;
    receiver->count--;
    TAILQ_REMOVE(&receiver->tickets, ticket, link);
    return 0;
}

static void tell(struct reception_ticket *ticket, struct receiver_set *set, enum sts_status status,
                 const struct store_fault *fault)
{
    receiver_done_fn done = ticket->done;
    void *arg = ticket->arg;

    talloc_free(ticket);
    if (done)
        done(arg, set, status, fault);
}

static void on_written(void *arg, void *data, enum sts_status status,
                       const struct store_fault *fault)
{
    struct reception *reception = data;

    tell(arg, reception->set, status, fault);
}

/* It was read: to the writer. */
static void pass_on(struct receiver *receiver, struct reception *reception)
{
    struct reception_ticket *ticket = reception->ticket;
    const struct store_writer_request request = {
        .write = receiver_write, .done = on_written, .data = reception, .arg = ticket};
    enum sts_status status = reception->status;

    if (status == STS_OK)
        status = store_writer_put(receiver->writer, &request);
    if (status == STS_OK)
        return;
    tell(ticket, reception->set, status, NULL);
    talloc_free(reception);
}

static void start_reading(struct receiver *receiver);

static void on_read(void *arg, void *data)
{
    struct receiver_lane *lane = arg;
    struct receiver_job *job = talloc_steal(NULL, data);
    struct receiver *receiver = lane->receiver;
    struct reception *reception;

    TALLOC_FREE(lane->job);
    start_reading(receiver);
    while ((reception = STAILQ_FIRST(&job->list))) {
        STAILQ_REMOVE_HEAD(&job->list, link);
        (void)talloc_steal(NULL, reception);
        pass_on(receiver, reception);
    }
    talloc_free(job);
}

static size_t bytes_in(const struct receiver_set *set)
{
    size_t bytes = 0;

    for (size_t i = 0; i < set->count; i++)
        bytes += set->items[i].bytes.length;
    return bytes;
}

static struct reception_ticket *ticket_new(struct receiver *receiver, size_t bytes)
{
    struct reception_ticket *ticket = talloc_zero(receiver, struct reception_ticket);

    if (!ticket)
        return NULL;
    ticket->receiver = receiver;
    ticket->bytes = bytes;
    receiver->bytes += bytes;
    receiver->count++;
    TAILQ_INSERT_TAIL(&receiver->tickets, ticket, link);
    talloc_set_destructor(ticket, ticket_drop);
    return ticket;
}

static struct reception *reception_new(struct reception_ticket *ticket, struct receiver_set *set)
{
    struct reception *reception = talloc_zero(NULL, struct reception);

    if (!reception)
        return NULL;
    reception->ticket = ticket;
    reception->set = set;
    STAILQ_INIT(&reception->reports);
    STAILQ_INIT(&reception->rejections);
    return reception;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* What waits, as much as is read together; NULL: no memory. */
static struct receiver_job *next_job(struct receiver_lane *lane)
{
    struct receiver *receiver = lane->receiver;
    struct receiver_job *job = talloc_zero(NULL, struct receiver_job);
    struct reception *reception;

    if (!job)
        return NULL;
    job->reader = &lane->reader;
    STAILQ_INIT(&job->list);
    for (int i = 0; i < TOGETHER_MAX && (reception = STAILQ_FIRST(&receiver->waiting)); i++) {
        STAILQ_REMOVE_HEAD(&receiver->waiting, link);
        STAILQ_INSERT_TAIL(&job->list, talloc_steal(job, reception), link);
    }
    return job;
}

/* Back to where they were. */
static void give_back(struct receiver *receiver, struct receiver_job *job)
{
    struct reception *reception;

    STAILQ_FOREACH(reception, &job->list, link)(void) talloc_steal(receiver, reception);
    STAILQ_CONCAT(&job->list, &receiver->waiting);
    STAILQ_CONCAT(&receiver->waiting, &job->list);
    talloc_free(job);
}

/* False: no memory. */
static bool start_lane(struct receiver_lane *lane)
{
    struct jobs_request request = {.work = receiver_read, .done = on_read, .arg = lane};
    struct receiver_job *job = next_job(lane);

    request.data = job;
    if (job && jobs_start(lane->receiver, lane->jobs, &request, &lane->job) == STS_OK)
        return true;
    if (job)
        give_back(lane->receiver, job);
    return false;
}

/* Without memory it is tried again with the next set, or when another lane is free. */
static void start_reading(struct receiver *receiver)
{
    bool good = true;

    for (size_t i = 0; good && i < receiver->lane_count && !STAILQ_EMPTY(&receiver->waiting); i++)
        if (!receiver->lanes[i].job)
            good = start_lane(&receiver->lanes[i]);
}

enum sts_status receiver_take(struct receiver *receiver, struct receiver_set *set,
                              receiver_done_fn done, void *arg)
{
    size_t bytes = bytes_in(set);
    struct reception_ticket *ticket;
    struct reception *reception;

    if (receiver->count == SETS_MAX || (receiver->count && receiver->bytes + bytes > BYTES_MAX))
        return STS_E_LIMIT;
    ticket = ticket_new(receiver, bytes);
    reception = ticket ? reception_new(ticket, set) : NULL;
    if (!reception) {
        talloc_free(ticket);
        return STS_E_NOMEM;
    }
    ticket->done = done;
    ticket->arg = arg;
    (void)talloc_steal(reception, set);
    STAILQ_INSERT_TAIL(&receiver->waiting, talloc_steal(receiver, reception), link);
    start_reading(receiver);
    return STS_OK;
}

void receiver_forget(struct receiver *receiver, const void *arg)
{
    struct reception_ticket *ticket;

    TAILQ_FOREACH(ticket, &receiver->tickets, link)
    if (ticket->arg == arg)
        ticket->done = NULL;
}

/* Waits for the threads. */
static int receiver_drop(struct receiver *receiver)
{
    for (size_t i = 0; i < receiver->lane_count; i++) {
        TALLOC_FREE(receiver->lanes[i].jobs);
        TALLOC_FREE(receiver->lanes[i].reader.reading);
    }
    return 0;
}

static enum sts_status add_lane(struct receiver *receiver, const struct receiver_request *request)
{
    struct receiver_lane *lane = &receiver->lanes[receiver->lane_count++];

    lane->receiver = receiver;
    lane->reader.verify = request->verify;
    return jobs_new(receiver, request->loop, 1, &lane->jobs);
}

enum sts_status receiver_new(TALLOC_CTX *ctx, const struct receiver_request *request,
                             struct receiver **ret)
{
    struct receiver *receiver = talloc_zero(ctx, struct receiver);
    size_t readers = request->readers ? request->readers : 1;
    enum sts_status status = STS_OK;

    if (!receiver)
        return STS_E_NOMEM;
    receiver->writer = request->writer;
    TAILQ_INIT(&receiver->tickets);
    STAILQ_INIT(&receiver->waiting);
    talloc_set_destructor(receiver, receiver_drop);
    receiver->lanes = talloc_zero_array(receiver, struct receiver_lane, (unsigned)readers);
    for (size_t i = 0; status == STS_OK && receiver->lanes && i < readers; i++)
        status = add_lane(receiver, request);
    if (status != STS_OK || !receiver->lanes) {
        talloc_free(receiver);
        return STS_E_NOMEM;
    }
    *ret = receiver;
    return STS_OK;
}
