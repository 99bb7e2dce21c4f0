/* SPDX-License-Identifier: MIT */
/* event.c - events of mail servers that do not speak to the collector themselves: JSON lines on
 * standard input become its datagrams. */
#include "cmd/cmd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/tlsrpt_lookup.h"
#include "base/i18n.h"
#include "base/text.h"
#include "cmd/console.h"
#include "cmd/exit_status.h"
#include "cmd/show_domains.h"
#include "collect/event_line.h"
#include "collect/limits.h"
#include "event/datagrams.h"
#include "net/net.h"

#define LOOKUP_MS 10000
#define WAIT_MS   2000 /* for room in the socket: a mail server may wait for us */

struct event_run {
    const struct options *options;
    TALLOC_CTX *ctx;
    struct loop *loop; /* with the first line that has no record */
    struct net *net;
    const char *where;
    int socket; /* -1: not yet */
    size_t line;
    int status;
    /* of the line that is looked up */
    const char *record;
    bool known;
};

static void worsen(struct event_run *run, int status)
{
    run->status = exit_status_worse(run->status, status);
}

/* ---- the record ------------------------------------------------------------------------------ */

static void on_record(void *arg, const char *record, bool known)
{
    struct event_run *run = arg;

    run->record = record;
    run->known = known;
    loop_stop(run->loop);
}

static int begin_network(struct event_run *run)
{
    struct net_options options;
    char *why = NULL;
    enum sts_status status;

    if (run->net)
        return 0;
    net_options_of(run->options, &options);
    options.no_smtp = true;
    status = loop_new(run->ctx, &run->loop);
    if (status == STS_OK)
        status = net_new(run->ctx, run->loop, &options, &run->net, &why);
    if (status != STS_OK)
        return why ? console_internal("%s", why) : console_no_memory();
    return 0;
}

/* Sets run->record; NULL: nobody is to be told. */
static int look_up(TALLOC_CTX *ctx, struct event_run *run, const char *domain)
{
    struct tlsrpt_lookup *lookup;
    struct tlsrpt_lookup_request request = {.domain = domain, .done = on_record, .arg = run};
    int status = begin_network(run);

    if (status)
        return status;
    request.dns = run->net->dns;
    request.deadline = loop_now(run->loop) + LOOKUP_MS;
    run->known = false;
    run->record = NULL;
    if (tlsrpt_lookup_start(ctx, &request, &lookup) != STS_OK || loop_run(run->loop) != STS_OK)
        return console_no_memory();
    if (run->known)
        return 0;
    console_note(_("line %zu: the TLSRPT record of %s could not be looked up"), run->line, domain);
    return EXIT_LATER;
}

/* ---- sending --------------------------------------------------------------------------------- */

static int say_unsent(const struct event_run *run)
{
    console_note(_("%s: the event could not be sent: %s"), run->where, _(strerror(errno)));
    return EXIT_LATER;
}

static int send_event(TALLOC_CTX *ctx, struct event_run *run, const struct session_event *event)
{
    struct session_event checked;
    struct bytes datagram;

    datagram.data = session_event_write(ctx, event, &datagram.length);
    if (!datagram.data)
        return console_no_memory();
    if (session_event_read(ctx, datagram, &checked) != SESSION_EVENT_NONE)
        return console_usage(_("line %zu: a text is too long, or the TLSRPT record is none"),
                             run->line);
    if (run->socket < 0 && !datagrams_connect(run->where, WAIT_MS, &run->socket))
        return say_unsent(run);
    return datagrams_send(run->socket, datagram) ? 0 : say_unsent(run);
}

static int say_wrong(const struct event_run *run, enum event_line_fault fault, const char *unknown)
{
    switch (fault) {
    case EVENT_LINE_NO_MEMORY:
        return console_no_memory();
    case EVENT_LINE_NOT_JSON:
        return console_usage(_("line %zu: expected one JSON object"), run->line);
    case EVENT_LINE_BAD_MEMBER:
        return console_usage(_("line %zu: unknown member: %s"), run->line, unknown);
    default:
        return console_usage(_("line %zu: %s is missing or invalid"), run->line,
                             event_line_fault_name(fault));
    }
}

static int take_line(TALLOC_CTX *ctx, struct event_run *run, struct bytes text)
{
    struct event_line line;
    enum event_line_fault fault = text_is_utf8(text.data, text.length)
                                      ? event_line_read(ctx, text, &line)
                                      : EVENT_LINE_NOT_JSON;
    int status = 0;

    if (fault)
        return say_wrong(run, fault, fault == EVENT_LINE_BAD_MEMBER ? line.unknown : "");
    if (!line.event.record) {
        status = look_up(ctx, run, line.event.domain);
        line.event.record = run->record;
    }
    return status || !line.event.record ? status : send_event(ctx, run, &line.event);
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* A line that is longer than an event can be is none. */
static bool read_line(char *buffer, struct bytes *ret)
{
    int c;
    size_t length = 0;

    while ((c = getc(stdin)) != EOF && c != '\n')
        if (length <= LIMIT_DATAGRAM)
            buffer[length++] = (char)c;
    buffer[length] = '\0';
    *ret = (struct bytes){buffer, length};
    return c != EOF || length > 0;
}

static void read_lines(struct event_run *run, char *buffer)
{
    struct bytes text;

    for (run->line = 1; read_line(buffer, &text); run->line++) {
        TALLOC_CTX *ctx = talloc_new(run->ctx);

        if (bytes_trim(text).length)
            worsen(run, ctx ? take_line(ctx, run, text) : console_no_memory());
        talloc_free(ctx);
    }
}

int cmd_event(TALLOC_CTX *ctx, const struct options *options)
{
    struct event_run run = {
        .options = options, .where = options->collector, .socket = -1, .ctx = talloc_new(ctx)};
    char *buffer = run.ctx ? talloc_size(run.ctx, LIMIT_DATAGRAM + 2) : NULL;

    if (options->operand_count)
        return console_usage(_("unexpected argument: %s"), options->operands[0]);
    if (!buffer)
        return console_no_memory();
    if (!run.where)
        run.where = LISTENER_UNIX "/var/spool/postfix/mtasts-collect";
    read_lines(&run, buffer);
    if (run.socket >= 0)
        close(run.socket);
    talloc_free(run.ctx);
    return run.status;
}
