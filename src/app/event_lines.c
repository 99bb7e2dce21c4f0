/* SPDX-License-Identifier: MIT */
/* event_lines.c - a line becomes the datagram that it stands for; its record is looked up where
 * it has none. */
#include "app/event_lines.h"

#include "app/tlsrpt_lookup.h"
#include "base/text.h"
#include "collect/event_line.h"
#include "collect/limits.h"
#include "collect/line_server.h"
#include "net/net.h"

#define LOOKUP_MS 10000
#define NOTES_MS  5000 /* between two lines about lines that are none */

struct event_lines {
    struct event_lines_request request;
    struct loop *loop;
    struct net *net;
    size_t waiting; /* events whose record is looked up */
    int64_t noted_at;
    bool noted;
    struct line_server **servers;
    size_t server_count;
    TALLOC_CTX *events;     /* those whose record is looked up */
    struct loop_timer *end; /* NULL: it does not end yet */
    loop_fn ended;
    void *arg;
};

/* An event whose record is looked up; all of it hangs on this. */
struct line_event {
    struct event_lines *lines;
    struct event_line line;
    struct tlsrpt_lookup *lookup;
};

static void note(struct event_lines *lines, const char *what, struct bytes line)
{
    int64_t now = loop_now(lines->loop);

    if (lines->noted && now - lines->noted_at < NOTES_MS)
        return;
    lines->noted = true;
    lines->noted_at = now;
    lines->request.rejected(lines->request.arg, what, line);
}

static void count(struct event_lines *lines, TALLOC_CTX *ctx, const struct session_event *event)
{
    struct bytes datagram;

    datagram.data = session_event_write(ctx, event, &datagram.length);
    if (datagram.data)
        collector_take(lines->request.collector, datagram);
    else
        collector_refuse(lines->request.collector, SESSION_EVENT_NONE);
}

/* ---- the record ------------------------------------------------------------------------------ */

static int line_event_drop(struct line_event *event)
{
    event->lines->waiting--;
    return 0;
}

static void lose(struct line_event *event)
{
    note(event->lines, "record-unknown", bytes_of(event->line.event.domain));
    collector_refuse(event->lines->request.collector, SESSION_EVENT_NONE);
}

static void on_record(void *arg, const char *record, bool known)
{
    struct line_event *event = arg;
    struct event_lines *lines = event->lines;

    event->line.event.record = record;
    if (record)
        count(lines, event, &event->line.event);
    else if (!known)
        lose(event);
    talloc_free(event);
    if (lines->end && !lines->waiting)
        loop_timer_again(lines->end, loop_now(lines->loop));
}

static void look_up(struct line_event *event)
{
    struct event_lines *lines = event->lines;
    const struct tlsrpt_lookup_request request = {.dns = lines->net->dns,
                                                  .domain = event->line.event.domain,
                                                  .deadline = loop_now(lines->loop) + LOOKUP_MS,
                                                  .done = on_record,
                                                  .arg = event};

    if (lines->waiting > LIMIT_LINE_LOOKUPS ||
        tlsrpt_lookup_start(event, &request, &event->lookup) != STS_OK) {
        lose(event);
        talloc_free(event);
    }
}

/* ---- the end --------------------------------------------------------------------------------- */

static void on_end(void *arg)
{
    struct event_lines *lines = arg;

    for (size_t i = lines->waiting; i > 0; i--)
        collector_refuse(lines->request.collector, SESSION_EVENT_NONE);
    TALLOC_FREE(lines->events);
    lines->ended(lines->arg);
}

