/* SPDX-License-Identifier: MIT */
/* tcp.c - connecting without blocking. */
#include "net/tcp.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/resources.h"

static const struct {
    int error;
    enum net_outcome outcome;
} outcomes[] = {
    {ECONNREFUSED, NET_REFUSED},  {ETIMEDOUT, NET_TIMEOUT}, {ENETUNREACH, NET_NO_ROUTE},
    {EHOSTUNREACH, NET_NO_ROUTE}, {ENETDOWN, NET_NO_ROUTE}, {EADDRNOTAVAIL, NET_NO_ROUTE},
    {EAFNOSUPPORT, NET_NO_ROUTE}, {EACCES, NET_NO_ROUTE},   {EPERM, NET_NO_ROUTE},
    {EINVAL, NET_NO_ROUTE},       {ECONNRESET, NET_RESET},  {EPIPE, NET_RESET},
};

enum net_outcome tcp_outcome(int error)
{
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++)
        if (outcomes[i].error == error)
            return outcomes[i].outcome;
    return NET_FAILED;
}

static struct addrinfo *parse(const char *address, int64_t port)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
                             .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    char service[24];

    snprintf(service, sizeof service, "%lld", (long long)port);
    return getaddrinfo(address, service, &hints, &found) == 0 ? found : NULL;
}

/* A datagram socket finds the way, or lacks an address of its own, as a stream would; but its ports
 * are others. */
static bool has_way(const char *address, int64_t port)
{
    struct addrinfo *target = parse(address, port);
    int fd = target ? socket(target->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0) : -1;
    bool way = fd >= 0 && connect(fd, target->ai_addr, target->ai_addrlen) == 0;

    if (fd >= 0)
        close(fd);
    if (target)
        freeaddrinfo(target);
    return way;
}

bool tcp_is_short(int error, const char *address, int64_t port)
{
    switch (error) {
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
        return true;
    case EADDRNOTAVAIL:
        return has_way(address, port);
    default:
        return false;
    }
}

const char *tcp_shortage(int error)
{
    if (error == EADDRNOTAVAIL)
        return OUT_OF_PORTS;
    return error == EMFILE || error == ENFILE ? OUT_OF_FILES : OUT_OF_MEMORY;
}

int tcp_connect(const char *address, int64_t port, int *ret_error)
{
    struct addrinfo *target = parse(address, port);
    int fd = -1, on = 1;

    *ret_error = EINVAL;
    if (!target)
        return -1;
    fd = socket(target->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0) {
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (connect(fd, target->ai_addr, target->ai_addrlen) != 0 && errno != EINPROGRESS) {
            *ret_error = errno;
            close(fd);
            fd = -1;
        }
    } else {
        *ret_error = errno;
    }
    freeaddrinfo(target);
    return fd;
}

int tcp_connect_error(int fd)
{
    int error = 0;
    socklen_t size = sizeof error;

    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

char *tcp_own_literal(TALLOC_CTX *ctx, int fd)
{
    struct sockaddr_storage own = {.ss_family = AF_UNSPEC};
    socklen_t size = sizeof own;
    char text[NI_MAXHOST];

    if (getsockname(fd, (struct sockaddr *)&own, &size) != 0 ||
        getnameinfo((struct sockaddr *)&own, size, text, sizeof text, NULL, 0, NI_NUMERICHOST) != 0)
        return talloc_strdup(ctx, "[127.0.0.1]");
    return talloc_asprintf(ctx, own.ss_family == AF_INET6 ? "[IPv6:%s]" : "[%s]", text);
}
