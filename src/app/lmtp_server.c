/* SPDX-License-Identifier: MIT */
/* lmtp_server.c - connections of mail servers, each with an engine of its own.
 *
 * While a message is on its way into the store nothing is read from its connection: what the mail
 * server sends meanwhile waits in the socket, and what came behind the message in `input`. */
#include "app/lmtp_server.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "event/descriptor.h"
#include "event/listener.h"
#include "event/loop.h"
#include "lmtp/engine.h"

#define INPUT_MAX  16384
#define COMMAND_MS 300000 /* RFC 5321 section 4.5.3.2: five minutes for a command */
#define TEXT_MS    600000 /* and as long as this for a message, from its beginning */
#define REST_MS    100    /* where there is no descriptor left */

struct lmtp_server {
    struct lmtp_server_request request;
    struct listener *listener;
    size_t connections;
};

struct lmtp_connection {
    struct lmtp_server *server;
    struct lmtp_engine *engine;
    int fd;
    struct descriptor_watch *readable, *writable;
    char input[INPUT_MAX]; /* that the engine did not take yet */
    size_t begin, end;
    char *unsent; /* replies that the socket did not take yet */
    size_t unsent_length;
    bool storing;
    struct loop_timer *timer;
};

/* ---- the end --------------------------------------------------------------------------------- */

static int connection_drop(struct lmtp_connection *connection)
{
    struct lmtp_server *server = connection->server;

    receiver_forget(server->request.receiver, connection);
    TALLOC_FREE(connection->readable);
    TALLOC_FREE(connection->writable);
    close(connection->fd);
    server->connections--;
    return 0;
}

static void times_out(void *arg)
{
    talloc_free(arg);
}

static void allow(struct lmtp_connection *connection, int64_t ms)
{
    loop_timer_again(connection->timer, loop_now(connection->server->request.loop) + ms);
}

/* ---- out ------------------------------------------------------------------------------------- */

/* What the engine has to say goes behind what the socket did not take yet. */
static bool queue_output(struct lmtp_connection *connection)
{
    size_t length;
    const char *text = lmtp_engine_output(connection->engine, &length);
    char *grown;

    if (!text)
        return true;
    grown = talloc_realloc_size(connection, connection->unsent, connection->unsent_length + length);
    if (!grown)
        return false;
    memcpy(grown + connection->unsent_length, text, length);
    connection->unsent = grown;
    connection->unsent_length += length;
    return true;
}

static bool is_over(const struct lmtp_connection *connection)
{
    return !connection->unsent_length && lmtp_engine_state(connection->engine) == LMTP_OVER;
}

/* False: the connection is gone. */
static bool send_output(struct lmtp_connection *connection)
{
    bool good = queue_output(connection);
    ssize_t sent = 0;

    if (good && connection->unsent_length)
        sent = send(connection->fd, connection->unsent, connection->unsent_length, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR)
        good = false;
    if (sent > 0) {
        connection->unsent_length -= (size_t)sent;
        memmove(connection->unsent, connection->unsent + sent, connection->unsent_length);
    }
    if (!good || is_over(connection)) {
        talloc_free(connection);
        return false;
    }
    descriptor_watch_hold(connection->writable, !connection->unsent_length);
    descriptor_watch_hold(connection->readable, connection->storing || connection->unsent_length ||
                                                    connection->begin < connection->end);
    return true;
}

/* ---- a message ------------------------------------------------------------------------------- */

static void go_on(struct lmtp_connection *connection);

static void on_stored(void *arg, struct receiver_set *set, enum sts_status status,
                      const struct store_fault *fault)
{
    struct lmtp_connection *connection = arg;
    const struct lmtp_server_request *request = &connection->server->request;

    connection->storing = false;
    allow(connection, COMMAND_MS);
    if (status == STS_OK)
        request->taken(request->arg, &set->items[0]);
    else
        request->refused(request->arg, status, fault);
    if (lmtp_engine_answer(connection->engine, status == STS_OK ? LMTP_STORED : LMTP_LATER) ==
        STS_OK)
        go_on(connection);
    else
        talloc_free(connection);
}

static struct receiver_set *set_of(struct lmtp_connection *connection)
{
    struct receiver_set *set = talloc_zero(connection, struct receiver_set);
    size_t count;
    const char *const *recipients = lmtp_engine_recipients(connection->engine, &count);

    if (!set)
        return NULL;
    set->items = talloc_zero(set, struct receiver_item);
    set->now = clock_now();
    set->way = (struct store_way_name){STORE_WAY_LMTP, "", ""};
    if (!set->items)
        return set;
    set->count = 1;
    set->items[0].bytes = lmtp_engine_take_message(connection->engine, set);
    set->items[0].mail = true;
    set->items[0].source = talloc_asprintf(set, "lmtp:%s", recipients[0]);
    return set;
}

