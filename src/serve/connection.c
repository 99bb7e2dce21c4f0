/* SPDX-License-Identifier: MIT */
/* connection.c - from bytes to exchanges and back.
 *
 * A connection is in one phase at a time:
 *
 *   HEAD    a request is read, or none has begun
 *   BODY    its body comes
 *   ANSWER  the route has it; what comes meanwhile is kept, up to LIMIT_AHEAD
 *   LINGER  a request was refused before its body was read: who still sends would be reset by a
 *           plain close, and never see why
 *   OVER    it is closed at the next turn
 *
 * work() goes on from phase to phase as long as there is something to go on with, then sets which
 * of reading and writing is waited for, and the deadline. */
#include "serve/connection.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/i18n.h"
#include "event/descriptor.h"
#include "serve/body.h"
#include "serve/exchange_work.h"
#include "serve/limits.h"
#include "serve/service.h"
#include "serve/soon.h"
#include "serve/standin.h"
#include "serve/visitor.h"

enum phase { PHASE_HEAD, PHASE_BODY, PHASE_ANSWER, PHASE_LINGER, PHASE_OVER };

struct connection {
    struct connection_request request;
    struct loop *loop;
    char *peer;
    struct descriptor_watch *readable, *writable;
    struct loop_timer *timer;
    struct soon_entry soon;
    struct buffer in, out;
    enum phase phase;
    int64_t since;    /* when the phase began */
    int64_t progress; /* when bytes were last sent */
    struct exchange *exchange;
    struct body *body;
    struct standin_chunks chunks;
    size_t lingered;
    bool last;  /* no further request is taken */
    bool ended; /* the peer sends no more */
    bool used;  /* a request came before */
    bool held;  /* a request is not taken, since too much is unsent */
};

static int connection_drop(struct connection *connection)
{
    soon_forget(&connection->soon);
    TALLOC_FREE(connection->exchange);
    TALLOC_FREE(connection->readable);
    TALLOC_FREE(connection->writable);
    close(connection->request.fd);
    return 0;
}

static void enter(struct connection *connection, enum phase phase)
{
    connection->phase = phase;
    connection->since = loop_now(connection->loop);
}

static void go_on_soon(struct connection *connection)
{
    soon_add(connection->request.soon, &connection->soon);
}

/* ---- the exchange's side --------------------------------------------------------------------- */

static void on_put(void *arg)
{
    go_on_soon(arg);
}

static void on_broken(void *arg)
{
    struct connection *connection = arg;

    enter(connection, PHASE_OVER);
    go_on_soon(connection);
}

/* The route may still stand in one of its functions: it is freed when that has returned. */
static void on_ended(void *arg)
{
    struct connection *connection = arg;
    struct exchange *exchange = connection->exchange;

    connection->exchange = NULL;
    connection->body = NULL;
    exchange->outlet.out = NULL;
    connection->last |= exchange->close;
    if (connection->phase == PHASE_ANSWER)
        enter(connection, PHASE_HEAD);
    soon_free(connection->request.soon, exchange);
    go_on_soon(connection);
}

static struct exchange *exchange_new(struct connection *connection, struct http_request *request)
{
    struct exchange *exchange = talloc_zero(connection, struct exchange);

    if (!exchange)
        return NULL;
    exchange->service = connection->request.service;
    exchange->outlet = (struct exchange_outlet){.out = &connection->out,
                                                .put = on_put,
                                                .ended = on_ended,
                                                .broken = on_broken,
                                                .arg = connection};
    exchange->request = talloc_steal(exchange, request);
    exchange->whole.fd = -1;
    exchange->visitor = (struct visitor){connection->peer, "en", "", false};
    return exchange;
}

/* ---- requests -------------------------------------------------------------------------------- */

static const struct {
    unsigned status;
    const char *code, *detail;
} refusals[] = {
    {400, "bad-request", N_("The request is malformed.")},
    {404, "not-found", N_("There is nothing at this address.")},
    {405, "method-not-allowed", N_("This address does not take this method.")},
    {413, "too-large", N_("The request is too large.")},
    {431, "head-too-large", N_("The header fields of the request are too large.")},
    {503, "no-room", N_("The service has no room for this request at the moment.")},
};

