/* SPDX-License-Identifier: MIT */
/* connection.c - one connection from its beginning to its end.
 *
 * work() goes on from phase to phase (connection_work.h) as long as there is something to go on
 * with, then sets which of reading and writing is waited for, and the deadline. */
#include "serve/connection.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "event/descriptor.h"
#include "event/loop.h"
#include "serve/connection_work.h"
#include "serve/service.h"

static int connection_drop(struct connection *connection)
{
    soon_forget(&connection->soon);
    connection_count_unsent(connection, 0);
    TALLOC_FREE(connection->exchange);
    TALLOC_FREE(connection->readable);
    TALLOC_FREE(connection->writable);
    if (connection->tls)
        tls_stream_end(connection->tls);
    TALLOC_FREE(connection->tls);
    close(connection->request.fd);
    return 0;
}

void connection_enter(struct connection *connection, enum connection_phase phase)
{
    connection->phase = phase;
    connection->since = loop_now(connection->loop);
}

void connection_go_on_soon(struct connection *connection)
{
    soon_add(connection->request.soon, &connection->soon);
}

/* ---- one turn -------------------------------------------------------------------------------- */

static bool is_done(const struct connection *connection)
{
    if (connection->phase == PHASE_OVER)
        return true;
    if (connection->phase == PHASE_READ && connection->ended && connection->exchange)
        return true; /* the rest of the request will not come */
    if (connection->exchange || connection->held || connection_unsent(connection))
        return false;
    return connection->ended || (connection->last && connection->phase != PHASE_LINGER);
}

static void finish(struct connection *connection)
{
    connection->request.gone(connection->request.arg, connection);
    talloc_free(connection);
}

static void wait_for_more(struct connection *connection)
{
    bool full =
        buffer_held(&connection->in).length >= LIMIT_AHEAD || connection_is_full(connection);

    descriptor_watch_hold(connection->readable, full || connection->ended);
    descriptor_watch_hold(connection->writable, !connection_waits_to_write(connection));
    loop_timer_again(connection->timer, connection_deadline(connection));
    buffer_rest(&connection->in);
    if (connection->held && !connection_is_full(connection))
        connection_go_on_soon(connection);
}

static void work(void *arg)
{
    struct connection *connection = arg;
    bool sending = connection_unsent(connection);

    while (connection_take_step(connection))
        ;
    if (!sending) /* its time begins with what there is to send */
        connection->progress = loop_now(connection->loop);
    connection_send(connection);
    connection_count_unsent(connection, connection_unsent(connection));
    connection_tell_sent(connection);
    connection_say_end(connection);
    if (is_done(connection))
        finish(connection);
    else
        wait_for_more(connection);
}

static void on_end_of_input(struct connection *connection)
{
    connection->ended = true;
    connection->ended_at = connection->looked = loop_now(connection->loop);
    if (connection->phase == PHASE_ANSWER)
        connection_probe(connection);
}

/* What failed in the handshake is told apart: scanners try all sorts of it. */
static void on_read_failed(struct connection *connection)
{
    if (connection_is_shaking_hands(connection))
        meter_refuse(connection->request.meter, METER_TLS);
    connection_enter(connection, PHASE_OVER);
}

static void on_readable(void *arg)
{
    struct connection *connection = arg;
    bool idle = connection_is_idle(connection), shaking = connection_is_shaking_hands(connection);
    ssize_t n = connection_receive(connection);

    if (n == 0)
        on_end_of_input(connection);
    else if (n < 0 && errno != EAGAIN && errno != EINTR)
        on_read_failed(connection);
    /* The head's time begins with its first byte, of a new connection with that. */
    if ((n > 0 && idle && connection->used) ||
        (shaking && !connection_is_shaking_hands(connection)))
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

/* Who has gone does not want the answer that is still made. */
static bool has_gone(struct connection *connection)
{
    if (!connection->ended || connection->phase != PHASE_ANSWER)
        return false;
    connection->looked = loop_now(connection->loop);
    return connection_is_reset(connection);
}

static void on_deadline(void *arg)
{
    struct connection *connection = arg;
    bool gone = has_gone(connection);

    if (!gone && connection_deadline(connection) > loop_now(connection->loop)) {
        loop_timer_again(connection->timer, connection_deadline(connection));
        return;
    }
    if (!gone && (!connection_is_idle(connection) || !connection->used))
        meter_refuse(connection->request.meter, METER_DEADLINE);
    connection_enter(connection, PHASE_OVER);
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
        status = loop_timer_start(connection, connection->loop, connection_deadline(connection),
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
    connection_enter(connection, PHASE_READ);
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
    return connection->phase == PHASE_READ && !connection->exchange &&
           !connection_unsent(connection) && !buffer_held(&connection->in).length &&
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
    connection_go_on_soon(connection);
    if (exchange && exchange->stopping)
        exchange->stopping(exchange->stopping_arg);
}
