/* SPDX-License-Identifier: MIT */
/* connection.c - from bytes to exchanges and back.
 *
 * A connection is in one phase at a time:
 *
 *   READ    the handshake of TLS, then the engine reads a request, or none has begun
 *   ANSWER  the route has it; what comes meanwhile is kept, up to LIMIT_AHEAD
 *   LINGER  a request was refused before its body was read: who still sends would be reset by a
 *           plain close, and never see why
 *   OVER    it is closed before this turn ends
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

#include "base/clock.h"
#include "base/i18n.h"
#include "event/descriptor.h"
#include "http/engine.h"
#include "net/tls_server.h"
#include "serve/admission.h"
#include "serve/api_limit.h"
#include "serve/body.h"
#include "serve/exchange_work.h"
#include "serve/limits.h"
#include "serve/log.h"
#include "serve/meter.h"
#include "serve/need.h"
#include "serve/refusal.h"
#include "serve/service.h"
#include "serve/soon.h"

enum phase { PHASE_READ, PHASE_ANSWER, PHASE_LINGER, PHASE_OVER };

struct connection {
    struct connection_request request;
    struct loop *loop;
    char *peer;
    struct descriptor_watch *readable, *writable;
    struct loop_timer *timer;
    struct soon_entry soon;
    struct buffer in, out;
    struct tls_stream *tls; /* NULL: it is plain */
    struct http_engine *engine;
    enum phase phase;
    int64_t since;    /* when the phase began, and within READ the head or the body */
    int64_t progress; /* when bytes were last sent, or the first of them put */
    struct exchange *exchange;
    struct body *body; /* NULL: the request has none */
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
    if (connection->tls)
        tls_stream_end(connection->tls);
    TALLOC_FREE(connection->tls);
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

static size_t unsent(const struct connection *connection)
{
    return buffer_held(&connection->out).length;
}

/* ---- the exchange's side --------------------------------------------------------------------- */

static void on_put(void *arg)
{
    go_on_soon(arg);
}

static void on_broken(void *arg)
{
    struct connection *connection = arg;

    if (unsent(connection) > LIMIT_STREAM)
        meter_refuse(connection->request.meter, METER_SLOW_READER);
    enter(connection, PHASE_OVER);
    go_on_soon(connection);
}

/* The route may still stand in one of its functions: it is freed when that has returned. */
static void on_ended(void *arg)
{
    struct connection *connection = arg;
    struct exchange *exchange = connection->exchange;

    log_request(exchange, connection->request.meter);
    connection->exchange = NULL;
    connection->body = NULL;
    exchange->outlet.out = NULL;
    connection->last |= exchange->close;
    if (connection->phase == PHASE_ANSWER)
        enter(connection, PHASE_READ);
    soon_free(connection->request.soon, exchange);
    go_on_soon(connection);
}

static struct exchange *exchange_new(struct connection *connection, struct http_request *request)
{
    struct exchange *exchange = talloc_zero(connection, struct exchange);

    if (!exchange)
        return NULL;
    exchange->service = connection->request.service;
    exchange->role = connection->request.role;
    exchange->over_own_tls = connection->tls;
    exchange->outlet = (struct exchange_outlet){.out = &connection->out,
                                                .put = on_put,
                                                .ended = on_ended,
                                                .broken = on_broken,
                                                .arg = connection};
    exchange->request = talloc_steal(exchange, request);
    exchange->whole.fd = -1;
    exchange->id = talloc_strdup(exchange, "-");
    exchange->visitor =
        (struct visitor){.address = connection->peer, .language = "en", .theme = ""};
    exchange->begun_at = clock_monotonic_ms();
    connection->exchange = exchange;
    return exchange;
}

/* ---- refusing -------------------------------------------------------------------------------- */

static enum meter_refusal reason_of(unsigned status)
{
    static const struct {
        unsigned status;
        enum meter_refusal reason;
    } reasons[] = {{403, METER_FOREIGN},   {413, METER_TOO_LARGE}, {414, METER_TOO_LARGE},
                   {431, METER_TOO_LARGE}, {421, METER_HOST},      {503, METER_SPACE}};

    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return METER_MALFORMED;
}

/* Where the request was not read to its end, the connection cannot go on behind it. */
static void refuse(struct connection *connection, unsigned status)
{
    struct exchange *exchange = connection->exchange;
    bool unread = connection->phase == PHASE_READ;
    enum i18n_language before = i18n_use(i18n_language_named(exchange->visitor.language));

    if (status != 404 && status != 405)
        meter_refuse(connection->request.meter, reason_of(status));
    exchange->close |= unread;
    connection->phase = PHASE_ANSWER;
    refusal_answer(exchange, status);
    if (unread)
        enter(connection, PHASE_LINGER);
    i18n_use(before);
}

