/* SPDX-License-Identifier: MIT */
/* datagrams.c - many datagrams with one call. */
#include "event/datagrams.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "event/descriptor.h"
#include "event/local_path.h"

#define RECEIVE_BUFFER (8 << 20) /* where the kernel counts bytes and not datagrams */
#define QUEUE_LENGTH   "/proc/sys/net/unix/max_dgram_qlen"

struct datagrams {
    struct datagrams_request request;
    struct descriptor_watch *watch;
    char *bytes; /* of a batch: touched only as far as datagrams are long */
    struct iovec *places;
    struct mmsghdr *messages;
};

/* ---- opening --------------------------------------------------------------------------------- */

static int new_socket(void)
{
    return socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

enum listener_trouble datagrams_open(const char *where, int *ret)
{
    struct sockaddr_un place;
    enum listener_trouble trouble;
    int fd;

    if (!local_path_read(where, &place))
        return LISTENER_NO_ADDRESS;
    trouble = local_path_clear(&place, SOCK_DGRAM);
    if (trouble != LISTENER_OK)
        return trouble;
    fd = new_socket();
    if (fd < 0)
        return LISTENER_FAILED;
    if (bind(fd, (const struct sockaddr *)&place, sizeof(place)) != 0) {
        trouble = local_path_trouble(errno);
        close(fd);
        return trouble;
    }
    *ret = fd;
    return LISTENER_OK;
}

bool datagrams_is(int fd)
{
    int type = 0, domain = 0;
    socklen_t size = sizeof(type);

    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_DGRAM)
        return false;
    size = sizeof(domain);
    return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_UNIX;
}

long datagrams_queue(void)
{
    FILE *file = fopen(QUEUE_LENGTH, "re");
    char line[32];
    long length = file && fgets(line, sizeof(line), file) ? strtol(line, NULL, 10) : 0;

    if (file)
        (void)fclose(file);
    return length;
}

/* ---- reading --------------------------------------------------------------------------------- */

static void hand_over(struct datagrams *datagrams, size_t count)
{
    const struct datagrams_request *request = &datagrams->request;

    for (size_t i = 0; i < count; i++) {
        const struct mmsghdr *message = &datagrams->messages[i];
        bool complete = !(message->msg_hdr.msg_flags & MSG_TRUNC);
        size_t length = complete ? message->msg_len : request->size;

        request->received(request->arg, (struct bytes){datagrams->places[i].iov_base, length},
                          complete);
    }
}

/* So many came; fewer than a batch: no more are waiting. */
static size_t read_batch(struct datagrams *datagrams)
{
    int count;

    do
        count = recvmmsg(datagrams->request.fd, datagrams->messages,
                         (unsigned)datagrams->request.batch, MSG_DONTWAIT, NULL);
    while (count < 0 && errno == EINTR);
    if (count <= 0)
        return 0;
    hand_over(datagrams, (size_t)count);
    return (size_t)count;
}

void datagrams_drain(struct datagrams *datagrams)
{
    size_t all = 0, count, batch = datagrams->request.batch;

    for (size_t i = 0; i < datagrams->request.turn; i++) {
        count = read_batch(datagrams);
        all += count;
        if (count < batch)
            break;
    }
    datagrams->request.read(datagrams->request.arg, all);
}

static void on_ready(void *arg)
{
    datagrams_drain(arg);
}

static bool make_room(struct datagrams *datagrams)
{
    size_t batch = datagrams->request.batch, size = datagrams->request.size;

    datagrams->bytes = talloc_size(datagrams, batch * size);
    datagrams->places = talloc_zero_array(datagrams, struct iovec, batch);
    datagrams->messages = talloc_zero_array(datagrams, struct mmsghdr, batch);
    if (!datagrams->bytes || !datagrams->places || !datagrams->messages)
        return false;
    for (size_t i = 0; i < batch; i++) {
        datagrams->places[i] = (struct iovec){datagrams->bytes + i * size, size};
        datagrams->messages[i].msg_hdr.msg_iov = &datagrams->places[i];
        datagrams->messages[i].msg_hdr.msg_iovlen = 1;
    }
    return true;
}

enum sts_status datagrams_start(TALLOC_CTX *ctx, struct loop *loop,
                                const struct datagrams_request *request, struct datagrams **ret)
{
    struct datagrams *datagrams = talloc_zero(ctx, struct datagrams);
    struct descriptor_watch_request watch = {request->fd, DESCRIPTOR_READ, on_ready, datagrams};
    int room = RECEIVE_BUFFER;
    enum sts_status status = STS_E_NOMEM;

    if (!datagrams)
        return STS_E_NOMEM;
    datagrams->request = *request;
    (void)setsockopt(request->fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
    (void)fcntl(request->fd, F_SETFL, O_NONBLOCK | fcntl(request->fd, F_GETFL));
    if (make_room(datagrams))
        status = descriptor_watch_start(datagrams, loop, &watch, &datagrams->watch);
    if (status != STS_OK)
        talloc_free(datagrams);
    else
        *ret = datagrams;
    return status;
}

/* ---- sending --------------------------------------------------------------------------------- */

/* Of a socket that does not block it counts for nothing. */
static void wait_for_room(int fd, int64_t wait_ms)
{
    const struct timeval wait = {.tv_sec = wait_ms / 1000, .tv_usec = wait_ms % 1000 * 1000};

    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
    (void)fcntl(fd, F_SETFL, ~O_NONBLOCK & fcntl(fd, F_GETFL));
}

bool datagrams_connect(const char *where, int64_t wait_ms, int *ret)
{
    struct sockaddr_un place;
    int fd = -1, error;

    if (local_path_read(where, &place))
        fd = new_socket();
    else
        errno = EINVAL;
    if (fd < 0)
        return false;
    if (wait_ms)
        wait_for_room(fd, wait_ms);
    if (connect(fd, (const struct sockaddr *)&place, sizeof(place)) == 0) {
        *ret = fd;
        return true;
    }
    error = errno;
    close(fd);
    errno = error;
    return false;
}

bool datagrams_send(int fd, struct bytes datagram)
{
    ssize_t sent;

    do
        sent = send(fd, datagram.data, datagram.length, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent >= 0 && (size_t)sent == datagram.length;
}