static void store_message(struct lmtp_connection *connection)
{
    const struct lmtp_server_request *request = &connection->server->request;
    struct receiver_set *set = set_of(connection);
    enum sts_status status = STS_E_NOMEM;

    if (set && set->count && set->items[0].source)
        status = receiver_take(request->receiver, set, on_stored, connection);
    connection->storing = status == STS_OK;
    if (connection->storing)
        return;
    talloc_free(set);
    request->refused(request->arg, status, NULL);
    if (lmtp_engine_answer(connection->engine, LMTP_LATER) != STS_OK)
        connection->begin = connection->end = 0; /* no memory even for that: it times out */
}

/* ---- in -------------------------------------------------------------------------------------- */

/* As much of the input as is wanted now; false: no memory. */
static bool feed(struct lmtp_connection *connection)
{
    bool was_in_text;
    size_t used;

    while (connection->begin < connection->end && !connection->storing &&
           !connection->unsent_length && lmtp_engine_state(connection->engine) == LMTP_TALK) {
        was_in_text = lmtp_engine_in_text(connection->engine);
        if (lmtp_engine_feed(connection->engine, connection->input + connection->begin,
                             connection->end - connection->begin, &used) != STS_OK)
            return false;
        connection->begin += used;
        if (!was_in_text && lmtp_engine_in_text(connection->engine))
            allow(connection, TEXT_MS);
        if (lmtp_engine_state(connection->engine) == LMTP_MESSAGE)
            store_message(connection);
    }
    return true;
}

static void go_on(struct lmtp_connection *connection)
{
    if (!feed(connection)) {
        talloc_free(connection);
        return;
    }
    (void)send_output(connection);
}

static void on_readable(void *arg)
{
    struct lmtp_connection *connection = arg;
    ssize_t got = recv(connection->fd, connection->input, sizeof(connection->input), 0);

    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        talloc_free(connection);
        return;
    }
    connection->begin = 0;
    connection->end = (size_t)got;
    if (!lmtp_engine_in_text(connection->engine)) /* the time of a message runs on */
        allow(connection, COMMAND_MS);
    go_on(connection);
}

static void on_writable(void *arg)
{
    struct lmtp_connection *connection = arg;

    if (send_output(connection) && !connection->unsent_length)
        go_on(connection);
}

/* ---- connections ----------------------------------------------------------------------------- */

static enum sts_status watch(struct lmtp_connection *connection, enum descriptor_use use,
                             loop_fn ready, struct descriptor_watch **ret)
{
    const struct descriptor_watch_request request = {connection->fd, use, ready, connection};

    return descriptor_watch_start(connection, connection->server->request.loop, &request, ret);
}

static bool begin(struct lmtp_connection *connection)
{
    const struct lmtp_server_request *request = &connection->server->request;
    int64_t due = loop_now(request->loop) + COMMAND_MS;

    return lmtp_engine_new(connection, request->host, &connection->engine) == STS_OK &&
           watch(connection, DESCRIPTOR_READ, on_readable, &connection->readable) == STS_OK &&
           watch(connection, DESCRIPTOR_WRITE, on_writable, &connection->writable) == STS_OK &&
           loop_timer_start(connection, request->loop, due, times_out, connection,
                            &connection->timer) == STS_OK;
}

static void on_accepted(void *arg, int fd)
{
    struct lmtp_server *server = arg;
    struct lmtp_connection *connection;

    if (server->connections == LMTP_CONNECTIONS_MAX) {
        close(fd); /* a mail server comes again */
        return;
    }
    connection = talloc_zero(server, struct lmtp_connection);
    if (!connection) {
        close(fd);
        return;
    }
    connection->server = server;
    connection->fd = fd;
    server->connections++;
    talloc_set_destructor(connection, connection_drop);
    if (begin(connection))
        (void)send_output(connection);
    else
        talloc_free(connection);
}

static void on_short(void *arg, int error)
{
    struct lmtp_server *server = arg;

    (void)error;
    listener_rest(server->listener, loop_now(server->request.loop) + REST_MS);
}

enum sts_status lmtp_server_start(TALLOC_CTX *ctx, const struct lmtp_server_request *request,
                                  struct lmtp_server **ret)
{
    struct lmtp_server *server = talloc_zero(ctx, struct lmtp_server);
    const struct listener_request listening = {
        .fd = request->fd, .accepted = on_accepted, .short_of = on_short, .arg = server};
    enum sts_status status = STS_E_NOMEM;

    if (!server)
        return STS_E_NOMEM;
    server->request = *request;
    server->request.host = talloc_strdup(server, request->host);
    if (server->request.host)
        status = listener_start(server, request->loop, &listening, &server->listener);
    if (status != STS_OK) {
        talloc_free(server);
        return status;
    }
    *ret = server;
    return STS_OK;
}
