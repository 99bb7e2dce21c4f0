/* SPDX-License-Identifier: MIT */
/* receiver_read.c - reports out of sets, by the parser that has nothing to lose.
 *
 * Each time that we wait for the parser, or it for us, the machine may first do other work.  So it
 * gets all that there is to read before anything is waited for, and the sink of each item tells
 * what belongs to it.  Only where senders are verified, which needs the whole message while its
 * reports are there, one item is waited for after the other.
 *
 * The keys of DKIM that were asked for are kept for an hour: a service lives longer than a key. */
#include "app/receiver_work.h"

#include "base/clock.h"
#include "intake/parser.h"

#define KEYS_MS 3600000

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
    const struct reading_item *reading = *(struct reading_item **)arg;
    struct reception *reception = reading->reception;
    struct received_report *received = talloc_zero(reception, struct received_report);

    if (!received) {
        sts_report_free(report);
        reception->status = STS_E_NOMEM;
        return;
    }
    received->report = report;
    received->item = reading->item;
    talloc_set_destructor(received, report_drop);
    if (!copy_source(received, source))
        reception->status = STS_E_NOMEM;
    STAILQ_INSERT_TAIL(&reception->reports, received, link);
}

static void on_rejected(void *arg, const struct intake_source *source, const char *why,
                        const char *detail)
{
    const struct reading_item *reading = *(struct reading_item **)arg;
    struct reception *reception = reading->reception;
    /* On the set, since whoever gets that reads the reason. */
    struct received_rejection *rejection = talloc_zero(reception->set, struct received_rejection);
    bool memory = rejection;

    if (memory) {
        /* A reason lives no longer than the parser. */
        *rejection = (struct received_rejection){.item = reading->item,
                                                 .part = copy(rejection, source->part, &memory),
                                                 .why = copy(rejection, why, &memory),
                                                 .detail = copy(rejection, detail, &memory)};
        STAILQ_INSERT_TAIL(&reception->rejections, rejection, link);
    }
    if (!memory)
        reception->status = STS_E_NOMEM;
}

/* The parser, and the sink that verifies senders, made anew when its keys are old. */
static enum sts_status begin_reading(struct receiver_reader *reader)
{
    struct fault fault = {.status = STS_E_NOMEM};
    int64_t now = clock_monotonic_ms();

    if (reader->reading && (!reader->verify || now < reader->keys_until))
        return STS_OK;
    TALLOC_FREE(reader->reading);
    reader->reading = talloc_new(NULL);
    reader->parser = reader->reading ? parser_new(reader->reading) : NULL;
    reader->keys_until = now + KEYS_MS;
    reader->sink =
        (struct intake_sink){on_report, on_rejected, &reader->item, reader->parser, PARSER_TEXT};
    if (reader->parser &&
        verify_sender_open(reader->reading, reader->verify, &reader->sink, &fault) == STS_OK)
        return STS_OK;
    TALLOC_FREE(reader->reading);
    return fault.status;
}

static void read_item(struct receiver_reader *reader, struct reading_item *one)
{
    const struct receiver_item *item = one->item;

    if (!reader->verify) {
        one->sink = reader->sink;
        one->sink.arg = &one->self;
        intake_hand(&one->sink, item->source, item->bytes, item->mail, &one->result);
        return;
    }
    reader->item = one;
    intake_whole(&reader->sink, item->source, item->bytes, item->mail, &one->result);
    reader->item = NULL;
}

static void read_set(struct receiver_reader *reader, struct reception *reception)
{
    struct receiver_set *set = reception->set;

    reception->items = talloc_zero_array(reception, struct reading_item, (unsigned)set->count);
    if (!reception->items)
        reception->status = STS_E_NOMEM;
    for (size_t i = 0; i < set->count && reception->status == STS_OK; i++) {
        struct reading_item *one = &reception->items[i];

        *one = (struct reading_item){.reception = reception, .item = &set->items[i], .self = one};
        read_item(reader, one);
    }
}

/* Nothing more comes of it. */
static void conclude(struct reception *reception)
{
    for (size_t i = 0; reception->items && i < reception->set->count; i++) {
        const struct intake_result *result = &reception->items[i].result;

        reception->set->faults += result->faults;
        if (result->no_memory)
            reception->status = STS_E_NOMEM;
    }
    TALLOC_FREE(reception->items);
}

void receiver_read(void *data)
{
    struct receiver_job *job = data;
    enum sts_status status = begin_reading(job->reader);
    struct reception *reception;

    STAILQ_FOREACH(reception, &job->list, link)
    {
        reception->status = status;
        if (status == STS_OK)
            read_set(job->reader, reception);
    }
    if (status == STS_OK)
        parser_drain(job->reader->parser);
    STAILQ_FOREACH(reception, &job->list, link) conclude(reception);
}
