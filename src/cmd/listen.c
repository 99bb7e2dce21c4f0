/* SPDX-License-Identifier: MIT */
/* listen.c - sockets opened, and what is wrong with an address said. */
#include "cmd/listen.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cmd/console.h"
#include "event/listener.h"

/* This machine alone: who wants more says so. */
static const char *const loopback[] = {"127.0.0.1:8460", "[::1]:8460"};

static int sockets[LISTEN_MAX];
static size_t socket_count;

/* Whose it is, ss(8) knows. */
static int say_in_use(const char *where)
{
    const char *port = strrchr(where, ':');

    if (strncmp(where, LISTENER_UNIX, strlen(LISTENER_UNIX)) == 0)
        return console_internal(_("--listen %s: another program listens there"), where);
    return console_internal(_("--listen %s: another program listens there; which one: ss -ltnp "
                              "'sport = %s'. Stop it, or specify another port with --listen"),
                            where, port ? port : "");
}

static int say_denied(const char *where)
{
    if (strncmp(where, LISTENER_UNIX, strlen(LISTENER_UNIX)) == 0)
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
static int open_socket(const char *where, bool is_default)
{
    enum listener_trouble trouble = listener_open(where, &sockets[socket_count]);

    if (trouble == LISTENER_OK) {
        socket_count++;
        return 0;
    }
    if (is_default && (trouble == LISTENER_NO_SOCKET || trouble == LISTENER_NOT_OURS))
        return 0;
    return say_trouble(where, trouble);
}

int listen_prepare(const struct options *options)
{
    size_t own = options->listen_count;
    size_t count = own ? own : sizeof(loopback) / sizeof(loopback[0]);
    int status = 0;

    if (own > LISTEN_MAX)
        return console_usage(_("--listen: at most %d times"), LISTEN_MAX);
    for (size_t i = 0; !status && i < count; i++)
        status = open_socket(own ? options->listen[i] : loopback[i], !own);
    if (!status && !socket_count)
        status = console_internal("%s", _("no address to listen on: neither IPv4 nor IPv6 is "
                                          "available; specify --listen"));
    return status;
}

size_t listen_taken(int fds[LISTEN_MAX])
{
    size_t count = socket_count;

    memcpy(fds, sockets, count * sizeof(fds[0]));
    socket_count = 0;
    return count;
}
