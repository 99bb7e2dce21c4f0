/* SPDX-License-Identifier: MIT */
/* control_client.c - a netstring out, a netstring in. */
#include "policyd/control_client.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "event/descriptor.h"
#include "policyd/limits.h"
#include "policyd/netstring.h"
#include "policyd/socketmap.h"

struct control_client {
    struct loop *loop;
    int fd;
    struct descriptor_watch *readable, *writable;
    struct loop_timer *timer;
    struct socketmap_output output;
    char *input;
    size_t length, room;
    control_answer_fn answer; /* NULL: nothing was asked */
    void *arg;
    bool broken;
};

/* ---- answers --------------------------------------------------------------------------------- */

/* The callee may ask the next thing or free the client. */
static void tell(struct control_client *client, struct bytes answer)
{
    control_answer_fn told = client->answer;

    client->answer = NULL;
    loop_timer_again(client->timer, INT64_MAX / 2);
    if (told)
        told(client->arg, answer);
}

static void give_up(void *arg)
{
    struct control_client *client = arg;

    client->broken = true;
    descriptor_watch_hold(client->readable, true);
    descriptor_watch_hold(client->writable, true);
    tell(client, (struct bytes){NULL, 0});
}

/* It is told from memory of its own, as the next answer may come into the input. */
static void take_answer(struct control_client *client)
{
    struct bytes input = {client->input, client->length}, answer;
    char *copy;

    switch (netstring_take(&input, LIMIT_CONTROL_ANSWER, &answer)) {
    case NETSTRING_MORE:
        return;
    case NETSTRING_WHOLE:
        break;
    default:
        give_up(client);
        return;
    }
    copy = talloc_strndup(NULL, answer.data, answer.length);
    if (!copy) {
        give_up(client);
        return;
    }
    memmove(client->input, input.data, input.length);
    client->length = input.length;
    tell(client, (struct bytes){copy, answer.length});
    talloc_free(copy);
}

static bool make_room(struct control_client *client)
{
    size_t most = netstring_room(LIMIT_CONTROL_ANSWER);
    size_t room = client->room ? client->room * 2 : 65536;
    char *grown;

    if (client->length < client->room)
        return true;
    if (room > most)
        room = most;
    grown = room > client->room ? talloc_realloc_size(client, client->input, room) : NULL;
    if (!grown)
        return false;
    client->input = grown;
    client->room = room;
    return true;
}

static void on_readable(void *arg)
{
    struct control_client *client = arg;
    ssize_t got = -1;

    errno = ENOMEM;
    if (make_room(client))
        got = recv(client->fd, client->input + client->length, client->room - client->length, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        give_up(client);
        return;
    }
    client->length += (size_t)got;
    take_answer(client);
}

/* ---- requests -------------------------------------------------------------------------------- */

static void on_writable(void *arg)
{
    struct control_client *client = arg;
    struct socketmap_output *output = &client->output;
    ssize_t sent = send(client->fd, output->bytes, output->length, MSG_NOSIGNAL);

    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
        give_up(client);
        return;
    }
    if (sent > 0)
        socketmap_sent(output, (size_t)sent);
    descriptor_watch_hold(client->writable, !output->length);
}

void control_client_ask(struct control_client *client, const char *request,
                        control_answer_fn answer, void *arg)
{
    bool good = !client->broken && socketmap_put(&client->output, bytes_of(request));

    client->answer = answer;
    client->arg = arg;
    loop_timer_again(client->timer, good ? loop_now(client->loop) + LIMIT_CONTROL_MS : 0);
    if (good)
        descriptor_watch_hold(client->writable, false);
}

/* ---- beginning ------------------------------------------------------------------------------- */

static int client_drop(struct control_client *client)
{
    TALLOC_FREE(client->readable);
    TALLOC_FREE(client->writable);
    if (client->fd >= 0)
        close(client->fd);
    return 0;
}

/* A connection to a unix socket is there at once, or never. */
static bool connect_to(struct control_client *client, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(path);

    errno = ENAMETOOLONG;
    if (length >= sizeof(address.sun_path))
        return false;
    memcpy(address.sun_path, path, length + 1);
    client->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    return client->fd >= 0 &&
           connect(client->fd, (struct sockaddr *)&address, sizeof(address)) == 0;
}

static enum sts_status watch(struct control_client *client)
{
    const struct descriptor_watch_request in = {client->fd, DESCRIPTOR_READ, on_readable, client};
    const struct descriptor_watch_request out = {client->fd, DESCRIPTOR_WRITE, on_writable, client};
    enum sts_status status = descriptor_watch_start(client, client->loop, &in, &client->readable);

    if (status == STS_OK)
        status = descriptor_watch_start(client, client->loop, &out, &client->writable);
    if (status == STS_OK)
        status =
            loop_timer_start(client, client->loop, INT64_MAX / 2, give_up, client, &client->timer);
    if (status == STS_OK)
        descriptor_watch_hold(client->writable, true);
    return status;
}

enum sts_status control_client_new(TALLOC_CTX *ctx, struct loop *loop, const char *path,
                                   struct control_client **ret)
{
    struct control_client *client = talloc_zero(ctx, struct control_client);
    enum sts_status status;
    int error = 0;

    if (!client)
        return STS_E_NOMEM;
    client->loop = loop;
    client->fd = -1;
    client->output.ctx = client;
    talloc_set_destructor(client, client_drop);
    status = connect_to(client, path) ? watch(client) : STS_E_IO;
    if (status == STS_OK) {
        *ret = client;
        return STS_OK;
    }
    error = errno;
    talloc_free(client);
    errno = error;
    return status;
}