void event_lines_end(struct event_lines *lines, loop_fn ended, void *arg)
{
    int64_t until = loop_now(lines->loop);

    lines->ended = ended;
    lines->arg = arg;
    for (size_t i = 0; i < lines->server_count; i++)
        line_server_drain(lines->servers[i]);
    if (lines->waiting)
        until += LIMIT_LINE_END_MS;
    if (loop_timer_start(lines, lines->loop, until, on_end, lines, &lines->end) != STS_OK)
        on_end(lines);
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* As datagrams have it. */
static void reject(struct event_lines *lines, enum event_line_fault fault, struct bytes text)
{
    static const enum session_event_fault faults[EVENT_LINE_FAULT_COUNT] = {
        [EVENT_LINE_NO_MEMORY] = SESSION_EVENT_NO_MEMORY,
        [EVENT_LINE_NOT_JSON] = SESSION_EVENT_NOT_JSON,
        [EVENT_LINE_NO_DOMAIN] = SESSION_EVENT_NO_DOMAIN,
        [EVENT_LINE_BAD_POLICY_TYPE] = SESSION_EVENT_NO_POLICY,
        [EVENT_LINE_BAD_RESULT_TYPE] = SESSION_EVENT_NO_POLICY,
        [EVENT_LINE_BAD_MEMBER] = SESSION_EVENT_NO_POLICY};

    note(lines, event_line_fault_name(fault), text);
    collector_refuse(lines->request.collector, faults[fault]);
}

static void on_line(void *arg, struct bytes text)
{
    struct event_lines *lines = arg;
    struct line_event *event =
        bytes_trim(text).length ? talloc_zero(lines->events, struct line_event) : NULL;
    char *copy = event ? talloc_strndup(event, text.data, text.length) : NULL;
    enum event_line_fault fault = EVENT_LINE_NOT_JSON;

    if (!event) {
        if (bytes_trim(text).length)
            collector_refuse(lines->request.collector, SESSION_EVENT_NONE);
        return;
    }
    event->lines = lines;
    lines->waiting++;
    talloc_set_destructor(event, line_event_drop);
    if (copy && text_is_utf8(copy, text.length))
        fault = event_line_read(event, (struct bytes){copy, text.length}, &event->line);
    if (fault) {
        reject(lines, fault, text);
        talloc_free(event);
    } else if (event->line.event.record) {
        count(lines, event, &event->line.event);
        talloc_free(event);
    } else {
        look_up(event);
    }
}

static void on_too_long(void *arg)
{
    struct event_lines *lines = arg;

    note(lines, session_event_fault_name(SESSION_EVENT_TOO_MUCH), bytes_of(""));
    collector_refuse(lines->request.collector, SESSION_EVENT_TOO_MUCH);
}

/* ---- the beginning --------------------------------------------------------------------------- */

static enum sts_status listen_at(struct event_lines *lines, int fd)
{
    const struct line_server_request request = {
        .fd = fd, .line = on_line, .too_long = on_too_long, .arg = lines};
    enum sts_status status =
        line_server_start(lines, lines->loop, &request, &lines->servers[lines->server_count]);

    lines->server_count += status == STS_OK;
    return status;
}

static enum sts_status begin(struct event_lines *lines, const struct net_options *net,
                             char **ret_why)
{
    const struct event_lines_request *request = &lines->request;
    enum sts_status status = net_new(lines, lines->loop, net, &lines->net, ret_why);

    lines->servers = talloc_array(lines, struct line_server *, request->socket_count);
    lines->events = talloc_new(lines);
    if (status == STS_OK && (!lines->servers || !lines->events))
        status = STS_E_NOMEM;
    for (size_t i = 0; status == STS_OK && i < request->socket_count; i++)
        status = listen_at(lines, request->sockets[i]);
    return status;
}

enum sts_status event_lines_start(TALLOC_CTX *ctx, struct loop *loop,
                                  const struct event_lines_request *request,
                                  struct event_lines **ret, char **ret_why)
{
    struct event_lines *lines = talloc_zero(ctx, struct event_lines);
    struct net_options net = *request->net;
    enum sts_status status;

    *ret_why = NULL;
    if (!lines)
        return STS_E_NOMEM;
    lines->loop = loop;
    lines->request = *request;
    net.no_smtp = true;
    status = begin(lines, &net, ret_why);
    if (status == STS_OK) {
        *ret = lines;
        return STS_OK;
    }
    if (*ret_why)
        talloc_steal(ctx, *ret_why);
    talloc_free(lines);
    return status;
}
