/* SPDX-License-Identifier: MIT */
/* scan_work.c - this machine works on the scans that several share. */
#include <unistd.h>

#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/open_store.h"
#include "cmd/scan_files.h"
#include "cmd/scan_options.h"
#include "cmd/scan_queue.h"
#include "cmd/scan_verbs.h"
#include "event/signals.h"
#include "net/resources.h"
#include "scan/shared.h"
#include "scan/size.h"

#define HOST_MAX 256

struct working {
    const struct options *options;
    struct shared *shared;
};

/* In the thread of the shards.  What is lost comes back, or the operator must know why not. */
static void on_lost(void *arg, enum broker_status queue, const struct store_fault *store)
{
    const struct working *working = arg;

    if (store)
        (void)say_store_fault(store);
    else
        (void)scan_queue_say(working->options, queue, NULL);
}

static void on_progress(void *arg, const struct scan_progress *progress)
{
    const struct working *working = arg;

    if (progress->draining)
        shared_drain(working->shared);
}

static char *worker_name(TALLOC_CTX *ctx, const struct options *options)
{
    char host[HOST_MAX] = "";

    (void)gethostname(host, sizeof(host) - 1);
    return talloc_asprintf(ctx, "%s-%lld", options->name ? options->name : host,
                           (long long)getpid());
}

static int say_end(const struct options *options, const struct shared_summary *summary)
{
    if (!options->quiet)
        console_note(_("stored domains: %lld, shards: %lld; shards given back: %lld, taken over by "
                       "other workers: %lld"),
                     (long long)summary->domains, (long long)summary->shards,
                     (long long)summary->back, (long long)summary->fenced);
    return summary->unsaved ? EXIT_LATER : 0;
}

static int run(TALLOC_CTX *ctx, struct working *working, struct scan_config *config)
{
    struct shared_summary shared;
    struct scan_summary summary;
    enum scan_outcome outcome;
    struct loop *loop;
    char *why = NULL;
    int status;

    config->in = shared_in(working->shared);
    config->out = shared_out(working->shared);
    if (loop_new(ctx, &loop) != STS_OK || !shared_start(working->shared))
        return console_no_memory();
    outcome = scan_run(ctx, loop, config, &summary, &why);
    shared_end(working->shared, &shared);
    if (outcome == SCAN_NO_NET)
        return console_internal("%s", why);
    if (outcome != SCAN_DONE)
        return console_no_memory();
    status = say_end(working->options, &shared);
    return status;
}

int scan_work(TALLOC_CTX *ctx, const struct options *options)
{
    struct working working = {.options = options};
    struct net_options net;
    struct scan_config config = {.net = &net, .progress = on_progress, .arg = &working};
    struct shared_config shared = {
        .worker = worker_name(ctx, options), .lost = on_lost, .arg = &working};
    struct store *store;
    int status = open_store(ctx, options, STORE_WRITE, &store); /* the thread opens its own */

    if (status)
        return status;
    talloc_free(store);
    status = shared.worker ? scan_queue_open(ctx, options, shared.worker, &shared.broker)
                           : console_no_memory();
    if (status)
        return status;
    scan_options(options, &config, &net);
    scan_set_size(&config, &net, resources_files());
    scan_tune_memory();
    signals_catch(3, EXIT_UNKNOWN);
    shared.store = open_store_where(options);
    shared.room = 2 * (int64_t)config.jobs;
    if (shared_new(ctx, &shared, &working.shared) != STS_OK)
        return console_no_memory();
    status = run(ctx, &working, &config);
    TALLOC_FREE(working.shared);
    talloc_free(shared.broker);
    return status;
}
