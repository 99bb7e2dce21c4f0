/* SPDX-License-Identifier: MIT */
/* serve_routes.c - the web service with routes of its own, for serve.py: forms, uploads and streams
 * shown as they arrive, whatever the program has of them.
 *
 * usage: serve_routes ADDRESS:PORT */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "event/jobs.h"
#include "event/listener.h"
#include "event/loop.h"
#include "event/signals.h"
#include "serve/exchange.h"
#include "serve/route.h"
#include "serve/server.h"
#include "serve/service.h"
#include "serve/upload.h"

#define TEXT "text/plain; charset=utf-8"

static void answer_text(struct exchange *exchange, const char *text)
{
    exchange_answer(exchange, 200, TEXT, bytes_of(text ? text : "no memory"));
}

static void answer_form(struct exchange *exchange)
{
    const char *a = exchange_form(exchange, "a"), *b = exchange_form(exchange, "b");

    answer_text(exchange,
                talloc_asprintf(exchange, "a=%s b=%s q=%s place=%s", a ? a : "-", b ? b : "-",
                                exchange_query(exchange, "q") ? exchange_query(exchange, "q") : "-",
                                exchange_place(exchange, "place")));
}

static void answer_upload(struct exchange *exchange)
{
    const struct upload *upload = exchange_upload(exchange, "file");
    unsigned long sum = 0;
    unsigned char block[4096];
    int64_t offset = 0;
    int fd = upload ? upload_open(upload, &offset) : -1;
    ssize_t n;

    for (int64_t at = 0; upload && at < upload->length; at += n) {
        int64_t left = upload->length - at;

        n = pread(fd, block, left < 4096 ? (size_t)left : sizeof(block), offset + at);
        if (n <= 0)
            break;
        for (ssize_t i = 0; i < n; i++)
            sum += block[i];
    }
    if (fd >= 0)
        close(fd);
    answer_text(exchange,
                talloc_asprintf(exchange, "%lld bytes, sum %lu, name %s, type %s, a=%s",
                                upload ? (long long)upload->length : -1, sum,
                                upload && upload->file_name ? upload->file_name : "-",
                                upload && upload->type ? upload->type : "-",
                                exchange_form(exchange, "a") ? exchange_form(exchange, "a") : "-"));
}

static void answer_json(struct exchange *exchange)
{
    struct bytes body = exchange_body(exchange);

    exchange_answer(exchange, 200, "application/json", body);
}

static void answer_large(struct exchange *exchange)
{
    size_t length = 300000;
    char *text = talloc_zero_size(exchange, length);

    memset(text, 'x', length);
    exchange_answer(exchange, 200, "application/octet-stream", (struct bytes){text, length});
}

/* ---- streams --------------------------------------------------------------------------------- */

struct stream {
    struct exchange *exchange;
    struct loop *loop;
    struct loop_timer *timer;
    int left, pause_ms;
    const char *piece;
};

static int gone(struct stream *stream)
{
    fprintf(stderr, "stream gone, %d left\n", stream->left);
    return 0;
}

static void on_due(void *arg)
{
    struct stream *stream = arg;

    if (!stream->left--) {
        exchange_end(stream->exchange);
        return;
    }
    loop_timer_again(stream->timer, loop_now(stream->loop) + stream->pause_ms);
    exchange_write(stream->exchange, bytes_of(stream->piece));
}

static void on_stopping(void *arg)
{
    struct stream *stream = arg;

    exchange_write(stream->exchange, bytes_of("data: stopping\n\n"));
    exchange_end(stream->exchange);
}

static void begin_stream(struct exchange *exchange, const struct stream *wanted, const char *type)
{
    struct stream *stream = talloc_memdup(exchange, wanted, sizeof(*wanted));

    stream->exchange = exchange;
    stream->loop = exchange_service(exchange)->loop;
    talloc_set_destructor(stream, gone);
    exchange_begin(exchange, 200, type);
    exchange_when_stopping(exchange, on_stopping, stream);
    if (loop_timer_start(stream, stream->loop, loop_now(stream->loop), on_due, stream,
                         &stream->timer) != STS_OK)
        exchange_end(exchange);
}

