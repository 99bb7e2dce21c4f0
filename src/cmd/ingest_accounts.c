/* SPDX-License-Identifier: MIT */
/* ingest_accounts.c - a mailbox for each account, side by side in one loop. */
#include "cmd/ingest_accounts.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/lmtp_server.h"
#include "app/mailbox.h"
#include "app/receiver.h"
#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/exit_status.h"
#include "cmd/filter_options.h"
#include "cmd/ingest_socket.h"
#include "cmd/mail_accounts.h"
#include "cmd/open_store.h"
#include "cmd/service.h"
#include "event/jobs.h"
#include "net/dns.h"
#include "net/tls.h"
#include "store/writer.h"

struct run {
    TALLOC_CTX *ctx; /* of what is listed */
    const struct options *options;
    struct ingested *found;
    struct loop *loop;
    struct jobs *jobs;
    struct dns *dns;
    struct tls_trust *trust;
    struct store_writer *writer;
    struct receiver *receiver;
    size_t open; /* mailboxes that are not done */
    int socket;  /* of --lmtp; -1: none */
    struct lmtp_server *lmtp;
    int status;
};

struct account_run {
    struct run *run;
    const struct mailbox_account *account;
    struct mailbox *mailbox;
};

/* ---- what is told ---------------------------------------------------------------------------- */

static void say_fault_of(struct account_run *mine, const struct mailbox_pass *pass)
{
    char *text = talloc_asprintf(mine, "%s: %s", mine->account->name, _(pass->fault));

    if (text && pass->subject)
        text = talloc_asprintf_append(text, ": %s", pass->subject);
    if (text && pass->detail)
        text = talloc_asprintf_append(text, ": %s", pass->detail);
    console_note("%s", text ? text : mine->account->name);
    talloc_free(text);
    if (pass->again_ms)
        service_status(_("%s: next try in %lld seconds"), mine->account->name,
                       (long long)pass->again_ms / 1000);
    else
        mine->run->status = exit_status_worse(mine->run->status, EXIT_LATER);
}

static void say_counts(const struct account_run *mine, const struct store_mailbox_counts *counts)
{
    char *text;

    if ((!mine->run->options->follow && !mine->run->options->lmtp) || mine->run->options->quiet ||
        !counts->messages)
        return;
    text = talloc_asprintf(
        NULL, _("%s: messages: %lld, new reports: %lld, already stored: %lld, rejected: %lld\n"),
        mine->account->name, (long long)counts->messages,
        (long long)counts->added + (long long)counts->revisions, (long long)counts->duplicates,
        (long long)counts->rejected);
    (void)console_text(text);
    (void)console_flush();
    talloc_free(text);
}

static void on_passed(void *arg, const struct mailbox_pass *pass)
{
    struct account_run *mine = arg;
    struct ingested *found = mine->run->found;
    const struct store_mailbox_counts *counts = &pass->counts;

    found->added += (size_t)counts->added;
    found->duplicates += (size_t)counts->duplicates;
    found->revisions += (size_t)counts->revisions;
    found->rejected_count += (size_t)counts->rejected;
    found->other_mails += (size_t)counts->foreign;
    found->faults += pass->faults;
    say_counts(mine, counts);
    if (pass->fault)
        say_fault_of(mine, pass);
}

static void list_rejected(struct run *run, const struct mailbox_rejected *rejected)
{
    struct ingested *found = run->found;

    if (found->listed == INGEST_LISTED_MAX) {
        found->rejected_more++;
        return;
    }
    found->rejected[found->listed++] = (struct report_rejected){
        talloc_strdup(run->ctx, rejected->source), NULL, talloc_strdup(run->ctx, rejected->why),
        rejected->detail ? talloc_strdup(run->ctx, rejected->detail) : NULL};
}

static void on_rejected(void *arg, const struct mailbox_rejected *rejected)
{
    struct account_run *mine = arg;

    if (!mine->run->options->follow && !mine->run->options->lmtp)
        list_rejected(mine->run, rejected);
    else if (rejected->detail)
        console_note("%s: %s: %s", rejected->source, _(rejected->why), rejected->detail);
    else
        console_note("%s: %s", rejected->source, _(rejected->why));
}

static void on_changed(void *arg, const char *folder)
{
    struct account_run *mine = arg;

    console_note(_("%s: the server renumbered the messages in %s; all of them are read again"),
                 mine->account->name, folder);
}

static void on_done(void *arg, bool complete)
{
    struct account_run *mine = arg;

    mine->run->found->complete = mine->run->found->complete && complete;
    if (!--mine->run->open)
        loop_stop(mine->run->loop);
}

static void on_signal(void *arg)
{
    struct run *run = arg;

    if (!run->options->follow && !run->options->lmtp) {
        run->status = exit_status_worse(run->status, EXIT_UNKNOWN);
        run->found->complete = false;
    }
    loop_stop(run->loop);
}

/* ---- what was delivered ---------------------------------------------------------------------- */