/* Refused before its body was read: the connection cannot go on behind it. */
static void refuse(struct connection *connection, unsigned status)
{
    struct exchange *exchange = connection->exchange;
    bool unread = exchange->request->length != 0; /* 0 from when it was read */
    size_t i = 0;

    while (i + 1 < sizeof(refusals) / sizeof(refusals[0]) && refusals[i].status != status)
        i++;
    exchange->close |= unread;
    connection->phase = PHASE_ANSWER;
    exchange_problem(exchange, status, refusals[i].code, _(refusals[i].detail));
    if (unread)
        enter(connection, PHASE_LINGER);
}

static void refuse_head(struct connection *connection, unsigned status)
{
    struct http_request *request = talloc_zero(connection, struct http_request);
    struct exchange *exchange = request ? exchange_new(connection, request) : NULL;

    if (!exchange) {
        on_broken(connection);
        return;
    }
    *request = (struct http_request){.method = HTTP_OTHER, .path = "/", .query = "", .host = ""};
    request->minor = 1;
    request->length = -1;
    exchange->match.kind = ROUTE_PLAIN;
    connection->exchange = exchange;
    refuse(connection, status);
}

static void answer_options(struct exchange *exchange)
{
    exchange_answer(exchange, 204, NULL, (struct bytes){"", 0});
}

/* No route: what is there instead. */
static void answer_without(struct connection *connection)
{
    struct exchange *exchange = connection->exchange;
    char *allow = router_allow(exchange, exchange->match.methods);

    if (exchange->match.methods)
        exchange_field(exchange, "Allow", allow ? allow : "");
    if (exchange->match.methods && exchange->request->method == HTTP_OPTIONS &&
        !exchange->request->length)
        answer_options(exchange);
    else
        refuse(connection, exchange->match.methods ? 405 : 404);
}

/* With the base URL's path in front or without it: a proxy may take it away. */
static void strip_base(const struct service *service, struct http_request *request)
{
    size_t length = strlen(service->base_path);

    if (strncmp(request->path, service->base_path, length) == 0)
        request->path += length - 1;
}

/* Now it is known who asks. */
static void call_route(struct exchange *exchange)
{
    const struct service *service = exchange->service;
    bool is_form = exchange->match.kind == ROUTE_PAGE && exchange->request->method == HTTP_POST;

    if (is_form && service->form_is_genuine && !service->form_is_genuine(exchange))
        exchange_problem(exchange, 403, "forged",
                         _("This form does not belong to your session. Reload the page and try "
                           "again."));
    else
        exchange->match.route->answer(exchange);
}

static void dispatch(struct connection *connection)
{
    struct exchange *exchange = connection->exchange;
    enum i18n_language before = i18n_use(i18n_language_named(exchange->visitor.language));

    enter(connection, PHASE_ANSWER);
    if (exchange->service->find_account)
        exchange->service->find_account(exchange, call_route);
    else
        call_route(exchange);
    i18n_use(before);
}

static void begin_body(struct connection *connection)
{
    struct exchange *exchange = connection->exchange;

    if (exchange->request->length > body_limit(exchange)) {
        refuse(connection, 413);
        return;
    }
    connection->body = body_new(exchange);
    if (!connection->body) {
        refuse(connection, 503);
        return;
    }
    if (exchange->request->expects_continue && !buffer_held(&connection->in).length)
        (void)buffer_put(connection, &connection->out, bytes_of("HTTP/1.1 100 Continue\r\n\r\n"));
    connection->chunks = (struct standin_chunks){0};
    enter(connection, PHASE_BODY);
}

static void begin_exchange(struct connection *connection, struct http_request *request)
{
    struct exchange *exchange = exchange_new(connection, request);

    if (!exchange) {
        talloc_free(request);
        on_broken(connection);
        return;
    }
    connection->exchange = exchange;
    connection->used = true;
    exchange->close = !request->keep_alive || connection->last;
    strip_base(exchange->service, request);
    visitor_find(exchange, connection->peer, false);
    if (!router_find(exchange, request->method, request->path, &exchange->match))
        on_broken(connection);
    else if (!exchange->match.route)
        answer_without(connection);
    else if (request->length)
        begin_body(connection);
    else
        dispatch(connection);
}

/* False: there is nothing to go on with. */
static bool take_head(struct connection *connection)
{
    struct bytes held = buffer_held(&connection->in);
    struct http_request *request;
    size_t used = 0;
    unsigned status;

    connection->held = buffer_held(&connection->out).length > LIMIT_UNSENT;
    if (connection->last || connection->held)
        return false;
    status = standin_head(connection, held, &request, &used);
    if (!status)
        return false;
    buffer_take(&connection->in, used);
    if (status == 200)
        begin_exchange(connection, request);
    else
        refuse_head(connection, status);
    return true;
}