/* There is no request, since it could not be read; a route may wait for its body. */
static void refuse_bytes(struct connection *connection, unsigned status)
{
    static const struct http_request none = {
        .method = HTTP_OTHER, .minor = 1, .path = "/", .query = "", .host = "", .length = -1};
    struct http_request *request;

    if (!connection->exchange) {
        request = talloc_memdup(connection, &none, sizeof(none));
        if (!request || !exchange_new(connection, request)) {
            on_broken(connection);
            return;
        }
        connection->exchange->match.kind = ROUTE_PLAIN;
    }
    refuse(connection, status);
}

/* errno: what was wrong with the file that the body goes to. */
static void say_no_room(const struct connection *connection, int error)
{
    static int64_t told = INT64_MIN / 2;
    int64_t now = clock_monotonic_ms();

    if (now - told < LIMIT_LOG_MS)
        return;
    told = now;
    service_say(connection->request.service, _("%s: %s; uploads are refused with status 503"),
                body_folder(), _(strerror(error)));
}

/* ---- requests -------------------------------------------------------------------------------- */

/* No route: what is there instead. */
static void answer_without(struct connection *connection)
{
    struct exchange *exchange = connection->exchange;
    unsigned methods = exchange->match.methods;
    char *allow = router_allow(exchange, methods);

    if (methods)
        exchange_field(exchange, "Allow", allow ? allow : "");
    if (methods && exchange->request->method == HTTP_OPTIONS && connection->phase == PHASE_ANSWER)
        exchange_answer(exchange, 204, NULL, (struct bytes){"", 0});
    else
        refuse(connection, methods ? 405 : 404);
}

/* Now it is known who asks. */
static void call_route(struct exchange *exchange)
{
    const struct service *service = exchange->service;
    enum i18n_language before = i18n_use(i18n_language_named(exchange->visitor.language));
    bool is_form = exchange->match.kind == ROUTE_PAGE && exchange->request->method == HTTP_POST;

    if (!api_limit_take(exchange) || !need_is_met(exchange)) {
        i18n_use(before);
        return;
    }
    if (is_form && service->form_is_genuine && !service->form_is_genuine(exchange))
        exchange_problem(exchange, 403, "forged",
                         _("This form does not belong to your session. Reload the page and try "
                           "again."));
    else
        exchange->match.route->answer(exchange);
    i18n_use(before);
}

static void dispatch(struct connection *connection)
{
    struct exchange *exchange = connection->exchange;

    enter(connection, PHASE_ANSWER);
    if (exchange->service->find_account)
        exchange->service->find_account(exchange, call_route);
    else
        call_route(exchange);
}

/* The request is complete. */
static void on_request(struct connection *connection)
{
    unsigned status = connection->body ? body_finish(connection->body) : 0;

    enter(connection, PHASE_ANSWER);
    if (status)
        refuse(connection, status);
    else if (connection->exchange->match.route)
        dispatch(connection);
    else
        answer_without(connection);
}

static void begin_body(struct connection *connection)
{
    struct exchange *exchange = connection->exchange;

    if (!exchange->match.route) {
        answer_without(connection);
        return;
    }
    if (!http_engine_allow(connection->engine, body_limit(exchange))) {
        refuse(connection, 413);
        return;
    }
    connection->body = body_new(exchange);
    if (!connection->body) {
        say_no_room(connection, errno);
        refuse(connection, 503);
        return;
    }
    if (exchange->request->expects_continue && !buffer_held(&connection->in).length)
        (void)buffer_put(connection, &connection->out, bytes_of("HTTP/1.1 100 Continue\r\n\r\n"));
    connection->since = loop_now(connection->loop);
}

static void on_head(struct connection *connection, struct http_request *request)
{
    struct exchange *exchange = exchange_new(connection, request);
    unsigned status;

    if (!exchange) {
        talloc_free(request);
        on_broken(connection);
        return;
    }
    connection->used = true;
    exchange->close = !request->keep_alive || connection->last;
    status = admission_check(exchange, connection->peer, connection->request.tls);
    if (status)
        refuse(connection, status);
    else if (request->length)
        begin_body(connection);
}

static void on_piece(struct connection *connection, struct bytes piece)
{
    unsigned status = body_take(connection->body, piece);

    if (status == 503)
        say_no_room(connection, errno);
    if (status)
        refuse(connection, status);
}

