/* SPDX-License-Identifier: MIT */
/* receiver_read.c - reports out of a set, by the parser that has nothing to lose.
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
    struct reception *reception = ((struct receiver_reader *)arg)->reception;
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
    struct reception *reception = ((struct receiver_reader *)arg)->reception;
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
static bool begin_reading(struct receiver_reader *reader, struct reception *reception)
{
    struct fault fault = {.status = STS_E_NOMEM};
    int64_t now = clock_monotonic_ms();

    if (reader->reading && (!reader->verify || now < reader->keys_until))
        return true;
    TALLOC_FREE(reader->reading);
    reader->reading = talloc_new(NULL);
    reader->parser = reader->reading ? parser_new(reader->reading) : NULL;
    reader->keys_until = now + KEYS_MS;
    reader->sink =
        (struct intake_sink){on_report, on_rejected, reader, reader->parser, PARSER_TEXT};
    if (reader->parser &&
        verify_sender_open(reader->reading, reader->verify, &reader->sink, &fault) == STS_OK)
        return true;
    reception->status = fault.status;
    TALLOC_FREE(reader->reading);
    return false;
}

static void read_item(struct receiver_reader *reader, struct reception *reception,
                      struct receiver_item *item)
{
    struct intake_result result = {0};

    reception->item = item;
    intake_whole(&reader->sink, item->source, item->bytes, item->mail, &result);
    reception->set->faults += result.faults;
    if (result.no_memory)
        reception->status = STS_E_NOMEM;
}

void receiver_read(void *data)
{
    struct reception *reception = data;
    struct receiver_reader *reader = reception->reader;
    struct receiver_set *set = reception->set;

    reader->reception = reception;
    if (!begin_reading(reader, reception))
        return;
    for (size_t i = 0; i < set->count && reception->status == STS_OK; i++)
        read_item(reader, reception, &set->items[i]);
    reader->reception = NULL;
}