/* ---- bodies ---------------------------------------------------------------------------------- */

static void finish_body(struct connection *connection)
{
    unsigned status;

    status = body_finish(connection->body);
    connection->exchange->request->length = 0;
    if (status)
        refuse(connection, status);
    else
        dispatch(connection);
}

static bool take_piece(struct connection *connection, struct bytes piece)
{
    unsigned status = piece.length ? body_take(connection->body, piece) : 0;

    if (status)
        refuse(connection, status);
    return !status;
}

static bool take_plain(struct connection *connection)
{
    struct bytes held = buffer_held(&connection->in);
    int64_t left = connection->exchange->request->length - body_length(connection->body);

    if (!held.length)
        return false;
    if ((int64_t)held.length > left)
        held.length = (size_t)left;
    if (!take_piece(connection, held))
        return true;
    buffer_take(&connection->in, held.length);
    if ((int64_t)held.length == left)
        finish_body(connection);
    return true;
}

static bool take_chunk(struct connection *connection)
{
    struct bytes held = buffer_held(&connection->in), piece;
    size_t used;
    unsigned status = standin_chunk(&connection->chunks, held, &piece, &used);

    if (!status && !used)
        return false;
    if (status > 200) {
        refuse(connection, status);
        return true;
    }
    if (!take_piece(connection, piece))
        return true;
    buffer_take(&connection->in, used);
    if (status == 200)
        finish_body(connection);
    return true;
}

static bool take_body(struct connection *connection)
{
    return connection->exchange->request->length < 0 ? take_chunk(connection)
                                                     : take_plain(connection);
}

/* ---- reading and writing --------------------------------------------------------------------- */

static bool take_linger(struct connection *connection)
{
    size_t length = buffer_held(&connection->in).length;

    connection->lingered += length;
    buffer_take(&connection->in, length);
    if (connection->lingered > LIMIT_LINGER)
        enter(connection, PHASE_OVER);
    return false;
}

static bool take_step(struct connection *connection)
{
    switch (connection->phase) {
    case PHASE_HEAD:
        return take_head(connection);
    case PHASE_BODY:
        return take_body(connection);
    case PHASE_LINGER:
        return take_linger(connection);
    default:
        return false;
    }
}

static void send_out(struct connection *connection)
{
    struct bytes held = buffer_held(&connection->out);
    ssize_t n;

    if (!held.length || connection->phase == PHASE_OVER)
        return;
    n = send(connection->request.fd, held.data, held.length, MSG_NOSIGNAL);
    if (n > 0) {
        buffer_take(&connection->out, (size_t)n);
        buffer_rest(&connection->out);
        connection->progress = loop_now(connection->loop);
    } else if (n < 0 && errno != EAGAIN && errno != EINTR)
        enter(connection, PHASE_OVER);
}

static void tell_sent(struct connection *connection)
{
    struct exchange *exchange = connection->exchange;
    void (*ready)(void *arg);

    if (connection->phase != PHASE_ANSWER || !exchange || !exchange->ready ||
        buffer_held(&connection->out).length)
        return;
    ready = exchange->ready;
    exchange->ready = NULL;
    ready(exchange->ready_arg);
}

static bool is_done(const struct connection *connection)
{
    bool waits = connection->exchange || buffer_held(&connection->out).length;

    if (connection->phase == PHASE_OVER)
        return true;
    if (waits)
        return connection->phase == PHASE_BODY && connection->ended;
    return connection->ended || (connection->last && connection->phase != PHASE_LINGER);
}

/* In PHASE_LINGER the answer is out: say so, and read on. */
static void say_end(struct connection *connection)
{
    if (connection->phase == PHASE_LINGER && !buffer_held(&connection->out).length)
        (void)shutdown(connection->request.fd, SHUT_WR);
}

static int64_t deadline_of(const struct connection *connection)
{
    int64_t writing = buffer_held(&connection->out).length ? connection->progress + LIMIT_WRITE_MS
                                                           : INT64_MAX / 2;
    int64_t reading = INT64_MAX / 2;

    if (connection->phase == PHASE_LINGER)
        reading = connection->since + LIMIT_LINGER_MS;
    if (connection->phase == PHASE_BODY)
        reading = connection->since + LIMIT_BODY_MS + body_length(connection->body) * 1000 / 1024;
    if (connection->phase == PHASE_HEAD)
        reading = connection->since + (connection->used && !buffer_held(&connection->in).length
                                           ? LIMIT_IDLE_MS
                                           : LIMIT_HEAD_MS);
    return reading < writing ? reading : writing;
}

