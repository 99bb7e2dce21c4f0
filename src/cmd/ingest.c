/* SPDX-License-Identifier: MIT */
/* ingest.c - put TLS reports into the store.
 *
 * Reports are kept in batches, each one transaction, so whoever kills this finds some batches there
 * and no part of another; running it again adds the rest.  A batch ends by number, by bytes and by
 * time: while it is open nobody else can write.  Nothing outlives its report but the list of what
 * was rejected, which has a ceiling. */
#include "cmd/cmd.h"

#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "cmd/open_store.h"
#include "cmd/textout_options.h"
#include "cmd/console.h"
#include "cmd/verify_sender.h"
#include "history/stored_reports.h"
#include "intake/intake.h"
#include "intake/parser.h"
#include "render/ingest.h"

#define BATCH_REPORTS 1000
#define BATCH_BYTES   (16u << 20)
#define BATCH_MS      2000
#define LISTED_MAX    1000 /* of those rejected; all are counted */

struct batch {
    bool open;
    size_t reports, bytes;
    int64_t until; /* of clock_monotonic_ms() */
    size_t count[STORE_REVISION + 1];
};

struct ingest {
    const struct options *options;
    TALLOC_CTX *ctx;
    struct store *store;
    struct parser *parser;
    struct intake_result result;
    struct ingest_page out;
    struct batch batch;
    int64_t now;
    int status; /* of what has been said; 0: nothing */
};

/* ---- batches --------------------------------------------------------------------------------- */

/* Said once; nothing more is read then. */
static void fail(struct ingest *ingest, enum sts_status status)
{
    store_rollback(ingest->store);
    ingest->batch = (struct batch){.open = false};
    ingest->status = say_store_failure(ingest->store, status);
    ingest->result.stop = true;
}

static void begin(struct ingest *ingest)
{
    enum sts_status status = store_begin(ingest->store);

    ingest->batch = (struct batch){.open = !status, .until = clock_monotonic_ms() + BATCH_MS};
    if (status)
        fail(ingest, status);
}

static void show_progress(const struct ingest *ingest)
{
    const struct ingest_page *out = &ingest->out;
    size_t count = out->added + out->duplicates + out->revisions;
    char *text = talloc_asprintf(
        ingest->ctx, ngettext("%zu report stored ...", "%zu reports stored ...", count), count);

    if (text && !ingest->options->quiet)
        console_progress(text);
    talloc_free(text);
}

static void commit(struct ingest *ingest)
{
    enum sts_status status;

    if (!ingest->batch.open)
        return;
    status = store_commit(ingest->store);
    if (status) {
        fail(ingest, status);
        return;
    }
    ingest->out.added += ingest->batch.count[STORE_NEW];
    ingest->out.duplicates += ingest->batch.count[STORE_DUPLICATE];
    ingest->out.revisions += ingest->batch.count[STORE_REVISION];
    ingest->batch.open = false;
    show_progress(ingest);
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
    struct ingest_page *out = &ingest->out;

    out->rejected_count += count;
    if (out->listed == LISTED_MAX) {
        out->rejected_more += count;
        return;
    }
    out->rejected[out->listed++] =
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
    enum sts_status status = stored_report_put(ingest->store, report, source, ingest->now, &added);

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

    if (!ingest->status && !ingest->batch.open)
        begin(ingest);
    if (!ingest->status)
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

static int read_all(struct ingest *ingest)
{
    struct intake_sink sink = {on_report, on_rejected, ingest, ingest->parser, PARSER_TEXT};
    const struct options *options = ingest->options;
    int status = verify_sender_open(ingest->ctx, options, &sink);

    if (status)
        return status;
    for (size_t i = 0; i < options->operand_count && !ingest->result.stop; i++) {
        if (!is_at_hand(options->operands[i]))
            commit(ingest); /* others may write meanwhile */
        intake_path(&sink, options->operands[i], &ingest->result);
    }
    if (!ingest->status)
        commit(ingest);
    if (!ingest->status && ingest->result.no_memory)
        ingest->status = console_no_memory();
    return 0;
}

static int show(struct ingest *ingest)
{
    struct textout_options options = textout_options_of(ingest->options);
    struct ingest_page *out = &ingest->out;
    int status;

    out->store = store_name(ingest->store);
    out->other_mails = ingest->result.other_mails;
    out->complete = !ingest->status;
    status = ingest->options->json ? console_line(json_ingest(ingest->ctx, out))
                                   : console_text(text_ingest(ingest->ctx, out, &options));
    status = exit_status_worse(status, console_faults(ingest->result.faults));
    return exit_status_worse(exit_status_worse(status, ingest->status),
                             out->rejected_count ? 1 : 0);
}

int cmd_ingest(TALLOC_CTX *ctx, const struct options *options)
{
    struct ingest ingest = {.options = options, .ctx = ctx, .now = clock_now()};
    int status;

    if (!options->operand_count)
        return console_usage(
            "%s", _("specify a file or directory with reports, or - for standard input"));
    ingest.out.rejected = talloc_zero_array(ctx, struct report_rejected, LISTED_MAX);
    if (!ingest.out.rejected)
        return console_no_memory();
    ingest.parser = parser_new(ctx);
    if (!ingest.parser)
        return console_no_memory();
    status = open_store(ctx, options, STORE_WRITE, &ingest.store);
    if (status)
        return status;
    status = read_all(&ingest);
    if (!status)
        status = show(&ingest);
    talloc_free(ingest.store);
    return status;
}
