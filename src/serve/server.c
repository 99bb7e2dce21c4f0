/* SPDX-License-Identifier: MIT */
/* server.c - connections come, are counted, and go.
 *
 * Where there are as many as there may be, or no open file is left, the oldest that is idle goes;
 * if none is, the new one is told so. */
#include "serve/server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/network.h"
#include "event/listener.h"
#include "net/tls_server.h"
#include "serve/connection.h"
#include "serve/crowd.h"
#include "serve/limits.h"
#include "serve/meter.h"
#include "serve/service.h"
#include "serve/soon.h"
#include "serve/visitor.h"

#define REST_MS 100 /* no descriptor is left: until somebody goes */

struct socket {
    struct server *server;
    struct listener *listener;
    struct server_socket own;
};

struct member {
    struct server *server;
    struct connection *connection;
    unsigned char address[16];
    bool counted; /* in the crowd */
    TAILQ_ENTRY(member) link;
};

struct server {
    struct service *service;
    struct soon *soon;
    struct meter *meter;
    struct crowd *crowd;
    struct tls_server *tls;
    struct socket *sockets;
    size_t socket_count;
    TAILQ_HEAD(, member) members; /* the oldest first */
    size_t member_count, member_max;
    int spare;    /* a descriptor to give up where there is none left; -1: it is gone */
    int64_t told; /* of a shortage */
    struct loop_timer *stop_timer; /* NULL: it goes on */
    loop_fn stopped;
    void *stopped_arg;
};

static void close_sockets(struct server *server)
{
    for (size_t i = 0; i < server->socket_count; i++) {
        TALLOC_FREE(server->sockets[i].listener);
        if (server->sockets[i].own.fd >= 0)
            close(server->sockets[i].own.fd);
        server->sockets[i].own.fd = -1;
    }
}

static int server_drop(struct server *server)
{
    struct member *member;

    close_sockets(server);
    while ((member = TAILQ_FIRST(&server->members)))
        talloc_free(member);
    if (server->spare >= 0)
        close(server->spare);
    return 0;
}

/* ---- too many -------------------------------------------------------------------------------- */

static void say_shortage(struct server *server, const char *what)
{
    int64_t now = clock_monotonic_ms();

    if (now - server->told < LIMIT_LOG_MS)
        return;
    server->told = now;
    service_say(server->service, "%s", what);
}

/* Without a word more than this: there is no memory or file to spend on it.  What the peer has sent
 * already is read, else it would be reset and never see the answer. */
static void turn_away(int fd)
{
    static const char answer[] = "HTTP/1.1 503 Service Unavailable\r\n"
                                 "Content-Type: text/plain; charset=utf-8\r\n"
                                 "Retry-After: 10\r\nConnection: close\r\n\r\n"
                                 "The service has no room for new connections\n";
    char sink[4096];

    (void)!recv(fd, sink, sizeof(sink), MSG_DONTWAIT);
    (void)!send(fd, answer, sizeof(answer) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)shutdown(fd, SHUT_WR);
    close(fd);
}

/* False: none is idle. */
static bool close_an_idle_one(struct server *server)
{
    struct member *member;

    TAILQ_FOREACH(member, &server->members, link)
    {
        if (connection_is_idle(member->connection)) {
            connection_close(member->connection);
            return true;
        }
    }
    return false;
}

/* ---- connections ----------------------------------------------------------------------------- */

/* The empty text is for a socket of this machine alone, since that is trusted: who has gone before
 * it was let in has no address either.  False: that, or another kind of address. */
static bool find_peer(int fd, char text[INET6_ADDRSTRLEN])
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
        return false;
    if (at.any.sa_family == AF_INET)
        return inet_ntop(AF_INET, &at.v4.sin_addr, text, INET6_ADDRSTRLEN);
    if (at.any.sa_family == AF_INET6)
        return inet_ntop(AF_INET6, &at.v6.sin6_addr, text, INET6_ADDRSTRLEN);
    return at.any.sa_family == AF_UNIX;
}

static void end_if_empty(struct server *server)
{
    if (server->stop_timer && TAILQ_EMPTY(&server->members))
        loop_timer_again(server->stop_timer, loop_now(server->service->loop));
}

static int member_drop(struct member *member)
{
    struct server *server = member->server;

    if (member->counted)
        crowd_leave(server->crowd, member->address);
    if (member->connection) {
        TAILQ_REMOVE(&server->members, member, link);
        server->member_count--;
    }
    return 0;
}

static void on_gone(void *arg, struct connection *connection)
{
    struct member *member = arg;
    struct server *server = member->server;

    (void)talloc_steal(server, connection); /* it frees itself */
    talloc_free(member);
    end_if_empty(server);
}

/* A proxy speaks for many, and so may what runs on this machine. */
static bool is_of_many(const struct server *server, const char *peer)
{
    return visitor_trusts(server->service, peer) || strncmp(peer, "127.", 4) == 0 ||
           strcmp(peer, "::1") == 0;
}

