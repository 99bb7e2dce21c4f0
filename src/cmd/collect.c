/* SPDX-License-Identifier: MIT */
/* collect.c - the service that counts what mail servers report of their TLS sessions. */
#include "cmd/cmd.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "app/event_lines.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "cmd/collect_audit.h"
#include "cmd/collect_log.h"
#include "cmd/collect_socket.h"
#include "cmd/console.h"
#include "cmd/exit_status.h"
#include "cmd/open_store.h"
#include "cmd/service.h"
#include "cmd/show_domains.h"
#include "cmd/write_files.h"
#include "collect/collector.h"
#include "collect/collector_metrics.h"
#include "collect/limits.h"
#include "event/datagrams.h"
#include "event/signals.h"
#include "store/session_counts.h"

#define EVENT_SHOWN 120 /* bytes of an event that is none */
#define METRICS_MS  5000

struct collect_run {
    const struct options *options;
    struct loop *loop;
    struct collector *collector;
    struct event_lines *lines; /* of those who write them; NULL: nobody does */
    struct loop_timer *timer;  /* of the metrics */
    bool failing;              /* the store, at the last flush */
    bool ending;
    int status;
};

/* ---- the log --------------------------------------------------------------------------------- */

static void say_counts(const struct collect_run *run)
{
    struct collector_counts counts = collector_counts(run->collector);
    char *line = collector_line(NULL, &counts);

    if (line) {
        (void)console_text(line);
        (void)console_flush();
    }
    talloc_free(line);
}

static void on_rejected(void *arg, const char *what, struct bytes text)
{
    char *shown = text_printable(NULL, text.data, text.length, EVENT_SHOWN);

    (void)arg;
    console_note(_("rejected an event (%s): %s"), what, shown ? shown : "");
    talloc_free(shown);
}

static void on_malformed(void *arg, enum session_event_fault fault, struct bytes datagram)
{
    on_rejected(arg, session_event_fault_name(fault), datagram);
}

static void on_full(void *arg)
{
    (void)arg;
    console_note("%s", _("the queue of the socket was full; mail servers may have lost events"));
}

/* Of a store that fails again and again only the first time is news. */
static void on_flushed(void *arg, const struct store_fault *fault)
{
    struct collect_run *run = arg;

    if (fault && !run->failing)
        (void)say_store_fault(fault);
    if (!fault && run->failing)
        console_note("%s", _("the store works again; what was counted meanwhile is stored"));
    run->failing = fault != NULL;
}

static void write_metrics(struct collect_run *run)
{
    struct collector_counts counts = collector_counts(run->collector);
    char *text = run->options->prometheus ? collector_metrics(NULL, &counts) : NULL;

    if (text)
        (void)write_file(text, run->options->prometheus, text, strlen(text));
    talloc_free(text);
}

static void on_metrics(void *arg)
{
    struct collect_run *run = arg;

    write_metrics(run);
    loop_timer_again(run->timer, loop_now(run->loop) + METRICS_MS);
}

/* ---- running --------------------------------------------------------------------------------- */

static void on_ended(void *arg, bool all_stored)
{
    struct collect_run *run = arg;

    if (!all_stored)
        run->status = console_internal("%s", _("not everything that was counted could be stored"));
    loop_stop(run->loop);
}

static void on_lines_ended(void *arg)
{
    const struct collect_run *run = arg;

    collector_end(run->collector);
}

static void on_signal(void *arg)
{
    struct collect_run *run = arg;

    if (run->ending)
        return;
    run->ending = true;
    service_stopping();
    if (run->lines)
        event_lines_end(run->lines, on_lines_ended, run);
    else
        collector_end(run->collector);
}

static void on_hangup(void *arg)
{
    say_counts(arg);
}

static enum sts_status attend(TALLOC_CTX *ctx, struct collect_run *run)
{
    struct signals_watch *hangups;
    enum sts_status status = service_pulse(ctx, run->loop);

