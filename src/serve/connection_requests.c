/* SPDX-License-Identifier: MIT */
/* connection_requests.c - from bytes to exchanges: a request is read, refused or given to its
 * route. */
#include "serve/connection_work.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "serve/admission.h"
#include "serve/api_limit.h"
#include "serve/log.h"
#include "serve/need.h"
#include "serve/refusal.h"
#include "serve/service.h"

/* ---- the exchange's side --------------------------------------------------------------------- */

static void on_put(void *arg)
{
    connection_go_on_soon(arg);
}

static void on_broken(void *arg)
{
    struct connection *connection = arg;

    if (connection_unsent(connection) > LIMIT_STREAM)
        meter_refuse(connection->request.meter, METER_SLOW_READER);
    connection_enter(connection, PHASE_OVER);
    connection_go_on_soon(connection);
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
        connection_enter(connection, PHASE_READ);
    soon_free(connection->request.soon, exchange);
    connection_go_on_soon(connection);
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
        connection_enter(connection, PHASE_LINGER);
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

    connection_enter(connection, PHASE_ANSWER);
    if (exchange->service->find_account)
        exchange->service->find_account(exchange, call_route);
    else
        call_route(exchange);
}

/* The request is complete. */
static void on_request(struct connection *connection)
{
    unsigned status = connection->body ? body_finish(connection->body) : 0;

    connection_enter(connection, PHASE_ANSWER);
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
        connection_enter(connection, PHASE_OVER);
    return false;
}

bool connection_take_step(struct connection *connection)
{
    if (connection->phase == PHASE_LINGER)
        return take_linger(connection);
    if (connection->phase != PHASE_READ)
        return false;
    connection->held = !connection->exchange && connection_is_full(connection);
    if (connection->held || (connection->last && !connection->exchange))
        return false;
    return take_event(connection);
}

void connection_tell_sent(struct connection *connection)
{
    struct exchange *exchange = connection->exchange;
    enum i18n_language before;
    void (*ready)(void *arg);

    if (connection->phase != PHASE_ANSWER || !exchange || !exchange->ready ||
        connection_unsent(connection))
        return;
    before = i18n_use(i18n_language_named(exchange->visitor.language));
    ready = exchange->ready;
    exchange->ready = NULL;
    ready(exchange->ready_arg);
    i18n_use(before);
}

void connection_probe(struct connection *connection)
{
    const struct exchange *exchange = connection->exchange;

    if (exchange && !exchange->begun && exchange->request->minor > 0 &&
        !connection_unsent(connection))
        (void)buffer_put(connection, &connection->out, bytes_of("HTTP/1.1 100 Continue\r\n\r\n"));
}