static bool let_in(struct server *server, struct member *member, const char *peer)
{
    if (is_of_many(server, peer) || !network_address(peer, member->address))
        return true;
    member->counted = crowd_join(server->crowd, member->address);
    return member->counted;
}

static void begin(struct socket *socket, int fd, const char *peer, struct member *member)
{
    struct server *server = socket->server;
    struct connection_request request = {
        .service = server->service,
        .soon = server->soon,
        .meter = server->meter,
        .tls = socket->own.plain ? NULL : server->tls,
        .role = socket->own.role,
        .fd = fd,
        .peer = peer,
        .crowd = member->counted ? server->crowd : NULL,
        .gone = on_gone,
        .arg = member,
    };

    memcpy(request.address, member->address, sizeof(request.address));
    if (connection_start(member, &request, &member->connection) != STS_OK) {
        meter_refuse(server->meter, METER_SPACE);
        talloc_free(member);
        return;
    }
    TAILQ_INSERT_TAIL(&server->members, member, link);
    server->member_count++;
    meter_accept(server->meter);
}

static struct member *member_new(struct server *server)
{
    struct member *member = talloc_zero(server, struct member);

    if (!member)
        return NULL;
    member->server = server;
    talloc_set_destructor(member, member_drop);
    return member;
}

static void on_accepted(void *arg, int fd)
{
    struct socket *socket = arg;
    struct server *server = socket->server;
    char peer[INET6_ADDRSTRLEN];
    struct member *member;

    if (!find_peer(fd, peer)) {
        close(fd);
        return;
    }
    if (server->member_count >= server->member_max && !close_an_idle_one(server)) {
        meter_refuse(server->meter, METER_CONNECTIONS);
        turn_away(fd);
        return;
    }
    member = member_new(server);
    if (member && let_in(server, member, peer)) {
        begin(socket, fd, peer, member);
        return;
    }
    meter_refuse(server->meter, member ? METER_ADDRESS : METER_SPACE);
    talloc_free(member);
    turn_away(fd);
}

static void hold_spare(struct server *server)
{
    server->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* With the spare descriptor the next in the queue is told what else it would wait for in vain. */
static void answer_with_spare(struct socket *socket)
{
    struct server *server = socket->server;
    int fd;

    if (server->spare < 0)
        return;
    close(server->spare);
    fd = accept4(socket->own.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0)
        turn_away(fd);
    hold_spare(server);
}

static void on_short(void *arg, int error)
{
    struct socket *socket = arg;
    struct server *server = socket->server;

    meter_refuse(server->meter, METER_FILES);
    say_shortage(server, _(strerror(error)));
    if (close_an_idle_one(server))
        return;
    answer_with_spare(socket);
    listener_rest(socket->listener, loop_now(server->service->loop) + REST_MS);
}

/* ---- beginning and end ----------------------------------------------------------------------- */

static enum sts_status listen_all(struct server *server)
{
    enum sts_status status = STS_OK;

    for (size_t i = 0; status == STS_OK && i < server->socket_count; i++) {
        struct socket *socket = &server->sockets[i];
        const struct listener_request request = {socket->own.fd, on_accepted, on_short, socket};

        status = listener_start(server, server->service->loop, &request, &socket->listener);
    }
    return status;
}

static enum sts_status make_parts(struct server *server)
{
    server->meter = meter_new(server, server->service);
    server->crowd = crowd_new(server, LIMIT_PER_ADDRESS, LIMIT_PER_NETWORK);
    if (!server->meter || !server->crowd)
        return STS_E_NOMEM;
    return soon_new(server, server->service->loop, &server->soon);
}

enum sts_status server_start(struct service *service, const struct server_request *request)
{
    struct server *server = talloc_zero(service, struct server);
    size_t count = request->socket_count;

    if (!server || !(server->sockets = talloc_zero_array(server, struct socket, count)))
        return STS_E_NOMEM;
    server->service = service;
    server->tls = request->tls;
    server->member_max = request->connections;
    server->told = INT64_MIN / 2;
    server->socket_count = count;
    TAILQ_INIT(&server->members);
    for (size_t i = 0; i < count; i++)
        server->sockets[i] = (struct socket){.server = server, .own = request->sockets[i]};
    hold_spare(server);
    talloc_set_destructor(server, server_drop);
    service->server = server;
    return make_parts(server) == STS_OK ? listen_all(server) : STS_E_NOMEM;
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

/* ---- figures --------------------------------------------------------------------------------- */

void server_count(const struct server *server, struct meter_now *now)
{
    const struct member *member;

    now->certificate_expires = server->tls ? tls_server_expires(server->tls) : 0;
    now->connections = server->member_count;
    now->streams = 0;
    TAILQ_FOREACH(member, &server->members, link)
    now->streams += connection_is_answering(member->connection);
}

struct meter *server_meter(const struct server *server)
{
    return server->meter;
}
