/* SPDX-License-Identifier: MIT */
/* receiver.c - sets of messages: read on a thread, written by the writer, told in the loop.
 *
 * One thread reads, with one parser.  The keys of DKIM that were asked for are kept for an hour:
 * a service lives longer than a key. */
#include "app/receiver.h"

#include <string.h>
#include <sys/queue.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "event/jobs.h"
#include "history/stored_reports.h"
#include "intake/parser.h"
#include "store/mailboxes.h"
#include "store/writer.h"

#define KEYS_MS 3600000
#define BYTES_MAX                                                                                  \
    ((size_t)256 << 20) /* that wait or are under way: two of the largest messages                 \
                         */
#define SETS_MAX 4096

/* ---- what was read --------------------------------------------------------------------------- */

struct received_report {
    STAILQ_ENTRY(received_report) link;
    struct sts_report *report;
    struct receiver_item *item;
    struct intake_source source;
    struct sts_report_origin origin;
};

struct received_rejection {
    STAILQ_ENTRY(received_rejection) link;
    struct receiver_item *item;
    const char *part, *why, *detail;
};

/* A set on its way; all hangs on it. */
struct reception {
    struct receiver *receiver;
    struct receiver_set *set;
    struct receiver_item *item; /* that is being read */
    STAILQ_HEAD(, received_report) reports;
    STAILQ_HEAD(, received_rejection) rejections;
    enum sts_status status; /* of the reading */
    char *why;              /* it could not begin: a sentence */
};

/* What the loop knows of it. */
struct reception_ticket {
    struct receiver *receiver;
    TAILQ_ENTRY(reception_ticket) link;
    struct jobs_handle *job;
    size_t bytes;
    receiver_done_fn done; /* NULL: forgotten */
    void *arg;
};

struct receiver {
    struct jobs *jobs;
    struct store_writer *writer;
    size_t bytes, count; /* under way */
    TAILQ_HEAD(, reception_ticket) tickets;
    /* the worker's: */
    const struct verify_sender_request *verify;
    TALLOC_CTX *reading; /* parser and keys; NULL: not begun */
    struct parser *parser;
    struct intake_sink sink;
    int64_t keys_until;
    struct reception *reception; /* that is being read */
};

/* ---- in the worker --------------------------------------------------------------------------- */

static int report_drop(struct received_report *received)
{
    sts_report_free(received->report);
    return 0;
}

static const char *copy(TALLOC_CTX *ctx, const char *text, bool *memory)
{
    const char *own = text ? talloc_strdup(ctx, text) : NULL;

    *memory = *memory && (own || !text);
    return own;
}

/* What of a source outlives the callback. */
static bool copy_source(struct received_report *to, const struct intake_source *from)
{
    const struct sts_report_origin *origin = from->origin;
    bool memory = true;

    to->origin = (struct sts_report_origin){
        copy(to, origin->header_domain, &memory), copy(to, origin->header_submitter, &memory),
        copy(to, origin->subject, &memory), copy(to, origin->file_name, &memory)};
    to->source = (struct intake_source){
        .path = copy(to, from->path, &memory),
        .part = copy(to, from->part, &memory),
        .received = from->received,
        .deviations = from->deviations,
        .text = {talloc_memdup(to, from->text.data, from->text.length), from->text.length},
        .origin = &to->origin,
        .trust = copy(to, from->trust, &memory)};
    return memory && (to->source.text.data || !from->text.length);
}

static void on_report(void *arg, struct sts_report *report, const struct intake_source *source)
{
    struct reception *reception = ((struct receiver *)arg)->reception;
    struct received_report *received = talloc_zero(reception, struct received_report);

    if (!received) {
        sts_report_free(report);
        reception->status = STS_E_NOMEM;
        return;
    }
    received->report = report;
    received->item = reception->item;
    talloc_set_destructor(received, report_drop);
    if (!copy_source(received, source))
        reception->status = STS_E_NOMEM;
    STAILQ_INSERT_TAIL(&reception->reports, received, link);
}

