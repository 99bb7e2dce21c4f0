/* SPDX-License-Identifier: MIT */
/* connection.c - bytes in, one request after the other, replies out.
 *
 * While a request waits for its answer nothing is read: what the client sends behind it waits in
 * the buffer and in the socket, so replies come in the order of the requests. */
#include "policyd/connection.h"

#include <errno.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "event/descriptor.h"
#include "policyd/limits.h"

TAILQ_HEAD(connection_list, connection);

struct connections {
    struct connections_request request;
    struct connection_list list; /* the one that was heard last is at the end */
    size_t count;
};

struct connection {
    struct connections *all;
    TAILQ_ENTRY(connection) next;
    int fd;
    struct descriptor_watch *readable, *writable;
    char *input; /* NULL while nothing waits in it */
    size_t length;
    struct socketmap_output output;
    bool asking;  /* a request waits for its answer */
    bool working; /* requests are being taken: who answers leaves the rest to that */
    bool ending;  /* closed as soon as all is sent */
};

/* ---- the end --------------------------------------------------------------------------------- */

static int connection_drop(struct connection *connection)
{
    TAILQ_REMOVE(&connection->all->list, connection, next);
    connection->all->count--;
    TALLOC_FREE(connection->readable);
    TALLOC_FREE(connection->writable);
    close(connection->fd);
    return 0;
}

/* ---- out ------------------------------------------------------------------------------------- */

static void put(struct connection *connection, const char *payload)
{
    if (!payload || !socketmap_put(&connection->output, bytes_of(payload)))
        connection->ending = true;
}

/* False: the connection is gone. */
static bool send_output(struct connection *connection)
{
    struct socketmap_output *output = &connection->output;
    ssize_t sent = 0;

    if (output->length)
        sent = send(connection->fd, output->bytes, output->length, MSG_NOSIGNAL);
    if ((sent < 0 && errno != EAGAIN && errno != EINTR) ||
        (connection->ending && sent >= 0 && (size_t)sent == output->length)) {
        talloc_free(connection);
        return false;
    }
    if (sent > 0)
        socketmap_sent(output, (size_t)sent);
    descriptor_watch_hold(connection->writable, !output->length);
    descriptor_watch_hold(connection->readable,
                          connection->asking || connection->ending || output->length);
    return true;
}

/* ---- in -------------------------------------------------------------------------------------- */

static void take_request(struct connection *connection, const struct socketmap_request *request)
{
    struct connections *all = connection->all;

    TAILQ_REMOVE(&all->list, connection, next);
    TAILQ_INSERT_TAIL(&all->list, connection, next);
    connection->asking = true;
    all->request.asked(all->request.arg, connection, request);
}

/* True: another may follow. */
static bool take_next(struct connection *connection, struct bytes *input)
{
    struct socketmap_request request;

    switch (socketmap_next(input, &request)) {
    case SOCKETMAP_REQUEST:
        take_request(connection, &request);
        return true;
    case SOCKETMAP_STRANGE:
        put(connection, "PERM expected a map name and a key");
        return true;
    case SOCKETMAP_BROKEN:
        connection->ending = true;
        return false;
    default:
        return false;
    }
}

/* True: it stopped because too much is unsent. */
static bool take_all(struct connection *connection)
{
    struct bytes input = {connection->input, connection->length};

    connection->working = true;
    while (!connection->asking && !connection->ending &&
           connection->output.length < LIMIT_SOCKETMAP_OUTPUT && take_next(connection, &input))
        ;
    connection->working = false;
    if (input.length)
        memmove(connection->input, input.data, input.length);
    else
        TALLOC_FREE(connection->input);
    connection->length = input.length;
    return input.length && connection->output.length >= LIMIT_SOCKETMAP_OUTPUT;
}

/* A client that waits costs no buffer. */
static void go_on(struct connection *connection)
{
    bool more;

    do
        more = connection->input && take_all(connection);
    while (send_output(connection) && more && !connection->output.length);
}

void connection_answer(struct connection *connection, const char *payload)
{
    connection->asking = false;
    put(connection, payload);
    if (!connection->working)
        go_on(connection);
}

static void on_readable(void *arg)
{
    struct connection *connection = arg;
    size_t room = socketmap_room();
    ssize_t got;

    if (!connection->input)
        connection->input = talloc_size(connection, room);
    if (!connection->input) {
        talloc_free(connection);
        return;
    }
    got =
        recv(connection->fd, connection->input + connection->length, room - connection->length, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        talloc_free(connection);
        return;
    }
    connection->length += (size_t)got;
    go_on(connection);
}

static void on_writable(void *arg)
{
    struct connection *connection = arg;

    if (send_output(connection) && !connection->output.length)
        go_on(connection);
}

/* ---- connections ----------------------------------------------------------------------------- */

enum sts_status connections_new(TALLOC_CTX *ctx, const struct connections_request *request,
                                struct connections **ret)
{
    struct connections *all = talloc_zero(ctx, struct connections);

    if (!all)
        return STS_E_NOMEM;
    all->request = *request;
    TAILQ_INIT(&all->list);
    *ret = all;
    return STS_OK;
}

size_t connections_count(const struct connections *connections)
{
    return connections->count;
}

static enum sts_status watch(struct connection *connection, enum descriptor_use use, loop_fn ready,
                             struct descriptor_watch **ret)
{
    const struct descriptor_watch_request request = {connection->fd, use, ready, connection};

    return descriptor_watch_start(connection, connection->all->request.loop, &request, ret);
}

void connections_add(struct connections *connections, int fd)
{
    struct connection *connection = talloc_zero(connections, struct connection);

    if (!connection) {
        close(fd);
        return;
    }
    connection->all = connections;
    connection->fd = fd;
    connection->output.ctx = connection;
    TAILQ_INSERT_TAIL(&connections->list, connection, next);
    connections->count++;
    talloc_set_destructor(connection, connection_drop);
    if (watch(connection, DESCRIPTOR_READ, on_readable, &connection->readable) != STS_OK ||
        watch(connection, DESCRIPTOR_WRITE, on_writable, &connection->writable) != STS_OK)
        talloc_free(connection);
    else
        descriptor_watch_hold(connection->writable, true);
}

bool connections_close_idle(struct connections *connections)
{
    struct connection *connection;

    TAILQ_FOREACH(connection, &connections->list, next)
    {
        if (connection->asking || connection->output.length)
            continue;
        talloc_free(connection);
        return true;
    }
    return false;
}