static void answer_three(struct exchange *exchange)
{
    begin_stream(exchange, &(struct stream){.left = 3, .piece = "piece\n"}, TEXT);
}

static void answer_events(struct exchange *exchange)
{
    begin_stream(exchange,
                 &(struct stream){.left = 1000000, .pause_ms = 20, .piece = "data: 1\n\n"},
                 "text/event-stream");
}

static void answer_flood(struct exchange *exchange)
{
    char *piece = talloc_zero_size(exchange, 16385);

    memset(piece, 'x', 16384);
    begin_stream(exchange, &(struct stream){.left = 1000000, .piece = piece}, "text/event-stream");
}

/* ---- jobs ------------------------------------------------------------------------------------ */

static void work(void *data)
{
    (void)data;
    usleep(300000);
}

static void on_done(void *arg, void *data)
{
    (void)data;
    answer_text(arg, "done");
}

static void answer_later(struct exchange *exchange)
{
    struct jobs_handle *handle;
    const struct jobs_request request = {work, on_done, NULL, exchange};

    if (jobs_start(exchange, exchange_service(exchange)->jobs, &request, &handle) != STS_OK)
        answer_text(exchange, NULL);
}

/* What a route should not do, and what becomes of it. */
static void answer_twice(struct exchange *exchange)
{
    TALLOC_CTX *own = talloc_new(exchange);

    answer_text(exchange, "once");
    answer_text(exchange, "twice");
    exchange_write(exchange, bytes_of("more"));
    exchange_end(exchange);
    talloc_free(own);
}

static const struct route routes[] = {
    {HTTP_POST, "/form/{place}", answer_form, ROUTE_PAGE, NEED_PUBLIC, ROUTE_FORM, 0},
    {HTTP_POST, "/upload", answer_upload, ROUTE_PAGE, NEED_PUBLIC, ROUTE_UPLOAD, 0},
    {HTTP_POST, "/small", answer_upload, ROUTE_PAGE, NEED_PUBLIC, ROUTE_UPLOAD, 10},
    {HTTP_POST, "/json", answer_json, ROUTE_API, NEED_PUBLIC, ROUTE_JSON, 0},
    {HTTP_GET, "/large", answer_large, ROUTE_PLAIN, NEED_PUBLIC, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/three", answer_three, ROUTE_PAGE, NEED_PUBLIC, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/events", answer_events, ROUTE_PAGE, NEED_PUBLIC, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/flood", answer_flood, ROUTE_PAGE, NEED_PUBLIC, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/later", answer_later, ROUTE_PAGE, NEED_PUBLIC, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/twice", answer_twice, ROUTE_PAGE, NEED_PUBLIC, ROUTE_NO_BODY, 0},
};
static const struct route_table table = {routes, sizeof(routes) / sizeof(routes[0]), NULL, 0};
static const struct route_table *const tables[] = {&table};

static void say(const char *line)
{
    fprintf(stderr, "%s\n", line);
}

static void on_stopped(void *arg)
{
    struct service *service = arg;

    loop_stop(service->loop);
}

static void on_signal(void *arg)
{
    struct service *service = arg;

    server_stop(service->server, on_stopped, service);
}

int main(int argc, char **argv)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct service *service = talloc_zero(ctx, struct service);
    struct server_socket socket = {.role = ROLE_WEB};
    struct signals_watch *watch;

    if (argc != 2 || listener_open(argv[1], &socket.fd) != LISTENER_OK)
        return 64;
    signals_catch(2, 3);
    service->origin = service->host = "";
    service->base_path = "/";
    service->log = say;
    service->tables = tables;
    service->table_count = 1;
    if (loop_new(ctx, &service->loop) != STS_OK ||
        jobs_new(service, service->loop, 2, &service->jobs) != STS_OK ||
        server_start(service, &(struct server_request){&socket, 1, 1000, NULL}) != STS_OK ||
        signals_start(ctx, service->loop, on_signal, service, &watch) != STS_OK ||
        loop_run(service->loop) != STS_OK)
        return 70;
    talloc_free(service);
    talloc_free(ctx);
    return 0;
}
