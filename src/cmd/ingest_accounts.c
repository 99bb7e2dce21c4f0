/* SPDX-License-Identifier: MIT */
/* ingest_accounts.c - a mailbox for each account, side by side in one loop. */
#include "cmd/ingest_accounts.h"

#include "app/receiver.h"
#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/exit_status.h"
#include "cmd/filter_options.h"
#include "cmd/ingest_socket.h"
#include "cmd/mail_ways.h"
#include "cmd/open_store.h"
#include "cmd/service.h"
#include "event/jobs.h"
#include "store/writer.h"

struct run {
    TALLOC_CTX *ctx; /* of what is listed */
    const struct options *options;
    struct ingested *found;
    bool follow;
    struct loop *loop;
    struct jobs *jobs;
    struct store_writer *writer;
    struct receiver *receiver;
    struct mail_ways *ways;
    size_t open; /* mailboxes that are not done, and the socket */
    int status;
};

/* ---- what is told ---------------------------------------------------------------------------- */

static void on_passed(void *arg, const struct mailbox_pass *pass)
{
    struct run *run = arg;
    struct ingested *found = run->found;
    const struct store_way_counts *counts = &pass->counts;

    found->added += (size_t)counts->added;
    found->duplicates += (size_t)counts->duplicates;
    found->revisions += (size_t)counts->revisions;
    found->rejected_count += (size_t)counts->rejected;
    found->other_mails += (size_t)counts->foreign;
    found->faults += pass->faults;
    if (pass->fault && !pass->again_ms)
        run->status = exit_status_worse(run->status, EXIT_LATER);
}

static void on_rejected(void *arg, const struct mailbox_rejected *rejected)
{
    const struct run *run = arg;
    struct ingested *found = run->found;

    if (found->listed == INGEST_LISTED_MAX) {
        found->rejected_more++;
        return;
    }
    found->rejected[found->listed++] = (struct report_rejected){
        talloc_strdup(run->ctx, rejected->source), NULL, talloc_strdup(run->ctx, rejected->why),
        rejected->detail ? talloc_strdup(run->ctx, rejected->detail) : NULL};
}

static void on_done(void *arg, bool complete)
{
    struct run *run = arg;

    run->found->complete = run->found->complete && complete;
    if (!--run->open)
        loop_stop(run->loop);
}

static void on_signal(void *arg)
{
    struct run *run = arg;

    if (!run->follow) {
        run->status = exit_status_worse(run->status, EXIT_UNKNOWN);
        run->found->complete = false;
    }
    loop_stop(run->loop);
}

/* ---- the run --------------------------------------------------------------------------------- */

static int open_threads(TALLOC_CTX *ctx, struct run *run,
                        const struct verify_sender_request *verify)
{
    const char *where = open_store_where(run->options);

    if (loop_new(ctx, &run->loop) != STS_OK ||
        store_writer_new(ctx, run->loop, where, &run->writer) != STS_OK ||
        jobs_new(ctx, run->loop, 1, &run->jobs) != STS_OK)
        return console_no_memory();
    const struct receiver_request request = {run->loop, run->writer, verify, 1};
    return receiver_new(ctx, &request, &run->receiver) == STS_OK ? 0 : console_no_memory();
}

static int open_ways(TALLOC_CTX *ctx, struct run *run)
{
    const struct mail_ways_request request = {.options = run->options,
                                              .loop = run->loop,
                                              .jobs = run->jobs,
                                              .writer = run->writer,
                                              .receiver = run->receiver,
                                              .follow = run->follow,
                                              .passed = on_passed,
                                              .rejected = run->follow ? NULL : on_rejected,
                                              .done = on_done,
                                              .arg = run};

    return mail_ways_new(ctx, &request, &run->ways);
}

/* With a socket it goes on until a signal comes. */
static int start_ways(struct run *run, TALLOC_CTX *owner, const struct mail_accounts *accounts)
{
    int socket = ingest_socket_taken(), status = mail_ways_accounts(run->ways, owner, accounts);

    run->open = accounts->count;
    if (status || socket < 0)
        return status;
    run->open++;
    return mail_ways_listen(run->ways, socket);
}

static int run_loop(TALLOC_CTX *ctx, struct run *run)
{
    service_catch_signals();
    if (service_attend(ctx, run->loop, on_signal, run) != STS_OK ||
        service_pulse(ctx, run->loop) != STS_OK)
        return console_no_memory();
    service_ready();
    if (loop_run(run->loop) != STS_OK)
        return console_internal("%s", _("the event loop failed"));
    service_stopping();
    return 0;
}

static int run_accounts(TALLOC_CTX *ctx, struct run *run, TALLOC_CTX *owner,
                        const struct mail_accounts *accounts)
{
    struct verify_sender_request room;
    int status = open_threads(ctx, run, verify_options(run->options, &room));

    if (!status)
        status = open_ways(ctx, run);
    if (!status)
        status = start_ways(run, owner, accounts);
    if (!status)
        status = run_loop(ctx, run);
    TALLOC_FREE(run->ways);
    TALLOC_FREE(run->writer); /* first: it writes what is left, and tells nobody */
    return status;
}

/* What is wrong with the store is told before anybody signs in; the writer opens it for itself. */
static int try_store(TALLOC_CTX *ctx, const struct options *options, const char **ret_store)
{
    struct store *store;
    int status = open_store(ctx, options, STORE_WRITE, &store);

    if (status)
        return status;
    *ret_store = talloc_strdup(ctx, store_name(store));
    talloc_free(store);
    return *ret_store ? 0 : console_no_memory();
}

int ingest_accounts(TALLOC_CTX *ctx, const struct options *options, struct ingested *ret,
                    const char **ret_store)
{
    struct run run = {
        .ctx = ctx, .options = options, .found = ret, .follow = options->follow || options->lmtp};
    struct mail_accounts accounts = {0};
    TALLOC_CTX *work = talloc_new(ctx), *owner = talloc_new(work);
    int status = options->account_count ? mail_accounts_read(owner, options, &accounts) : 0;

    *ret = (struct ingested){.complete = true};
    if (!status)
        status = try_store(ctx, options, ret_store);
    if (!status) {
        ret->rejected = talloc_zero_array(ctx, struct report_rejected, INGEST_LISTED_MAX);
        status = ret->rejected && owner ? run_accounts(work, &run, owner, &accounts)
                                        : console_no_memory();
    }
    talloc_free(work);
    return exit_status_worse(status, run.status);
}
