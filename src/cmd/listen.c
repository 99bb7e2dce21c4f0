/* SPDX-License-Identifier: MIT */
/* listen.c - sockets opened, and what is wrong with an address said. */
#include "cmd/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/service.h"
#include "cmd/socket_access.h"
#include "event/listener.h"
#include "policyd/postfix_config.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* This machine alone: who wants more says so. */
static const char *const web_loopback[] = {"127.0.0.1:8460", "[::1]:8460"};
/* The port of postfix-mta-sts-resolver. */
static const char *const policyd_loopback[COUNT(web_loopback)] = {"127.0.0.1:8461", "[::1]:8461"};

static const char metrics_role[] = "metrics=";

static struct server_socket sockets[LISTEN_MAX];
static size_t socket_count;

static bool is_for_metrics(const char *text)
{
    return strncmp(text, metrics_role, strlen(metrics_role)) == 0;
}

const char *listen_where(const char *text)
{
    return is_for_metrics(text) ? text + strlen(metrics_role) : text;
}

static bool is_path(const char *where)
{
    return strncmp(where, LISTENER_UNIX, strlen(LISTENER_UNIX)) == 0;
}

/* Whose it is, ss(8) knows. */
static int say_in_use(const char *where)
{
    const char *port = strrchr(where, ':');

    if (is_path(where))
        return console_internal(_("--listen %s: another program listens there"), where);
    return console_internal(_("--listen %s: another program listens there; which one: ss -ltnp "
                              "'sport = %s'. Stop it, or specify another port with --listen"),
                            where, port ? port : "");
}

static int say_denied(const char *where)
{
    if (is_path(where))
        return console_internal(_("--listen %s: no permission to create the socket"), where);
    return console_internal(_("--listen %s: no permission; ports below 1024 require socket "
                              "activation (mtasts-serve.socket) or a proxy in front"),
                            where);
}

static int say_trouble(const char *where, enum listener_trouble trouble)
{
    switch (trouble) {
    case LISTENER_NO_ADDRESS:
        return console_usage(_("--listen %s: expected ADDRESS:PORT, [ADDRESS]:PORT or unix:PATH"),
                             where);
    case LISTENER_IN_USE:
        return say_in_use(where);
    case LISTENER_DENIED:
        return say_denied(where);
    case LISTENER_NOT_OURS:
        return console_internal(_("--listen %s: not an address of this machine"), where);
    case LISTENER_NO_PLACE:
        return console_internal(
            _("--listen %s: the directory does not exist, or the path is not a socket"), where);
    default:
        return console_internal(_("--listen %s: %s"), where, _(strerror(errno)));
    }
}

/* One of the default ones may be missing: a machine without IPv6. */
static int open_socket(enum command_bit command, const struct options *options, const char *text,
                       bool is_default)
{
    const char *where = listen_where(text);
    struct server_socket *socket = &sockets[socket_count];
    enum listener_trouble trouble = listener_open(where, &socket->fd);

    socket->role = is_for_metrics(text) ? ROLE_METRICS : ROLE_WEB;
    socket->plain = socket->role != ROLE_WEB || is_path(where);
    if (trouble == LISTENER_OK) {
        socket_count++;
        return command == FOR_POLICYD && is_path(where)
                   ? socket_access_set(options, where + strlen(LISTENER_UNIX))
                   : 0;
    }
    if (is_default && (trouble == LISTENER_NO_SOCKET || trouble == LISTENER_NOT_OURS))
        return 0;
    return say_trouble(where, trouble);
}

static int take_given(int fd, const char *name)
{
    struct server_socket *socket = &sockets[socket_count];
    int listens = 0, domain = 0;
    socklen_t size = sizeof(listens);

    if (socket_count == LISTEN_MAX)
        return console_usage(_("the service manager passed more than %d sockets"), LISTEN_MAX);
    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || !listens)
        return console_usage(_("socket %d of the service manager does not listen; use "
                               "ListenStream= and Accept=no"),
                             fd);
    size = sizeof(domain);
    (void)getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size);
    (void)fcntl(fd, F_SETFL, O_NONBLOCK | fcntl(fd, F_GETFL));
    socket->fd = fd;
    socket->role = strcmp(name, "metrics") == 0 ? ROLE_METRICS : ROLE_WEB;
    socket->plain = socket->role != ROLE_WEB || domain == AF_UNIX;
    socket_count++;
    return 0;
}