static void on_rejected(void *arg, const struct intake_source *source, const char *why,
                        const char *detail)
{
    struct reception *reception = ((struct receiver *)arg)->reception;
    /* On the set, since whoever gets that reads the reason. */
    struct received_rejection *rejection = talloc_zero(reception->set, struct received_rejection);
    bool memory = rejection;

    if (memory) {
        /* A reason lives no longer than the parser. */
        *rejection = (struct received_rejection){.item = reception->item,
                                                 .part = copy(rejection, source->part, &memory),
                                                 .why = copy(rejection, why, &memory),
                                                 .detail = copy(rejection, detail, &memory)};
        STAILQ_INSERT_TAIL(&reception->rejections, rejection, link);
    }
    if (!memory)
        reception->status = STS_E_NOMEM;
}

/* The parser, and the sink that verifies senders, made anew when its keys are old. */
static bool begin_reading(struct receiver *receiver, struct reception *reception)
{
    struct fault fault = {.status = STS_E_NOMEM};
    int64_t now = clock_monotonic_ms();

    if (receiver->reading && (!receiver->verify || now < receiver->keys_until))
        return true;
    TALLOC_FREE(receiver->reading);
    receiver->reading = talloc_new(NULL);
    receiver->parser = receiver->reading ? parser_new(receiver->reading) : NULL;
    receiver->keys_until = now + KEYS_MS;
    receiver->sink =
        (struct intake_sink){on_report, on_rejected, receiver, receiver->parser, PARSER_TEXT};
    if (receiver->parser &&
        verify_sender_open(receiver->reading, receiver->verify, &receiver->sink, &fault) == STS_OK)
        return true;
    reception->why = fault.why ? talloc_strdup(reception, fault.why) : NULL;
    reception->status = fault.status;
    TALLOC_FREE(receiver->reading);
    return false;
}

static void read_item(struct receiver *receiver, struct reception *reception,
                      struct receiver_item *item)
{
    struct intake_result result = {0};

    reception->item = item;
    intake_whole(&receiver->sink, item->source, item->bytes, item->mail, &result);
    reception->set->faults += result.faults;
    if (result.no_memory)
        reception->status = STS_E_NOMEM;
}

static void read_set(void *data)
{
    struct reception *reception = data;
    struct receiver *receiver = reception->receiver;
    struct receiver_set *set = reception->set;

    receiver->reception = reception;
    if (!begin_reading(receiver, reception))
        return;
    for (size_t i = 0; i < set->count && reception->status == STS_OK; i++)
        read_item(receiver, reception, &set->items[i]);
    receiver->reception = NULL;
}

/* ---- in the writer --------------------------------------------------------------------------- */

static void reject(struct receiver_item *item, const char *why, const char *detail)
{
    item->rejected++;
    if (item->why)
        return;
    item->why = why;
    item->detail = detail;
}

/* Of a policy that names the MX host either name counts. */
static enum sts_status is_known(struct store *store, const struct sts_report *report, bool *ret)
{
    size_t count;
    const struct sts_report_policy *policies = sts_report_policies(report, &count);
    enum sts_status status = STS_OK;

    *ret = false;
    for (size_t i = 0; status == STS_OK && !*ret && i < count; i++) {
        if (policies[i].domain)
            status = store_knows_domain(store, policies[i].domain, ret);
        if (status == STS_OK && !*ret && policies[i].recipient)
            status = store_knows_domain(store, policies[i].recipient, ret);
    }
    return status;
}

static enum sts_status write_report(struct store *store, const struct received_report *received,
                                    const struct receiver_set *set)
{
    struct receiver_item *item = received->item;
    enum store_added added;
    bool known = true;
    enum sts_status status = set->known_only ? is_known(store, received->report, &known) : STS_OK;

    if (status == STS_OK && !known) {
        reject(item, N_("none of its domains is known here"), NULL);
        return STS_OK;
    }
    if (status == STS_OK)
        status = stored_report_put(store, received->report, &received->source, set->now, &added);
    if (status == STS_E_LIMIT) {
        reject(item, N_("it has too many policies for the store"), NULL);
        return STS_OK;
    }
    if (status)
        return status;
    item->added += added == STORE_NEW;
    item->duplicates += added == STORE_DUPLICATE;
    item->revisions += added == STORE_REVISION;
    return STS_OK;
}

