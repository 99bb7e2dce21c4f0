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

/* A reader and its thread. */
struct receiver_lane {
    struct jobs *jobs;
    struct receiver_reader reader;
    size_t count; /* sets that it has to read */
};

/* What the loop knows of a set. */
struct reception_ticket {
    struct receiver *receiver;
    TAILQ_ENTRY(reception_ticket) link;
    struct receiver_lane *lane; /* NULL: it was read */
    struct jobs_handle *job;
    size_t bytes;
    receiver_done_fn done; /* NULL: forgotten */
    void *arg;
};

struct receiver {
    struct store_writer *writer;
    size_t bytes, count; /* under way */
    TAILQ_HEAD(, reception_ticket) tickets;
    struct receiver_lane *lanes;
    size_t lane_count;
};

static void leave_lane(struct reception_ticket *ticket)
{
    if (ticket->lane)
        ticket->lane->count--;
    ticket->lane = NULL;
}

static int ticket_drop(struct reception_ticket *ticket)
{
    struct receiver *receiver = ticket->receiver;

    leave_lane(ticket);
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

static void on_read(void *arg, void *data)
{
    struct reception_ticket *ticket = arg;
    struct reception *reception = data;
    const struct store_writer_request request = {
        .write = receiver_write, .done = on_written, .data = reception, .arg = ticket};
    enum sts_status status = reception->status;

    leave_lane(ticket);
    if (status == STS_OK)
        status = store_writer_put(ticket->receiver->writer, &request);
    if (status == STS_OK)
        return;
    (void)talloc_steal(NULL, reception); /* it hangs on the ticket */
    tell(ticket, reception->set, status, NULL);
    talloc_free(reception);
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

/* The one with the least to read. */
static struct receiver_lane *free_lane(struct receiver *receiver)
{
    struct receiver_lane *best = &receiver->lanes[0];

    for (size_t i = 1; i < receiver->lane_count; i++)
        if (receiver->lanes[i].count < best->count)
            best = &receiver->lanes[i];
    return best;
}

static struct reception *reception_new(struct receiver_set *set)
{
    struct reception *reception = talloc_zero(NULL, struct reception);

    if (!reception)
        return NULL;
    reception->set = set;
    STAILQ_INIT(&reception->reports);
    STAILQ_INIT(&reception->rejections);
    return reception;
}

static enum sts_status start_reading(struct reception_ticket *ticket, struct reception *reception)
{
    struct receiver_lane *lane = free_lane(ticket->receiver);
    const struct jobs_request job = {
        .work = receiver_read, .done = on_read, .data = reception, .arg = ticket};
    enum sts_status status;

    reception->reader = &lane->reader;
    status = jobs_start(ticket, lane->jobs, &job, &ticket->job);
    if (status == STS_OK) {
        ticket->lane = lane;
        lane->count++;
    }
    return status;
}

enum sts_status receiver_take(struct receiver *receiver, struct receiver_set *set,
                              receiver_done_fn done, void *arg)
{
    size_t bytes = bytes_in(set);
    struct reception_ticket *ticket;
    struct reception *reception;
    TALLOC_CTX *owner = talloc_parent(set);
    enum sts_status status = STS_E_NOMEM;

    if (receiver->count == SETS_MAX || (receiver->count && receiver->bytes + bytes > BYTES_MAX))
        return STS_E_LIMIT;
    ticket = ticket_new(receiver, bytes);
    reception = ticket ? reception_new(set) : NULL;
    if (reception) {
        ticket->done = done;
        ticket->arg = arg;
        talloc_steal(reception, set);
        status = start_reading(ticket, reception);
    }
    if (status != STS_OK) {
        talloc_steal(owner, set);
        talloc_free(reception);
        talloc_free(ticket);
    }
    return status;
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
