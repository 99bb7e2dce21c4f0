/* SPDX-License-Identifier: MIT */
/* scan_status.c - how far scans are that several machines share, and what they found. */
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/open_store.h"
#include "cmd/scan_verbs.h"
#include "scan/shared.h"

#define PERIOD_S     60 /* of which the rate is */
#define SCANS_MAX    1000
#define WORKERS_MAX  1000
#define ASIDE_MAX    100 /* shown of a scan */
#define RESULTS_PAGE 500

struct shown {
    TALLOC_CTX *ctx;
    char *text;
    bool no_memory;
};

static void add(struct shown *shown, char *line)
{
    char *longer = line && shown->text ? talloc_strdup_append_buffer(shown->text, line) : NULL;

    shown->no_memory |= !longer;
    if (longer)
        shown->text = longer;
    talloc_free(line);
}

/* ---- status ---------------------------------------------------------------------------------- */

struct scan_list {
    TALLOC_CTX *ctx;
    struct store_scan *scans;
    size_t count;
};

static bool note_scan(void *arg, const struct store_scan *scan)
{
    struct scan_list *list = arg;

    list->scans[list->count] = *scan;
    list->scans[list->count].name = talloc_strdup(list->ctx, scan->name);
    return list->scans[list->count++].name;
}

static const char *state_of(const struct store_scan *scan, const struct store_scan_counts *counts)
{
    if (counts->done + counts->aside == scan->shards)
        return counts->aside ? _("done, except for the shards set aside") : _("done");
    return scan->cancelled ? _("cancelled") : _("in progress");
}

static bool add_aside(void *arg, int64_t number, int64_t tries, const char *reason)
{
    struct shown *shown = arg;

    add(shown, talloc_asprintf(shown->ctx, _("  shard %lld set aside after %lld attempts: %s\n"),
                               (long long)number, (long long)tries, _(reason)));
    return true;
}

static enum sts_status add_scan(struct shown *shown, struct store *store,
                                const struct store_scan *scan)
{
    struct store_scan_counts counts;
    enum sts_status status = store_scan_count(store, scan->id, PERIOD_S, SHARED_ALIVE_S, &counts);
    int64_t open = scan->shards - counts.done - counts.aside - counts.running;

    if (status)
        return status;
    add(shown, talloc_asprintf(shown->ctx, "%s: %s\n", scan->name, state_of(scan, &counts)));
    add(shown,
        talloc_asprintf(
            shown->ctx,
            _("  domains: %lld of %lld, %lld per minute; lines without a domain name: %lld\n"),
            (long long)counts.domains, (long long)scan->domains,
            (long long)(counts.lately * 60 / PERIOD_S), (long long)scan->unusable));
    add(shown,
        talloc_asprintf(shown->ctx,
                        _("  shards: %lld done, %lld in progress, %lld waiting, %lld set aside\n"),
                        (long long)counts.done, (long long)counts.running, (long long)open,
                        (long long)counts.aside));
    return store_shards_aside(store, scan->id, ASIDE_MAX, add_aside, shown);
}

static bool add_worker(void *arg, const char *name, int64_t seen_ago, int64_t began_ago,
                       int64_t domains)
{
    struct shown *shown = arg;

    add(shown,
        talloc_asprintf(
            shown->ctx, _("worker %s: last sign of life %lld s ago, domains: %lld in %lld s\n"),
            name, (long long)seen_ago, (long long)domains, (long long)(began_ago - seen_ago)));
    return true;
}

static int list_all(TALLOC_CTX *ctx, const struct options *options, struct store *store,
                    struct scan_list *list)
{
    enum sts_status status;

    list->scans = talloc_array(ctx, struct store_scan, SCANS_MAX);
    if (!list->scans)
        return console_no_memory();
    if (options->operand_count == 2) {
        list->count = 1;
        return scan_named(ctx, options, store, &list->scans[0]);
    }
    status = store_scans(store, 0, SCANS_MAX, note_scan, list);
    return status ? say_store_failure(store, status) : 0;
}

int scan_status(TALLOC_CTX *ctx, const struct options *options)
{
    struct scan_list list = {.ctx = ctx};
    struct shown shown = {.ctx = ctx, .text = talloc_strdup(ctx, "")};
    enum sts_status said = STS_OK;
    struct store *store;
    int status = open_store(ctx, options, STORE_READ, &store);

    if (status || !store)
        return status;
    status = list_all(ctx, options, store, &list);
    if (status)
        return status;
    for (size_t i = 0; i < list.count && !said; i++)
        said = add_scan(&shown, store, &list.scans[i]);
    if (!said)
        said = store_scan_workers(store, WORKERS_MAX, add_worker, &shown);
    if (said)
        return say_store_failure(store, said);
    return shown.no_memory ? console_no_memory() : console_text(shown.text);
}

/* ---- cancel, resume -------------------------------------------------------------------------- */

static int change(TALLOC_CTX *ctx, const struct options *options,
                  enum sts_status (*verb)(struct store *store, int64_t scan))
{
    struct store_scan scan;
    struct store *store;
    enum sts_status status;
    int code = open_store(ctx, options, STORE_WRITE, &store);

    if (!code)
        code = scan_named(ctx, options, store, &scan);
    if (code)
        return code;
    status = verb(store, scan.id);
    return status ? say_store_failure(store, status) : 0;
}

int scan_cancel(TALLOC_CTX *ctx, const struct options *options)
{
    return change(ctx, options, store_scan_cancel);
}

/* A worker puts what is missing into the queue. */
int scan_resume(TALLOC_CTX *ctx, const struct options *options)
{
    return change(ctx, options, store_scan_resume);
}

/* ---- results --------------------------------------------------------------------------------- */

struct writing {
    char *after; /* the last */
    size_t count;
    bool failed;
};

static bool write_line(void *arg, const struct store_scan_line *line)
{
    struct writing *writing = arg;
    char *after = talloc_strdup(talloc_parent(writing->after), line->domain);

    writing->failed = !after || console_line(line->line) != 0;
    if (after) {
        talloc_free(writing->after);
        writing->after = after;
    }
    writing->count++;
    return !writing->failed;
}

int scan_results(TALLOC_CTX *ctx, const struct options *options)
{
    struct writing writing = {.after = talloc_strdup(ctx, "")};
    struct store_scan scan;
    struct store *store;
    int code = open_store(ctx, options, STORE_READ, &store);

    if (!code)
        code = scan_named(ctx, options, store, &scan);
    if (code)
        return code;
    do {
        enum sts_status status;

        writing.count = 0;
        status =
            store_scan_results(store, scan.id, writing.after, RESULTS_PAGE, write_line, &writing);
        if (status)
            return say_store_failure(store, status);
    } while (writing.count == RESULTS_PAGE && !writing.failed);
    return writing.failed ? console_no_memory() : 0;
}
