/* SPDX-License-Identifier: MIT */
/* collect_lines.c - a line becomes the datagram that it stands for; its record is looked up where
 * it has none. */
#include "cmd/collect_lines.h"

#include <string.h>

#include "app/tlsrpt_lookup.h"
#include "base/i18n.h"
#include "base/text.h"
#include "cmd/console.h"
#include "cmd/show_domains.h"
#include "collect/event_line.h"
#include "collect/limits.h"
#include "collect/line_server.h"
#include "net/net.h"

#define LOOKUP_MS  10000
#define NOTES_MS   5000 /* between two lines about lines that are none */
#define LINE_SHOWN 120

struct collect_lines {
    struct loop *loop;
    struct net *net;
    struct collector *collector;
    size_t waiting; /* events whose record is looked up */
    int64_t noted_at;
    bool noted;
};

/* An event whose record is looked up; all of it hangs on this. */
struct line_event {
    struct collect_lines *lines;
    struct event_line line;
    struct tlsrpt_lookup *lookup;
};

static void note(struct collect_lines *lines, const char *what, struct bytes line)
{
    int64_t now = loop_now(lines->loop);
    char *shown;

    if (lines->noted && now - lines->noted_at < NOTES_MS)
        return;
    lines->noted = true;
    lines->noted_at = now;
    shown = text_printable(NULL, line.data, line.length, LINE_SHOWN);
    console_note(_("rejected an event (%s): %s"), what, shown ? shown : "");
    talloc_free(shown);
}

static void count(struct collect_lines *lines, TALLOC_CTX *ctx, const struct session_event *event)
{
    struct bytes datagram;

    datagram.data = session_event_write(ctx, event, &datagram.length);
    if (datagram.data)
        collector_take(lines->collector, datagram);
}

/* ---- the record ------------------------------------------------------------------------------ */

static int line_event_drop(struct line_event *event)
{
    event->lines->waiting--;
    return 0;
}

static void on_record(void *arg, const char *record, bool known)
{
    struct line_event *event = arg;

    event->line.event.record = record;
    if (record)
        count(event->lines, event, &event->line.event);
    else if (!known)
        note(event->lines, "record-unknown", bytes_of(event->line.event.domain));
    talloc_free(event);
}

static void look_up(struct line_event *event)
{
    struct collect_lines *lines = event->lines;
    const struct tlsrpt_lookup_request request = {.dns = lines->net->dns,
                                                  .domain = event->line.event.domain,
                                                  .deadline = loop_now(lines->loop) + LOOKUP_MS,
                                                  .done = on_record,
                                                  .arg = event};

    if (lines->waiting > LIMIT_LINE_LOOKUPS ||
        tlsrpt_lookup_start(event, &request, &event->lookup) != STS_OK) {
        note(lines, "record-unknown", bytes_of(event->line.event.domain));
        talloc_free(event);
    }
}

/* ---- lines ----------------------------------------------------------------------------------- */

static void on_line(void *arg, struct bytes text)
{
    struct collect_lines *lines = arg;
    struct line_event *event =
        bytes_trim(text).length ? talloc_zero(lines, struct line_event) : NULL;
    char *copy = event ? talloc_strndup(event, text.data, text.length) : NULL;
    enum event_line_fault fault = EVENT_LINE_NOT_JSON;

    if (!event)
        return;
    event->lines = lines;
    lines->waiting++;
    talloc_set_destructor(event, line_event_drop);
    if (copy && text_is_utf8(copy, text.length))
        fault = event_line_read(event, (struct bytes){copy, text.length}, &event->line);
    if (fault) {
        note(lines, event_line_fault_name(fault), text);
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
    note(arg, "too-much", bytes_of(""));
}

/* ---- the beginning --------------------------------------------------------------------------- */

static int begin_network(struct collect_lines *lines, const struct options *options)
{
    struct net_options net;
    char *why = NULL;

    net_options_of(options, &net);
    net.no_smtp = true;
    if (net_new(lines, lines->loop, &net, &lines->net, &why) != STS_OK)
        return why ? console_internal("%s", why) : console_no_memory();
    return 0;
}

int collect_lines_start(TALLOC_CTX *ctx, const struct options *options, struct loop *loop,
                        struct collector *collector, const int *sockets, size_t socket_count)
{
    struct collect_lines *lines = socket_count ? talloc_zero(ctx, struct collect_lines) : NULL;
    int status = socket_count && !lines ? console_no_memory() : 0;

    if (!lines)
        return status;
    lines->loop = loop;
    lines->collector = collector;
    status = begin_network(lines, options);
    for (size_t i = 0; !status && i < socket_count; i++) {
        const struct line_server_request request = {
            .fd = sockets[i], .line = on_line, .too_long = on_too_long, .arg = lines};
        struct line_server *server;

        if (line_server_start(lines, loop, &request, &server) != STS_OK)
            status = console_no_memory();
    }
    return status;
}
