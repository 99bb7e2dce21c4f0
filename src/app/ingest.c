/* SPDX-License-Identifier: MIT */
/* ingest.c - reports into the store, batch by batch. */
#include "app/ingest.h"

#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "history/stored_reports.h"
#include "intake/parser.h"

#define BATCH_REPORTS 1000
#define BATCH_BYTES   (16u << 20)
#define BATCH_MS      2000

struct batch {
    bool open;
    size_t reports, bytes;
    int64_t until; /* of clock_monotonic_ms() */
    size_t count[STORE_REVISION + 1];
};

struct ingest {
    const struct ingest_request *request;
    TALLOC_CTX *ctx; /* of what is listed */
    struct parser *parser;
    struct intake_result result;
    struct ingested *found;
    struct batch batch;
    bool failed; /* fault() was called */
};

static void tell_fault(struct ingest *ingest, const struct fault *fault)
{
    ingest->failed = true;
    ingest->request->fault(ingest->request->arg, fault);
}

/* ---- batches --------------------------------------------------------------------------------- */

/* Nothing more is read then. */
static void fail(struct ingest *ingest, enum sts_status status)
{
    struct store *store = ingest->request->store;

    store_rollback(store);
    ingest->batch = (struct batch){.open = false};
    ingest->result.stop = true;
    tell_fault(ingest, &(struct fault){.status = status, .store = store});
}

static void begin(struct ingest *ingest)
{
    enum sts_status status = store_begin(ingest->request->store);

    ingest->batch = (struct batch){.open = !status, .until = clock_monotonic_ms() + BATCH_MS};
    if (status)
        fail(ingest, status);
}

static void commit(struct ingest *ingest)
{
    const struct ingest_request *request = ingest->request;
    struct ingested *found = ingest->found;
    enum sts_status status;

    if (!ingest->batch.open)
        return;
    status = store_commit(request->store);
    if (status) {
        fail(ingest, status);
        return;
    }
    found->added += ingest->batch.count[STORE_NEW];
    found->duplicates += ingest->batch.count[STORE_DUPLICATE];
    found->revisions += ingest->batch.count[STORE_REVISION];
    ingest->batch.open = false;
    if (request->progress)
        request->progress(request->arg, found->added + found->duplicates + found->revisions);
}

static bool is_full(const struct batch *batch)
{
    return batch->reports >= BATCH_REPORTS || batch->bytes >= BATCH_BYTES ||
           clock_monotonic_ms() >= batch->until;
}

/* ---- one report ------------------------------------------------------------------------------ */

/* count: for how many the entry stands */
static void reject(struct ingest *ingest, const struct intake_source *source, size_t count,
                   const char *why, const char *detail)
{
    struct ingested *found = ingest->found;

    found->rejected_count += count;
    if (found->listed == INGEST_LISTED_MAX) {
        found->rejected_more += count;
        return;
    }
    found->rejected[found->listed++] =
        (struct report_rejected){talloc_strdup(ingest->ctx, source->path),
                                 source->part ? talloc_strdup(ingest->ctx, source->part) : NULL,
                                 why, detail ? talloc_strdup(ingest->ctx, detail) : NULL};
}

static void on_rejected(void *arg, const struct intake_source *source, const char *why,
                        const char *detail)
{
    reject(arg, source, source->rejections, why, detail);
}

static void keep(struct ingest *ingest, const struct sts_report *report,
                 const struct intake_source *source)
{
    struct batch *batch = &ingest->batch;
    enum store_added added;
    enum sts_status status =
        stored_report_put(ingest->request->store, report, source, ingest->request->now, &added);

    if (status == STS_E_LIMIT) {
        reject(ingest, source, 1, N_("it has too many policies for the store"), NULL);
        return;
    }
    if (status) {
        fail(ingest, status);
        return;
    }
    batch->count[added]++;
    batch->reports++;
    batch->bytes += source->text.length;
    if (is_full(batch))
        commit(ingest);
}

static void on_report(void *arg, struct sts_report *report, const struct intake_source *source)
{
    struct ingest *ingest = arg;

    if (!ingest->failed && !ingest->batch.open)
        begin(ingest);
    if (!ingest->failed)
        keep(ingest, report, source);
    sts_report_free(report);
}

/* ---- all of them ----------------------------------------------------------------------------- */

/* What is read without waiting for somebody. */
static bool is_at_hand(const char *path)
{
    struct stat status;

    return strcmp(path, "-") != 0 && !stat(path, &status) &&
           (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
}

static void read_all(struct ingest *ingest, const struct intake_sink *sink)
{
    const struct ingest_request *request = ingest->request;

    for (size_t i = 0; i < request->path_count && !ingest->result.stop; i++) {
        if (!is_at_hand(request->paths[i]))
            commit(ingest); /* others may write meanwhile */
        intake_path(sink, request->paths[i], &ingest->result);
    }
    if (!ingest->failed)
        commit(ingest);
    if (!ingest->failed && ingest->result.no_memory)
        tell_fault(ingest, &(struct fault){.status = STS_E_NOMEM});
}

static enum sts_status open_sink(struct ingest *ingest, struct intake_sink *ret_sink)
{
    struct fault fault = {.status = STS_E_NOMEM};

    ingest->found->rejected =
        talloc_zero_array(ingest->ctx, struct report_rejected, INGEST_LISTED_MAX);
    ingest->parser = parser_new(ingest->ctx);
    *ret_sink = (struct intake_sink){on_report, on_rejected, ingest, ingest->parser, PARSER_TEXT};
    if (ingest->found->rejected && ingest->parser &&
        verify_sender_open(ingest->ctx, ingest->request->verify, ret_sink, &fault) == STS_OK)
        return STS_OK;
    tell_fault(ingest, &fault);
    return fault.status;
}

enum sts_status ingest_reports(TALLOC_CTX *ctx, const struct ingest_request *request,
                               struct ingested *ret)
{
    struct ingest ingest = {.request = request, .ctx = ctx, .found = ret};
    struct intake_sink sink;
    enum sts_status status;

    *ret = (struct ingested){0};
    status = open_sink(&ingest, &sink);
    if (status)
        return status;
    read_all(&ingest, &sink);
    ret->other_mails = ingest.result.other_mails;
    ret->faults = ingest.result.faults;
    ret->complete = !ingest.failed;
    return STS_OK;
}