    if (status == STS_OK)
        status = service_attend(ctx, run->loop, on_signal, run);
    if (status == STS_OK)
        status = signals_start_hangup(ctx, run->loop, on_hangup, run, &hangups);
    if (status == STS_OK && run->options->prometheus)
        status =
            loop_timer_start(ctx, run->loop, loop_now(run->loop), on_metrics, run, &run->timer);
    return status;
}

static enum sts_status start(TALLOC_CTX *ctx, struct collect_run *run)
{
    int sockets[COLLECT_SOCKETS_MAX];
    char host[HOST_NAME_MAX + 1] = "";
    struct collector_request request = {.socket_count = collect_sockets_taken(sockets),
                                        .store = open_store_where(run->options),
                                        .collector = run->options->name,
                                        .now = clock_now,
                                        .malformed = on_malformed,
                                        .full = on_full,
                                        .flushed = on_flushed,
                                        .ended = on_ended,
                                        .arg = run};

    request.sockets = talloc_memdup(ctx, sockets, request.socket_count * sizeof(sockets[0]));
    (void)gethostname(host, sizeof(host) - 1);
    if (!request.collector)
        request.collector = talloc_strdup(ctx, *host ? host : "localhost");
    if (!request.sockets || !request.collector)
        return STS_E_NOMEM;
    return collector_start(ctx, run->loop, &request, &run->collector);
}

static int start_lines(TALLOC_CTX *ctx, struct collect_run *run)
{
    int sockets[COLLECT_SOCKETS_MAX];
    struct net_options net;
    const struct event_lines_request request = {.net = &net,
                                                .collector = run->collector,
                                                .sockets = sockets,
                                                .socket_count = collect_line_sockets_taken(sockets),
                                                .rejected = on_rejected,
                                                .arg = run};
    char *why;

    if (!request.socket_count)
        return 0;
    net_options_of(run->options, &net);
    if (event_lines_start(ctx, run->loop, &request, &run->lines, &why) == STS_OK)
        return 0;
    return why ? console_internal("%s", why) : console_no_memory();
}

static void warn_of_queue(void)
{
    long length = datagrams_queue();

    if (length > 0 && length <= LIMIT_QUEUE_DEFAULT)
        console_note(_("a socket holds only %ld unread events here; set net.unix.max_dgram_qlen "
                       "to %d (sysctl), and restart"),
                     length, LIMIT_QUEUE_GOOD);
}

static int run_collect(TALLOC_CTX *ctx, struct collect_run *run)
{
    enum sts_status status = loop_new(ctx, &run->loop);
    int failed;

    if (status == STS_OK)
        status = start(ctx, run);
    if (status == STS_OK)
        status = attend(ctx, run);
    if (status != STS_OK)
        return console_no_memory();
    failed = start_lines(ctx, run);
    if (failed)
        return failed;
    warn_of_queue();
    service_ready();
    if (loop_run(run->loop) != STS_OK)
        return console_internal("%s", _("the event loop failed"));
    write_metrics(run);
    if (!run->options->quiet)
        say_counts(run);
    TALLOC_FREE(run->lines);
    TALLOC_FREE(run->collector); /* it needs the loop */
    return run->status;
}

int cmd_collect(TALLOC_CTX *ctx, const struct options *options)
{
    struct collect_run run = {.options = options};
    TALLOC_CTX *own;
    int status;

    if (collect_is_audit(options))
        return collect_audit(ctx, options);
    if (!options->from_log && options->operand_count)
        return console_usage(_("unexpected argument: %s"), options->operands[0]);
    if (options->name && strlen(options->name) > STORE_COLLECTOR_MAX)
        return console_usage(_("--name: at most %d characters"), STORE_COLLECTOR_MAX);
    if (options->from_log)
        return collect_log(ctx, options);
    own = talloc_new(ctx);
    status = own ? run_collect(own, &run) : console_no_memory();
    collect_sockets_clear(options);
    talloc_free(own);
    return status;
}