static void on_taken(void *arg, const struct receiver_item *item)
{
    const struct run *run = arg;
    char *text = NULL;

    if (item->outcome == RECEIVER_FOREIGN)
        console_note(_("%s: the message contains no TLS report"), item->source);
    else if (item->outcome == RECEIVER_REJECTED)
        console_note("%s: %s%s%s", item->source, _(item->why), item->detail ? ": " : "",
                     item->detail ? item->detail : "");
    else if (!run->options->quiet)
        text = talloc_asprintf(NULL, _("%s: new reports: %zu, already stored: %zu\n"), item->source,
                               item->added + item->revisions, item->duplicates);
    if (text) {
        (void)console_text(text);
        (void)console_flush();
    }
    talloc_free(text);
}

static void on_refused(void *arg, enum sts_status status, const struct store_fault *fault)
{
    (void)arg;
    if (fault)
        (void)say_store_fault(fault);
    else if (status == STS_E_LIMIT)
        console_note("%s", _("too many messages are waiting; the mail server delivers them later"));
    else
        console_note("%s", _("not enough memory"));
}

/* ---- the run --------------------------------------------------------------------------------- */

static int refuse(const char *why)
{
    return why ? console_usage("%s", why) : console_no_memory();
}

static int open_network(TALLOC_CTX *ctx, struct run *run)
{
    const struct options *options = run->options;
    const struct dns_config config = {(const char *const *)options->resolvers,
                                      options->resolver_count, options->trust_anchor};
    char *why = NULL;

    if (loop_new(ctx, &run->loop) != STS_OK)
        return console_no_memory();
    if (dns_new(ctx, run->loop, &config, &run->dns, &why) != STS_OK ||
        tls_trust_new(ctx, options->ca_file, &run->trust, &why) != STS_OK)
        return refuse(why);
    return 0;
}

static int open_threads(TALLOC_CTX *ctx, struct run *run,
                        const struct verify_sender_request *verify)
{
    const char *where = open_store_where(run->options);

    if (store_writer_new(ctx, run->loop, where, &run->writer) != STS_OK ||
        jobs_new(ctx, run->loop, 1, &run->jobs) != STS_OK)
        return console_no_memory();
    const struct receiver_request request = {run->loop, run->writer, verify};
    return receiver_new(ctx, &request, &run->receiver) == STS_OK ? 0 : console_no_memory();
}

static int start_lmtp(TALLOC_CTX *ctx, struct run *run)
{
    char host[256] = "localhost";
    const struct lmtp_server_request request = {.loop = run->loop,
                                                .receiver = run->receiver,
                                                .fd = run->socket,
                                                .host = host,
                                                .taken = on_taken,
                                                .refused = on_refused,
                                                .arg = run};

    if (run->socket < 0)
        return 0;
    (void)gethostname(host, sizeof(host) - 1);
    run->open++; /* until a signal comes */
    return lmtp_server_start(ctx, &request, &run->lmtp) == STS_OK ? 0 : console_no_memory();
}

static int start(TALLOC_CTX *ctx, struct run *run, const struct mailbox_account *account)
{
    struct account_run *mine = talloc_zero(ctx, struct account_run);
    const struct mailbox_request request = {.account = account,
                                            .loop = run->loop,
                                            .jobs = run->jobs,
                                            .dns = run->dns,
                                            .trust = run->trust,
                                            .receiver = run->receiver,
                                            .writer = run->writer,
                                            .follow = run->options->follow || run->options->lmtp,
                                            .passed = on_passed,
                                            .rejected = on_rejected,
                                            .changed = on_changed,
                                            .done = on_done,
                                            .arg = mine};

    if (!mine)
        return console_no_memory();
    mine->run = run;
    mine->account = account;
    if (mailbox_start(mine, &request, &mine->mailbox) != STS_OK)
        return console_no_memory();
    run->open++;
    return 0;
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

static int run_accounts(TALLOC_CTX *ctx, struct run *run, const struct mail_accounts *accounts)
{
    struct verify_sender_request room;
    int status = open_network(ctx, run);

    if (!status)
        status = open_threads(ctx, run, verify_options(run->options, &room));
    for (size_t i = 0; !status && i < accounts->count; i++)
        status = start(ctx, run, &accounts->accounts[i]);
    if (!status)
        status = start_lmtp(ctx, run);
    if (!status)
        status = run_loop(ctx, run);
    TALLOC_FREE(run->lmtp);
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
        .ctx = ctx, .options = options, .found = ret, .socket = ingest_socket_taken()};
    struct mail_accounts accounts = {0};
    TALLOC_CTX *work = talloc_new(ctx);
    int status = options->account_count ? mail_accounts_read(ctx, options, &accounts) : 0;

    *ret = (struct ingested){.complete = true};
    if (!status)
        status = try_store(ctx, options, ret_store);
    if (!status) {
        ret->rejected = talloc_zero_array(ctx, struct report_rejected, INGEST_LISTED_MAX);
        status = ret->rejected && work ? run_accounts(work, &run, &accounts) : console_no_memory();
    }
    talloc_free(work);
    return exit_status_worse(status, run.status);
}