static void finish(struct connection *connection)
{
    connection->request.gone(connection->request.arg, connection);
    talloc_free(connection);
}

static void wait_for_more(struct connection *connection)
{
    bool full = buffer_held(&connection->in).length >= LIMIT_AHEAD ||
                buffer_held(&connection->out).length > LIMIT_UNSENT;

    descriptor_watch_hold(connection->readable, full || connection->ended);
    descriptor_watch_hold(connection->writable, !buffer_held(&connection->out).length);
    loop_timer_again(connection->timer, deadline_of(connection));
    buffer_rest(&connection->in);
    if (connection->held && buffer_held(&connection->out).length <= LIMIT_UNSENT)
        go_on_soon(connection);
}

static void work(struct connection *connection)
{
    while (take_step(connection))
        ;
    send_out(connection);
    tell_sent(connection);
    say_end(connection);
    if (is_done(connection))
        finish(connection);
    else
        wait_for_more(connection);
}

static void on_soon(void *arg)
{
    work(arg);
}

static void on_writable(void *arg)
{
    work(arg);
}

static void on_readable(void *arg)
{
    struct connection *connection = arg;
    char *room = buffer_room(connection, &connection->in, LIMIT_READ);
    bool fresh = !buffer_held(&connection->in).length;
    ssize_t n = room ? recv(connection->request.fd, room, LIMIT_READ, 0) : -1;

    if (n > 0)
        buffer_added(&connection->in, (size_t)n);
    else if (n == 0)
        connection->ended = true;
    else if (!room || (errno != EAGAIN && errno != EINTR))
        enter(connection, PHASE_OVER);
    /* The head's time begins with its first byte. */
    if (n > 0 && fresh && connection->used && connection->phase == PHASE_HEAD)
        enter(connection, PHASE_HEAD);
    if (n == 0 && connection->phase == PHASE_ANSWER)
        enter(connection, PHASE_OVER);
    work(connection);
}

static void on_deadline(void *arg)
{
    struct connection *connection = arg;

    if (deadline_of(connection) > loop_now(connection->loop)) {
        loop_timer_again(connection->timer, deadline_of(connection));
        return;
    }
    enter(connection, PHASE_OVER);
    work(connection);
}

/* ---- beginning and end ----------------------------------------------------------------------- */

static enum sts_status start_watches(struct connection *connection)
{
    const struct descriptor_watch_request reading = {connection->request.fd, DESCRIPTOR_READ,
                                                     on_readable, connection};
    const struct descriptor_watch_request writing = {connection->request.fd, DESCRIPTOR_WRITE,
                                                     on_writable, connection};
    enum sts_status status =
        descriptor_watch_start(connection, connection->loop, &reading, &connection->readable);

    if (status == STS_OK)
        status =
            descriptor_watch_start(connection, connection->loop, &writing, &connection->writable);
    if (status == STS_OK)
        status = loop_timer_start(connection, connection->loop, deadline_of(connection),
                                  on_deadline, connection, &connection->timer);
    if (status == STS_OK)
        descriptor_watch_hold(connection->writable, true);
    return status;
}

enum sts_status connection_start(TALLOC_CTX *ctx, const struct connection_request *request,
                                 struct connection **ret)
{
    static const int on = 1;
    struct connection *connection = talloc_zero(ctx, struct connection);

    if (!connection) {
        close(request->fd);
        return STS_E_NOMEM;
    }
    connection->request = *request;
    connection->loop = request->service->loop;
    connection->soon = (struct soon_entry){.run = on_soon, .arg = connection};
    talloc_set_destructor(connection, connection_drop);
    connection->peer = talloc_strdup(connection, request->peer);
    /* A head and a body that are written apart would else wait for an acknowledgement. */
    (void)setsockopt(request->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    enter(connection, PHASE_HEAD);
    if (!connection->peer || start_watches(connection) != STS_OK) {
        talloc_free(connection);
        return STS_E_NOMEM;
    }
    *ret = connection;
    return STS_OK;
}

bool connection_is_idle(const struct connection *connection)
{
    return connection->phase == PHASE_HEAD && !buffer_held(&connection->in).length &&
           !buffer_held(&connection->out).length;
}

void connection_wind_down(struct connection *connection)
{
    connection->last = true;
    if (connection->exchange && !connection->exchange->begun)
        connection->exchange->close = true;
    go_on_soon(connection);
}