static enum sts_status write_rejection(struct store *store,
                                       const struct received_rejection *rejection, int64_t now)
{
    const struct store_rejected rejected = {.at = now,
                                            .source = rejection->item->source,
                                            .part = rejection->part,
                                            .why = rejection->why,
                                            .detail = rejection->detail};

    reject(rejection->item, rejection->why, rejection->detail);
    return store_add_rejected(store, &rejected);
}

static void clear(struct receiver_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        set->items[i] = (struct receiver_item){.bytes = set->items[i].bytes,
                                               .source = set->items[i].source,
                                               .mail = set->items[i].mail};
}

static void conclude(struct receiver_item *item)
{
    if (item->rejected)
        item->outcome = RECEIVER_REJECTED;
    else if (item->added || item->revisions)
        item->outcome = RECEIVER_STORED;
    else
        item->outcome = item->duplicates ? RECEIVER_SEEN : RECEIVER_FOREIGN;
}

/* May be called twice, where the first batch was given up. */
static enum sts_status write_set(struct store *store, void *data)
{
    struct reception *reception = data;
    struct receiver_set *set = reception->set;
    const struct received_report *received;
    const struct received_rejection *rejection;
    enum sts_status status = STS_OK;

    clear(set);
    STAILQ_FOREACH(received, &reception->reports, link)
    if (!status)
        status = write_report(store, received, set);
    STAILQ_FOREACH(rejection, &reception->rejections, link)
    if (!status)
        status = write_rejection(store, rejection, set->now);
    for (size_t i = 0; i < set->count; i++)
        conclude(&set->items[i]);
    return status || !set->also ? status : set->also(store, set->also_arg);
}

/* ---- in the loop ----------------------------------------------------------------------------- */

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

static void on_read(void *arg, void *data)
{
    struct reception_ticket *ticket = arg;
    struct reception *reception = data;
    const struct store_writer_request request = {
        .write = write_set, .done = on_written, .data = reception, .arg = ticket};
    enum sts_status status = reception->status;

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

static struct reception *reception_new(struct receiver *receiver, struct receiver_set *set)
{
    struct reception *reception = talloc_zero(NULL, struct reception);

    if (!reception)
        return NULL;
    reception->receiver = receiver;
    reception->set = set;
    STAILQ_INIT(&reception->reports);
    STAILQ_INIT(&reception->rejections);
    return reception;
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
    reception = ticket ? reception_new(receiver, set) : NULL;
    if (reception) {
        const struct jobs_request job = {
            .work = read_set, .done = on_read, .data = reception, .arg = ticket};

        ticket->done = done;
        ticket->arg = arg;
        talloc_steal(reception, set);
        status = jobs_start(ticket, receiver->jobs, &job, &ticket->job);
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

static int receiver_drop(struct receiver *receiver)
{
    TALLOC_FREE(receiver->jobs); /* waits for the worker */
    TALLOC_FREE(receiver->reading);
    return 0;
}

enum sts_status receiver_new(TALLOC_CTX *ctx, const struct receiver_request *request,
                             struct receiver **ret)
{
    struct receiver *receiver = talloc_zero(ctx, struct receiver);

    if (!receiver)
        return STS_E_NOMEM;
    receiver->writer = request->writer;
    receiver->verify = request->verify;
    TAILQ_INIT(&receiver->tickets);
    talloc_set_destructor(receiver, receiver_drop);
    if (jobs_new(receiver, request->loop, 1, &receiver->jobs) != STS_OK) {
        talloc_free(receiver);
        return STS_E_NOMEM;
    }
    *ret = receiver;
    return STS_OK;
}
