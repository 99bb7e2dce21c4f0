/* SPDX-License-Identifier: MIT */
/* connection_bytes.c - what a connection reads and writes, over TLS or plain, and until when. */
#include "serve/connection_work.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include "event/loop.h"
#include "serve/crowd.h"

size_t connection_unsent(const struct connection *connection)
{
    return buffer_held(&connection->out).length;
}

/* While something is unsent, as that is what wakes the connection up. */
bool connection_is_full(const struct connection *connection)
{
    const struct connection_request *request = &connection->request;
    size_t unsent = connection_unsent(connection);

    return unsent > LIMIT_UNSENT ||
           (unsent && request->crowd &&
            crowd_unsent_by(request->crowd, request->address) > LIMIT_UNSENT_ADDRESS);
}

void connection_count_unsent(struct connection *connection, size_t unsent)
{
    const struct connection_request *request = &connection->request;

    if (request->crowd && unsent != connection->counted)
        crowd_unsent(request->crowd, request->address, connection->counted, unsent);
    connection->counted = unsent;
}

static ssize_t read_into(struct connection *connection, char *room)
{
    if (connection->tls)
        return tls_stream_read(connection->tls, room, LIMIT_READ);
    return recv(connection->request.fd, room, LIMIT_READ, 0);
}

ssize_t connection_receive(struct connection *connection)
{
    char *room = buffer_room(connection, &connection->in, LIMIT_READ);
    ssize_t n;

    if (!room) {
        errno = ENOMEM;
        return -1;
    }
    n = read_into(connection, room);
    if (n > 0)
        buffer_added(&connection->in, (size_t)n);
    return n;
}

static ssize_t transmit(struct connection *connection, struct bytes held)
{
    if (connection->tls)
        return tls_stream_write(connection->tls, held.data, held.length);
    return send(connection->request.fd, held.data, held.length, MSG_NOSIGNAL);
}

bool connection_is_shaking_hands(const struct connection *connection)
{
    return connection->tls && !tls_stream_is_open(connection->tls);
}

bool connection_waits_to_write(const struct connection *connection)
{
    return connection_unsent(connection) ||
           (connection->tls && tls_stream_wants_write(connection->tls));
}

void connection_send(struct connection *connection)
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
        connection_enter(connection, PHASE_OVER);
}

/* In PHASE_LINGER the answer is out: say so, and read on. */
void connection_say_end(struct connection *connection)
{
    if (connection->phase != PHASE_LINGER || connection_unsent(connection))
        return;
    if (connection->tls)
        tls_stream_end(connection->tls);
    else
        (void)shutdown(connection->request.fd, SHUT_WR);
}

bool connection_is_reset(const struct connection *connection)
{
    struct pollfd polled = {.fd = connection->request.fd};

    return poll(&polled, 1, 0) > 0 && (polled.revents & (POLLERR | POLLHUP));
}

#define NEVER (INT64_MAX / 2)

static int64_t answering_deadline(const struct connection *connection)
{
    int64_t end = connection->ended_at + LIMIT_ENDED_MS, look = connection->looked + LIMIT_LOOK_MS;

    if (!connection->ended)
        return NEVER;
    return look < end ? look : end;
}

static int64_t reading_deadline(const struct connection *connection)
{
    if (connection->phase == PHASE_LINGER)
        return connection->since + LIMIT_LINGER_MS;
    if (connection_is_shaking_hands(connection))
        return connection->since + LIMIT_TLS_MS;
    if (connection->phase == PHASE_ANSWER)
        return answering_deadline(connection);
    if (connection->phase != PHASE_READ)
        return NEVER;
    if (connection->body) /* a byte a millisecond */
        return connection->since + LIMIT_BODY_MS + body_length(connection->body);
    if (connection->used && http_engine_phase(connection->engine) == HTTP_PHASE_IDLE)
        return connection->since + LIMIT_IDLE_MS;
    return connection->since + LIMIT_HEAD_MS;
}

int64_t connection_deadline(const struct connection *connection)
{
    int64_t reading = reading_deadline(connection);
    int64_t writing = connection_unsent(connection) ? connection->progress + LIMIT_WRITE_MS : NEVER;

    return reading < writing ? reading : writing;
}