/* Those of systemd take the place of the default ones. */
static int take_all_given(bool *ret_web)
{
    int first, status = 0;
    size_t count = service_sockets(&first);

    for (size_t i = 0; !status && i < count; i++) {
        status = take_given(first + (int)i, service_socket_name(i));
        *ret_web |= !status && sockets[socket_count - 1].role == ROLE_WEB;
    }
    return status;
}

int listen_prepare(enum command_bit command, const struct options *options)
{
    const char *const *loopback = command == FOR_POLICYD ? policyd_loopback : web_loopback;
    bool web = false;
    int status = take_all_given(&web);

    if (options->listen_count > LISTEN_MAX - COUNT(web_loopback))
        return console_usage(_("--listen: at most %d times"),
                             LISTEN_MAX - (int)COUNT(web_loopback));
    for (size_t i = 0; !status && i < options->listen_count; i++) {
        web |= !is_for_metrics(options->listen[i]);
        status = open_socket(command, options, options->listen[i], false);
    }
    for (size_t i = 0; !status && !web && i < COUNT(web_loopback); i++)
        status = open_socket(command, options, loopback[i], true);
    if (!status && !socket_count)
        status = console_internal("%s", _("no address to listen on: neither IPv4 nor IPv6 is "
                                          "available; specify --listen"));
    return status;
}

size_t listen_taken(struct server_socket taken[LISTEN_MAX])
{
    size_t count = socket_count;

    memcpy(taken, sockets, count * sizeof(taken[0]));
    socket_count = 0;
    return count;
}

static struct postfix_place place_of(TALLOC_CTX *ctx, int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
        struct sockaddr_un un;
    } own = {0};
    socklen_t size = sizeof(own);
    struct postfix_place place = {NULL, 0};

    if (getsockname(fd, &own.any, &size) != 0)
        return place;
    if (own.any.sa_family == AF_UNIX)
        place.path = talloc_strndup(ctx, own.un.sun_path, sizeof(own.un.sun_path));
    else if (own.any.sa_family == AF_INET)
        place.port = ntohs(own.in.sin_port);
    else if (own.any.sa_family == AF_INET6)
        place.port = ntohs(own.in6.sin6_port);
    return place;
}

size_t listen_places(TALLOC_CTX *ctx, struct postfix_place *places)
{
    size_t count = 0;

    for (size_t i = 0; i < socket_count; i++)
        if (sockets[i].role == ROLE_WEB)
            places[count++] = place_of(ctx, sockets[i].fd);
    return count;
}

void listen_clear(const struct options *options)
{
    for (size_t i = 0; i < options->listen_count; i++) {
        const char *where = listen_where(options->listen[i]);

        if (is_path(where))
            (void)unlink(where + strlen(LISTENER_UNIX));
    }
}

/* Every address of the machine: any of them will do. */
static bool is_any_address(const char *where)
{
    return strncmp(where, "0.0.0.0:", 8) == 0 || strncmp(where, "[::]:", 5) == 0;
}

char *listen_origin(TALLOC_CTX *ctx, const struct options *options)
{
    const char *scheme = options->tls_certificate ? "https" : "http";

    for (size_t i = 0; i < options->listen_count; i++) {
        const char *where = options->listen[i];

        if (is_for_metrics(where) || is_path(where))
            continue;
        return is_any_address(where)
                   ? talloc_asprintf(ctx, "%s://localhost%s", scheme, strrchr(where, ':'))
                   : talloc_asprintf(ctx, "%s://%s", scheme, where);
    }
    return talloc_asprintf(ctx, "%s://localhost:8460", scheme);
}
