/* SPDX-License-Identifier: MIT */
/* line_server.c - bytes of each connection, cut into lines. */
#include "collect/line_server.h"

#include <errno.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collect/limits.h"
#include "event/descriptor.h"
#include "event/listener.h"

TAILQ_HEAD(line_list, line_connection);

struct line_server {
    struct line_server_request request;
    struct loop *loop;
    struct listener *listener;
    struct line_list list; /* the one that was heard last is at the end */
    size_t count;
};

struct line_connection {
    struct line_server *server;
    TAILQ_ENTRY(line_connection) next;
    int fd;
    struct descriptor_watch *readable;
    char *input; /* NULL while nothing waits in it */
    size_t length, room;
    bool skipping; /* the rest of a line that is too long */
};

static int line_connection_drop(struct line_connection *connection)
{
    TAILQ_REMOVE(&connection->server->list, connection, next);
    connection->server->count--;
    TALLOC_FREE(connection->readable);
    close(connection->fd);
    return 0;
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* The line is in the buffer, with room for a NUL behind it. */
static void take(struct line_connection *connection, char *line, size_t length)
{
    const struct line_server_request *request = &connection->server->request;

    line[length] = '\0';
    if (!connection->skipping)
        request->line(request->arg, (struct bytes){line, length});
    connection->skipping = false;
}

static void take_lines(struct line_connection *connection)
{
    const struct line_server_request *request = &connection->server->request;
    char *at = connection->input, *end;
    size_t left = connection->length;

    while ((end = left ? memchr(at, '\n', left) : NULL)) {
        take(connection, at, (size_t)(end - at));
        left -= (size_t)(end - at) + 1;
        at = end + 1;
    }
    if (left > LIMIT_DATAGRAM) {
        if (!connection->skipping)
            request->too_long(request->arg);
        connection->skipping = true;
        left = 0;
    }
    if (left)
        memmove(connection->input, at, left);
    else
        TALLOC_FREE(connection->input);
    connection->length = left;
}

/* ---- bytes ----------------------------------------------------------------------------------- */

/* Small where lines are short, as they mostly are; with room for a NUL. */
static bool make_room(struct line_connection *connection)
{
    size_t room = connection->input ? connection->room : 0;
    char *grown;

    if (room - connection->length > LIMIT_LINE_READ)
        return true;
    room = room ? 2 * room : 2 * (size_t)LIMIT_LINE_READ;
    grown = talloc_realloc_size(connection, connection->input, room);
    if (!grown)
        return false;
    connection->input = grown;
    connection->room = room;
    return true;
}

static void on_end(struct line_connection *connection)
{
    if (connection->length)
        take(connection, connection->input, connection->length);
    talloc_free(connection);
}

enum line_read { LINE_READ, LINE_NOTHING, LINE_END };

static enum line_read read_some(struct line_connection *connection)
{
    ssize_t got;

    if (!make_room(connection)) {
        connection->length = 0;
        return LINE_END;
    }
    got = recv(connection->fd, connection->input + connection->length, LIMIT_LINE_READ, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return LINE_NOTHING;
    if (got <= 0)
        return LINE_END;
    connection->length += (size_t)got;
    take_lines(connection);
    return LINE_READ;
}

static void on_readable(void *arg)
{
    struct line_connection *connection = arg;
    struct line_server *server = connection->server;
    enum line_read read = read_some(connection);

    if (read == LINE_END) {
        on_end(connection);
    } else if (read == LINE_READ) {
        TAILQ_REMOVE(&server->list, connection, next);
        TAILQ_INSERT_TAIL(&server->list, connection, next);
    }
}

static void drain(struct line_connection *connection)
{
    int left = LIMIT_LINE_DRAIN;

    while (left-- && read_some(connection) == LINE_READ)
        ;
    on_end(connection);
}

/* ---- connections ----------------------------------------------------------------------------- */

static void on_accepted(void *arg, int fd)
{
    struct line_server *server = arg;
    struct line_connection *connection;
    struct descriptor_watch_request request = {.fd = fd, .use = DESCRIPTOR_READ};

    if (server->count >= LIMIT_LINE_CONNECTIONS)
        talloc_free(TAILQ_FIRST(&server->list));
    connection = talloc_zero(server, struct line_connection);
    if (!connection) {
        close(fd);
        return;
    }
    connection->server = server;
    connection->fd = fd;
    TAILQ_INSERT_TAIL(&server->list, connection, next);
    server->count++;
    talloc_set_destructor(connection, line_connection_drop);
    request.ready = on_readable;
    request.arg = connection;
    if (descriptor_watch_start(connection, server->loop, &request, &connection->readable) != STS_OK)
        talloc_free(connection);
}

static void on_short(void *arg, int error)
{
    struct line_server *server = arg;

    (void)error;
    listener_rest(server->listener, loop_now(server->loop) + LIMIT_LINE_REST_MS);
}

void line_server_drain(struct line_server *server)
{
    struct line_connection *connection;

    for (int i = 0; i < LIMIT_LINE_DRAINS; i++) {
        while ((connection = TAILQ_FIRST(&server->list)))
            drain(connection);
        listener_drain(server->listener);
    }
    while ((connection = TAILQ_FIRST(&server->list)))
        drain(connection);
    TALLOC_FREE(server->listener);
}

static int line_server_drop(struct line_server *server)
{
    struct line_connection *connection;

    while ((connection = TAILQ_FIRST(&server->list)))
        talloc_free(connection);
    return 0;
}

enum sts_status line_server_start(TALLOC_CTX *ctx, struct loop *loop,
                                  const struct line_server_request *request,
                                  struct line_server **ret)
{
    struct line_server *server = talloc_zero(ctx, struct line_server);
    const struct listener_request listener = {
        .fd = request->fd, .accepted = on_accepted, .short_of = on_short, .arg = server};
    enum sts_status status;

    if (!server)
        return STS_E_NOMEM;
    server->request = *request;
    server->loop = loop;
    TAILQ_INIT(&server->list);
    talloc_set_destructor(server, line_server_drop);
    status = listener_start(server, loop, &listener, &server->listener);
    if (status != STS_OK)
        talloc_free(server);
    else
        *ret = server;
    return status;
}
