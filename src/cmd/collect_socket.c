/* SPDX-License-Identifier: MIT */
/* collect_socket.c - sockets of datagrams opened, and what is wrong with an address said. */
#include "cmd/collect_socket.h"

#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/service.h"
#include "cmd/socket_access.h"
#include "event/datagrams.h"
#include "event/listener.h"

static const char lines_role[] = "lines=";

static int sockets[COLLECT_SOCKETS_MAX], line_sockets[COLLECT_SOCKETS_MAX];
static size_t socket_count, line_socket_count;

static const char *role_of(const char *where, bool *ret_lines)
{
    *ret_lines = strncmp(where, lines_role, strlen(lines_role)) == 0;
    return where + (*ret_lines ? strlen(lines_role) : 0);
}

static int open_socket(const char *given)
{
    bool lines;
    const char *where = role_of(given, &lines);
    enum listener_trouble trouble = LISTENER_NO_ADDRESS;

    if (!lines)
        trouble = datagrams_open(where, &sockets[socket_count]);
    else if (strncmp(where, LISTENER_UNIX, strlen(LISTENER_UNIX)) == 0)
        trouble = listener_open(where, &line_sockets[line_socket_count]);
    if (trouble != LISTENER_OK)
        return socket_say_trouble("--listen", given, trouble);
    socket_count += !lines;
    line_socket_count += lines;
    return socket_access_open("--listen", where);
}

static int take_given(void)
{
    int first;
    size_t count = service_sockets(&first);

    if (count > COLLECT_SOCKETS_MAX)
        return console_usage(_("the service manager passed more than %d sockets"),
                             COLLECT_SOCKETS_MAX);
    for (size_t i = 0; i < count; i++) {
        if (!datagrams_is(first + (int)i))
            return console_usage(_("socket %d of the service manager is not a unix socket for "
                                   "datagrams; use ListenDatagram="),
                                 first + (int)i);
        sockets[socket_count++] = first + (int)i;
    }
    return 0;
}

int collect_sockets_prepare(const struct options *options)
{
    int status;

    /* from the first event on, so that none is lost to a signal that ends us */
    service_catch_signals();
    status = take_given();
    if (!status && options->listen_count > COLLECT_SOCKETS_MAX - socket_count)
        return console_usage(_("--listen: at most %d times"), COLLECT_SOCKETS_MAX);
    for (size_t i = 0; !status && i < options->listen_count; i++)
        status = open_socket(options->listen[i]);
    if (!status && !socket_count && !line_socket_count)
        status = console_usage("%s", _("specify the socket that mail servers write to: --listen "
                                       "unix:PATH"));
    return status;
}

size_t collect_sockets_taken(int taken[COLLECT_SOCKETS_MAX])
{
    size_t count = socket_count;

    memcpy(taken, sockets, count * sizeof(taken[0]));
    socket_count = 0;
    return count;
}

const char *collect_listen_where(const char *given)
{
    bool lines;

    return role_of(given, &lines);
}

size_t collect_line_sockets_taken(int taken[COLLECT_SOCKETS_MAX])
{
    size_t count = line_socket_count;

    memcpy(taken, line_sockets, count * sizeof(taken[0]));
    line_socket_count = 0;
    return count;
}

bool collect_has_lines(const struct options *options)
{
    bool lines = false;

    for (size_t i = 0; !lines && i < options->listen_count; i++)
        (void)role_of(options->listen[i], &lines);
    return lines;
}

void collect_sockets_clear(const struct options *options)
{
    bool lines;

    for (size_t i = 0; i < options->listen_count; i++)
        (void)unlink(role_of(options->listen[i], &lines) + strlen(LISTENER_UNIX));
}
