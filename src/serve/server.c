/* SPDX-License-Identifier: MIT */
/* server.c - connections come, are counted, and go. */
#include "serve/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "event/listener.h"
#include "serve/connection.h"
#include "serve/limits.h"
#include "serve/service.h"
#include "serve/soon.h"

#define REST_MS 100 /* no descriptor is left: until somebody goes */

struct socket {
    struct server *server;
    struct listener *listener;
    int fd;
};

struct member {
    struct server *server;
    struct connection *connection;
    TAILQ_ENTRY(member) link;
};

struct server {
    struct service *service;
    struct soon *soon;
    struct socket *sockets;
    size_t socket_count;
    TAILQ_HEAD(, member) members;
    struct loop_timer *stop_timer; /* NULL: it goes on */
    loop_fn stopped;
    void *stopped_arg;
};

static void close_sockets(struct server *server)
{
    for (size_t i = 0; i < server->socket_count; i++) {
        TALLOC_FREE(server->sockets[i].listener);
        if (server->sockets[i].fd >= 0)
            close(server->sockets[i].fd);
        server->sockets[i].fd = -1;
    }
}

static int server_drop(struct server *server)
{
    close_sockets(server);
    return 0;
}

/* ---- connections ----------------------------------------------------------------------------- */

static void find_peer(int fd, char text[INET6_ADDRSTRLEN])
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
        struct sockaddr_storage room;
    } at = {.room = {0}};
    socklen_t length = sizeof(at);

    text[0] = '\0';
    if (getpeername(fd, &at.any, &length) != 0)
        return;
    if (at.any.sa_family == AF_INET)
        inet_ntop(AF_INET, &at.v4.sin_addr, text, INET6_ADDRSTRLEN);
    if (at.any.sa_family == AF_INET6)
        inet_ntop(AF_INET6, &at.v6.sin6_addr, text, INET6_ADDRSTRLEN);
}

static void end_if_empty(struct server *server)
{
    if (server->stop_timer && TAILQ_EMPTY(&server->members))
        loop_timer_again(server->stop_timer, loop_now(server->service->loop));
}

static void on_gone(void *arg, struct connection *connection)
{
    struct member *member = arg;
    struct server *server = member->server;

    TAILQ_REMOVE(&server->members, member, link);
    (void)talloc_steal(server, connection); /* it frees itself */
    talloc_free(member);
    end_if_empty(server);
}

static void on_accepted(void *arg, int fd)
{
    struct socket *socket = arg;
    struct server *server = socket->server;
    struct member *member = talloc_zero(server, struct member);
    char peer[INET6_ADDRSTRLEN];
    struct connection_request request = {.service = server->service, .soon = server->soon};

    if (!member) {
        close(fd);
        return;
    }
    find_peer(fd, peer);
    request.fd = fd;
    request.peer = peer;
    request.gone = on_gone;
    request.arg = member;
    member->server = server;
    if (connection_start(member, &request, &member->connection) != STS_OK) {
        talloc_free(member);
        return;
    }
    TAILQ_INSERT_TAIL(&server->members, member, link);
}

static void on_short(void *arg, int error)
{
    struct socket *socket = arg;

    (void)error;
    listener_rest(socket->listener, loop_now(socket->server->service->loop) + REST_MS);
}

/* ---- beginning and end ----------------------------------------------------------------------- */

static enum sts_status listen_all(struct server *server)
{
    enum sts_status status = STS_OK;

    for (size_t i = 0; status == STS_OK && i < server->socket_count; i++) {
        struct socket *socket = &server->sockets[i];

        status =
            listener_start(server, server->service->loop,
                           &(struct listener_request){socket->fd, on_accepted, on_short, socket},
                           &socket->listener);
    }
    return status;
}

enum sts_status server_start(struct service *service, const int *fds, size_t count)
{
    struct server *server = talloc_zero(service, struct server);

    if (!server || !(server->sockets = talloc_zero_array(server, struct socket, count)))
        return STS_E_NOMEM;
    server->service = service;
    server->socket_count = count;
    TAILQ_INIT(&server->members);
    for (size_t i = 0; i < count; i++)
        server->sockets[i] = (struct socket){.server = server, .fd = fds[i]};
    talloc_set_destructor(server, server_drop);
    service->server = server;
    if (soon_new(server, service->loop, &server->soon) != STS_OK)
        return STS_E_NOMEM;
    return listen_all(server);
}

static void on_stopped(void *arg)
{
    struct server *server = arg;

    server->stopped(server->stopped_arg);
}

void server_stop(struct server *server, loop_fn stopped, void *arg)
{
    int64_t now = loop_now(server->service->loop);
    struct member *member;

    close_sockets(server);
    server->stopped = stopped;
    server->stopped_arg = arg;
    if (!server->stop_timer &&
        loop_timer_start(server, server->service->loop, now + LIMIT_STOP_MS, on_stopped, server,
                         &server->stop_timer) != STS_OK) {
        stopped(arg);
        return;
    }
    TAILQ_FOREACH(member, &server->members, link)
    connection_wind_down(member->connection);
    end_if_empty(server);
}