/* False: there is nothing to go on with. */
static bool take_event(struct connection *connection)
{
    struct bytes held = buffer_held(&connection->in), left = held;
    struct http_event event = http_engine_next(connection->engine, &left);

    /* A piece of the body is still there: nothing is put in before it was used. */
    buffer_take(&connection->in, held.length - left.length);
    switch (event.kind) {
    case HTTP_EVENT_HEAD:
        on_head(connection, event.request);
        break;
    case HTTP_EVENT_BODY:
        on_piece(connection, event.piece);
        break;
    case HTTP_EVENT_END:
        on_request(connection);
        break;
    case HTTP_EVENT_ERROR:
        refuse_bytes(connection, event.fault.status);
        break;
    default:
        break;
    }
    return event.kind != HTTP_EVENT_MORE;
}

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
    if (connection->phase == PHASE_LINGER)
        return take_linger(connection);
    if (connection->phase != PHASE_READ)
        return false;
    connection->held = !connection->exchange && unsent(connection) > LIMIT_UNSENT;
    if (connection->held || (connection->last && !connection->exchange))
        return false;
    return take_event(connection);
}

/* ---- reading and writing --------------------------------------------------------------------- */

static ssize_t receive(struct connection *connection, char *room)
{
    if (connection->tls)
        return tls_stream_read(connection->tls, room, LIMIT_READ);
    return recv(connection->request.fd, room, LIMIT_READ, 0);
}

static ssize_t transmit(struct connection *connection, struct bytes held)
{
    if (connection->tls)
        return tls_stream_write(connection->tls, held.data, held.length);
    return send(connection->request.fd, held.data, held.length, MSG_NOSIGNAL);
}

static bool is_shaking_hands(const struct connection *connection)
{
    return connection->tls && !tls_stream_is_open(connection->tls);
}

static bool waits_to_write(const struct connection *connection)
{
    return unsent(connection) || (connection->tls && tls_stream_wants_write(connection->tls));
}

static void send_out(struct connection *connection)
{
    struct bytes held = buffer_held(&connection->out);
    ssize_t n;

    if (!held.length || connection->phase == PHASE_OVER)
        return;
    n = transmit(connection, held);
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
    enum i18n_language before;
    void (*ready)(void *arg);

    if (connection->phase != PHASE_ANSWER || !exchange || !exchange->ready || unsent(connection))
        return;
    before = i18n_use(i18n_language_named(exchange->visitor.language));
    ready = exchange->ready;
    exchange->ready = NULL;
    ready(exchange->ready_arg);
    i18n_use(before);
}

static bool is_done(const struct connection *connection)
{
    if (connection->phase == PHASE_OVER)
        return true;
    if (connection->phase == PHASE_READ && connection->ended && connection->exchange)
        return true; /* the rest of the request will not come */
    if (connection->exchange || unsent(connection))
        return false;
    return connection->ended || (connection->last && connection->phase != PHASE_LINGER);
}

/* In PHASE_LINGER the answer is out: say so, and read on. */
static void say_end(struct connection *connection)
{
    if (connection->phase != PHASE_LINGER || unsent(connection))
        return;
    if (connection->tls)
        tls_stream_end(connection->tls);
    else
        (void)shutdown(connection->request.fd, SHUT_WR);
}

#define NEVER (INT64_MAX / 2)

static int64_t reading_deadline(const struct connection *connection)
{
    if (connection->phase == PHASE_LINGER)
        return connection->since + LIMIT_LINGER_MS;
    if (is_shaking_hands(connection))
        return connection->since + LIMIT_TLS_MS;
    if (connection->phase != PHASE_READ)
        return NEVER;
    if (connection->body) /* a byte a millisecond */
        return connection->since + LIMIT_BODY_MS + body_length(connection->body);
    if (connection->used && http_engine_phase(connection->engine) == HTTP_PHASE_IDLE)
        return connection->since + LIMIT_IDLE_MS;
    return connection->since + LIMIT_HEAD_MS;
}

static int64_t deadline_of(const struct connection *connection)
{
    int64_t reading = reading_deadline(connection);
    int64_t writing = unsent(connection) ? connection->progress + LIMIT_WRITE_MS : NEVER;

    return reading < writing ? reading : writing;
}

static void finish(struct connection *connection)
{
    connection->request.gone(connection->request.arg, connection);
    talloc_free(connection);
}

static void wait_for_more(struct connection *connection)
{
    bool full =
        buffer_held(&connection->in).length >= LIMIT_AHEAD || unsent(connection) > LIMIT_UNSENT;

    descriptor_watch_hold(connection->readable, full || connection->ended);
    descriptor_watch_hold(connection->writable, !waits_to_write(connection));
    loop_timer_again(connection->timer, deadline_of(connection));
    buffer_rest(&connection->in);
    if (connection->held && unsent(connection) <= LIMIT_UNSENT)
        go_on_soon(connection);
}

