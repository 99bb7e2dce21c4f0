/* SPDX-License-Identifier: MIT */
/* listener.c - addresses parsed, sockets opened, connections accepted. */
#include "event/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "event/descriptor.h"
#include "event/local_path.h"

#define BACKLOG     1024
#define PER_TURN    64 /* connections taken before others have their turn */
#define ADDRESS_MAX 64

/* ---- addresses ------------------------------------------------------------------------------- */

struct place {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
        struct sockaddr_un local;
    } at;
    socklen_t length;
};

static bool read_port(const char *text, in_port_t *ret)
{
    char *end;
    unsigned long port = strtoul(text, &end, 10);

    if (*text < '0' || *text > '9' || *end || port > 65535)
        return false;
    *ret = htons((in_port_t)port);
    return true;
}

static bool read_v6(const char *address, const char *port, struct place *ret)
{
    ret->at.v6.sin6_family = AF_INET6;
    ret->length = sizeof(ret->at.v6);
    return inet_pton(AF_INET6, address, &ret->at.v6.sin6_addr) == 1 &&
           read_port(port, &ret->at.v6.sin6_port);
}

static bool read_v4(const char *address, const char *port, struct place *ret)
{
    ret->at.v4.sin_family = AF_INET;
    ret->length = sizeof(ret->at.v4);
    return inet_pton(AF_INET, address, &ret->at.v4.sin_addr) == 1 &&
           read_port(port, &ret->at.v4.sin_port);
}

static bool read_place(const char *where, struct place *ret)
{
    const char *colon = strrchr(where, ':');
    char address[ADDRESS_MAX];
    size_t length = colon ? (size_t)(colon - where) : 0;

    *ret = (struct place){.length = 0};
    if (strncmp(where, LISTENER_UNIX, strlen(LISTENER_UNIX)) == 0) {
        ret->length = sizeof(ret->at.local);
        return local_path_read(where, &ret->at.local);
    }
    if (!colon || length < 2 || length >= sizeof(address))
        return false;
    memcpy(address, where, length);
    address[length] = '\0';
    if (address[0] != '[')
        return read_v4(address, colon + 1, ret);
    if (address[length - 1] != ']')
        return false;
    address[length - 1] = '\0';
    return read_v6(address + 1, colon + 1, ret);
}

bool listener_is_address(const char *where)
{
    struct place place;

    return read_place(where, &place);
}

/* ---- opening --------------------------------------------------------------------------------- */

static enum listener_trouble begin_listening(int fd, const struct place *place)
{
    static const int on = 1;
    int family = place->at.any.sa_family;

    if (family != AF_UNIX)
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    /* [::] is not to take what 0.0.0.0 is given beside it. */
    if (family == AF_INET6)
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
    if (bind(fd, &place->at.any, place->length) != 0 || listen(fd, BACKLOG) != 0)
        return local_path_trouble(errno);
    return LISTENER_OK;
}

enum listener_trouble listener_open(const char *where, int *ret)
{
    struct place place;
    enum listener_trouble trouble = LISTENER_OK;
    int fd;

    if (!read_place(where, &place))
        return LISTENER_NO_ADDRESS;
    if (place.at.any.sa_family == AF_UNIX)
        trouble = local_path_clear(&place.at.local, SOCK_STREAM);
    if (trouble != LISTENER_OK)
        return trouble;
    fd = socket(place.at.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return local_path_trouble(errno);
    trouble = begin_listening(fd, &place);
    if (trouble != LISTENER_OK) {
        int error = errno;

        close(fd);
        errno = error;
    } else
        *ret = fd;
    return trouble;
}

/* ---- accepting ------------------------------------------------------------------------------- */

struct listener {
    struct loop *loop;
    struct listener_request request;
    struct descriptor_watch *watch;
    struct loop_timer *rest;
    bool resting;
};

static bool is_shortage(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

/* What else goes wrong is the peer's: it is gone already. */
static void on_readable(void *arg)
{
    struct listener *listener = arg;

    for (int i = 0; i < PER_TURN && !listener->resting; i++) {
        int fd = accept4(listener->request.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (fd >= 0) {
            listener->request.accepted(listener->request.arg, fd);
            continue;
        }
        if (is_shortage(errno))
            listener->request.short_of(listener->request.arg, errno);
        if (errno != ECONNABORTED && errno != EINTR)
            return;
    }
}

void listener_drain(struct listener *listener)
{
    on_readable(listener);
}

static void on_rested(void *arg)
{
    struct listener *listener = arg;

    listener->resting = false;
    descriptor_watch_hold(listener->watch, false);
}

enum sts_status listener_start(TALLOC_CTX *ctx, struct loop *loop,
                               const struct listener_request *request, struct listener **ret)
{
    struct listener *listener = talloc_zero(ctx, struct listener);
    const struct descriptor_watch_request watch = {request->fd, DESCRIPTOR_READ, on_readable,
                                                   listener};

    if (!listener)
        return STS_E_NOMEM;
    listener->loop = loop;
    listener->request = *request;
    if (descriptor_watch_start(listener, loop, &watch, &listener->watch) != STS_OK ||
        loop_timer_start(listener, loop, loop_now(loop), on_rested, listener, &listener->rest) !=
            STS_OK) {
        talloc_free(listener);
        return STS_E_NOMEM;
    }
    *ret = listener;
    return STS_OK;
}

void listener_rest(struct listener *listener, int64_t until)
{
    listener->resting = true;
    descriptor_watch_hold(listener->watch, true);
    loop_timer_again(listener->rest, until);
}
