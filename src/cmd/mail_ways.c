/* SPDX-License-Identifier: MIT */
/* mail_ways.c - mailboxes and the socket, and a line for what happens there. */
#include "cmd/mail_ways.h"

#include <stdio.h>
#include <unistd.h>

#include "app/lmtp_server.h"
#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/exit_status.h"
#include "cmd/open_store.h"
#include "cmd/service.h"
#include "net/dns.h"
#include "net/tls.h"

struct mail_ways {
    struct mail_ways_request request;
    bool quiet;
    struct dns *dns;
    struct tls_trust *trust;
    TALLOC_CTX *boxes; /* the mailboxes, and what describes them */
    struct lmtp_server *lmtp;
};

/* A mailbox and what it belongs to. */
struct mail_way {
    struct mail_ways *ways;
    const struct mailbox_account *account;
    struct mailbox *mailbox;
};

/* ---- what is said ---------------------------------------------------------------------------- */

static void say_fault_of(struct mail_way *way, const struct mailbox_pass *pass)
{
    char *text = talloc_asprintf(way, "%s: %s", way->account->name, _(pass->fault));

    if (text && pass->subject)
        text = talloc_asprintf_append(text, ": %s", pass->subject);
    if (text && pass->detail)
        text = talloc_asprintf_append(text, ": %s", pass->detail);
    console_note("%s", text ? text : way->account->name);
    talloc_free(text);
    if (pass->again_ms)
        service_status(_("%s: next try in %lld seconds"), way->account->name,
                       (long long)pass->again_ms / 1000);
}

static void say_line(char *text)
{
    if (text) {
        (void)console_text(text);
        (void)console_flush();
    }
    talloc_free(text);
}

static void say_counts(const struct mail_way *way, const struct store_way_counts *counts)
{
    if (!way->ways->request.follow || way->ways->quiet || !counts->messages)
        return;
    say_line(talloc_asprintf(
        NULL, _("%s: messages: %lld, new reports: %lld, already stored: %lld, rejected: %lld\n"),
        way->account->name, (long long)counts->messages,
        (long long)counts->added + (long long)counts->revisions, (long long)counts->duplicates,
        (long long)counts->rejected));
}

static void say_rejected(const char *source, const char *why, const char *detail)
{
    if (detail)
        console_note("%s: %s: %s", source, _(why), detail);
    else
        console_note("%s: %s", source, _(why));
}

/* ---- mailboxes ------------------------------------------------------------------------------- */

static void on_passed(void *arg, const struct mailbox_pass *pass)
{
    struct mail_way *way = arg;
    const struct mail_ways_request *request = &way->ways->request;

    if (request->passed)
        request->passed(request->arg, pass);
    say_counts(way, &pass->counts);
    if (pass->fault)
        say_fault_of(way, pass);
}

static void on_rejected(void *arg, const struct mailbox_rejected *rejected)
{
    const struct mail_ways_request *request = &((struct mail_way *)arg)->ways->request;

    if (request->rejected)
        request->rejected(request->arg, rejected);
    else
        say_rejected(rejected->source, rejected->why, rejected->detail);
}

static void on_changed(void *arg, const char *folder)
{
    const struct mail_way *way = arg;

    console_note(_("%s: the server renumbered the messages in %s; all of them are read again"),
                 way->account->name, folder);
}

static void on_done(void *arg, bool complete)
{
    const struct mail_ways_request *request = &((struct mail_way *)arg)->ways->request;

    if (request->done)
        request->done(request->arg, complete);
}

static int start(struct mail_ways *ways, const struct mailbox_account *account)
{
    struct mail_way *way = talloc_zero(ways->boxes, struct mail_way);
    const struct mailbox_request request = {.account = account,
                                            .loop = ways->request.loop,
                                            .jobs = ways->request.jobs,
                                            .dns = ways->dns,
                                            .trust = ways->trust,
                                            .receiver = ways->request.receiver,
                                            .writer = ways->request.writer,
                                            .follow = ways->request.follow,
                                            .passed = on_passed,
                                            .rejected = on_rejected,
                                            .changed = on_changed,
                                            .done = on_done,
                                            .arg = way};

    if (!way)
        return console_no_memory();
    way->ways = ways;
    way->account = account;
    return mailbox_start(way, &request, &way->mailbox) == STS_OK ? 0 : console_no_memory();
}

int mail_ways_accounts(struct mail_ways *ways, TALLOC_CTX *owner,
                       const struct mail_accounts *accounts)
{
    int status = 0;

    talloc_free(ways->boxes);
    ways->boxes = talloc_new(ways);
    if (!ways->boxes)
        return console_no_memory();
    (void)talloc_steal(ways->boxes, owner);
    for (size_t i = 0; !status && i < accounts->count; i++)
        status = start(ways, &accounts->accounts[i]);
    return status;
}

/* ---- what was delivered ---------------------------------------------------------------------- */

static void on_taken(void *arg, const struct receiver_item *item)
{
    const struct mail_ways *ways = arg;

    if (item->outcome == RECEIVER_FOREIGN)
        console_note(_("%s: the message contains no TLS report"), item->source);
    else if (item->outcome == RECEIVER_REJECTED)
        say_rejected(item->source, item->why, item->detail);
    else if (!ways->quiet)
        say_line(talloc_asprintf(NULL, _("%s: new reports: %zu, already stored: %zu\n"),
                                 item->source, item->added + item->revisions, item->duplicates));
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

int mail_ways_listen(struct mail_ways *ways, int fd)
{
    char host[256] = "localhost";
    const struct lmtp_server_request request = {.loop = ways->request.loop,
                                                .receiver = ways->request.receiver,
                                                .fd = fd,
                                                .host = host,
                                                .taken = on_taken,
                                                .refused = on_refused,
                                                .arg = ways};

    (void)gethostname(host, sizeof(host) - 1);
    return lmtp_server_start(ways, &request, &ways->lmtp) == STS_OK ? 0 : console_no_memory();
}

/* ---- the start ------------------------------------------------------------------------------- */

int mail_ways_new(TALLOC_CTX *ctx, const struct mail_ways_request *request, struct mail_ways **ret)
{
    const struct options *options = request->options;
    const struct dns_config config = {(const char *const *)options->resolvers,
                                      options->resolver_count, options->trust_anchor};
    struct mail_ways *ways = talloc_zero(ctx, struct mail_ways);
    char *why = NULL;

    if (!ways)
        return console_no_memory();
    ways->request = *request;
    ways->quiet = options->quiet;
    if (dns_new(ways, request->loop, &config, &ways->dns, &why) == STS_OK &&
        tls_trust_new(ways, options->ca_file, &ways->trust, &why) == STS_OK) {
        *ret = ways;
        return 0;
    }
    return why ? console_usage("%s", why) : console_no_memory();
}