static void work(void *arg)
{
    struct connection *connection = arg;
    bool sending = unsent(connection);

    while (take_step(connection))
        ;
    if (!sending) /* its time begins with what there is to send */
        connection->progress = loop_now(connection->loop);
    send_out(connection);
    tell_sent(connection);
    say_end(connection);
    if (is_done(connection))
        finish(connection);
    else
        wait_for_more(connection);
}

/* Who has gone does not want the answer that is still made. */
static void on_end_of_input(struct connection *connection)
{
    connection->ended = true;
    if (connection->phase == PHASE_ANSWER)
        enter(connection, PHASE_OVER);
}

/* What failed in the handshake is told apart: scanners try all sorts of it. */
static void on_read_failed(struct connection *connection)
{
    if (is_shaking_hands(connection))
        meter_refuse(connection->request.meter, METER_TLS);
    enter(connection, PHASE_OVER);
}

static void on_readable(void *arg)
{
    struct connection *connection = arg;
    bool idle = connection_is_idle(connection), shaking = is_shaking_hands(connection);
    char *room = buffer_room(connection, &connection->in, LIMIT_READ);
    ssize_t n = room ? receive(connection, room) : -1;

    if (n > 0)
        buffer_added(&connection->in, (size_t)n);
    else if (n == 0)
        on_end_of_input(connection);
    else if (!room || (errno != EAGAIN && errno != EINTR))
        on_read_failed(connection);
    /* The head's time begins with its first byte, of a new connection with that. */
    if ((n > 0 && idle && connection->used) || (shaking && !is_shaking_hands(connection)))
        connection->since = loop_now(connection->loop);
    work(connection);
}

static void on_writable(void *arg)
{
    struct connection *connection = arg;

    if (connection->tls && tls_stream_wants_write(connection->tls))
        on_readable(connection);
    else
        work(connection);
}

static void on_deadline(void *arg)
{
    struct connection *connection = arg;

    if (deadline_of(connection) > loop_now(connection->loop)) {
        loop_timer_again(connection->timer, deadline_of(connection));
        return;
    }
    if (!connection_is_idle(connection) || !connection->used)
        meter_refuse(connection->request.meter, METER_DEADLINE);
    enter(connection, PHASE_OVER);
    work(connection);
}

/* ---- beginning and end ----------------------------------------------------------------------- */

static enum sts_status start_watches(struct connection *connection)
{
    int fd = connection->request.fd;
    enum sts_status status = descriptor_watch_start(
        connection, connection->loop,
        &(struct descriptor_watch_request){fd, DESCRIPTOR_READ, on_readable, connection},
        &connection->readable);

    if (status == STS_OK)
        status = descriptor_watch_start(
            connection, connection->loop,
            &(struct descriptor_watch_request){fd, DESCRIPTOR_WRITE, on_writable, connection},
            &connection->writable);
    if (status == STS_OK)
        status = loop_timer_start(connection, connection->loop, deadline_of(connection),
                                  on_deadline, connection, &connection->timer);
    if (status == STS_OK)
        descriptor_watch_hold(connection->writable, true);
    return status;
}

static enum sts_status start_tls(struct connection *connection)
{
    struct tls_server *server = connection->request.tls;

    if (!server)
        return STS_OK;
    return tls_stream_new(connection, server, connection->request.fd, &connection->tls);
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
    connection->soon = (struct soon_entry){.run = work, .arg = connection};
    talloc_set_destructor(connection, connection_drop);
    connection->peer = talloc_strdup(connection, request->peer);
    connection->engine = http_engine_new(connection);
    /* A head and a body that are written apart would else wait for an acknowledgement. */
    (void)setsockopt(request->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    enter(connection, PHASE_READ);
    if (!connection->peer || !connection->engine || start_tls(connection) != STS_OK ||
        start_watches(connection) != STS_OK) {
        talloc_free(connection);
        return STS_E_NOMEM;
    }
    *ret = connection;
    return STS_OK;
}

bool connection_is_idle(const struct connection *connection)
{
    return connection->phase == PHASE_READ && !connection->exchange && !unsent(connection) &&
           !buffer_held(&connection->in).length &&
           http_engine_phase(connection->engine) == HTTP_PHASE_IDLE;
}

bool connection_is_answering(const struct connection *connection)
{
    return connection->phase == PHASE_ANSWER;
}

void connection_close(struct connection *connection)
{
    finish(connection);
}

void connection_wind_down(struct connection *connection)
{
    struct exchange *exchange = connection->exchange;

    connection->last = true;
    if (exchange && !exchange->begun)
        exchange->close = true;
    go_on_soon(connection);
    if (exchange && exchange->stopping)
        exchange->stopping(exchange->stopping_arg);
}
