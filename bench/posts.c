/* SPDX-License-Identifier: MIT */
/* posts.c - posts reports to a web service on this machine, each once.
 *
 *     posts PORT FILE CONNECTIONS     reports, seconds, reports a second, milliseconds p50 p99 max
 *
 * FILE holds the bodies, each behind its length (four bytes, the first the lowest).  One thread;
 * each connection is kept alive and takes the next body when the answer is there.  A client address
 * of its own (127.0.0.0/8) is bound to each, and to another one after ADDRESS_MAX reports, since a
 * service limits what one address may send. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define HEAD_MAX    4096
#define EVENTS      256
#define ADDRESS_MAX 100

struct peer {
    int fd;
    int left; /* reports of its address */
    char head[HEAD_MAX + 1];
    size_t length; /* of the answer so far */
    double since;  /* 0: it does not wait */
};

static const unsigned char *bodies, *bodies_end;
static uint32_t last_address = 0x7f010000;
static int port, poller;
static float *times;
static long asked, answered, failures, most;

static double now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void give_up(const char *what)
{
    perror(what);
    exit(1);
}

static void dial(struct peer *peer)
{
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(++last_address)};
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct epoll_event wish = {.events = EPOLLIN, .data.ptr = peer};

    peer->left = ADDRESS_MAX;
    peer->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (peer->fd < 0 || bind(peer->fd, (struct sockaddr *)&from, sizeof from) ||
        connect(peer->fd, (struct sockaddr *)&to, sizeof to))
        give_up("connect");
    epoll_ctl(poller, EPOLL_CTL_ADD, peer->fd, &wish);
}

static uint32_t length_of(const unsigned char *four)
{
    return four[0] | (uint32_t)four[1] << 8 | (uint32_t)four[2] << 16 | (uint32_t)four[3] << 24;
}

static void post_next(struct peer *peer)
{
    char head[256];
    uint32_t length;
    struct iovec parts[2];

    peer->since = 0;
    peer->length = 0;
    if (bodies == bodies_end)
        return;
    if (peer->left-- == 0) {
        close(peer->fd);
        dial(peer);
    }
    length = length_of(bodies);
    parts[0].iov_base = head;
    parts[0].iov_len = (size_t)snprintf(head, sizeof head,
                                        "POST /tlsrpt HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
                                        "application/tlsrpt+gzip\r\nContent-Length: %u\r\n\r\n",
                                        length);
    parts[1].iov_base = (void *)(uintptr_t)(bodies + 4);
    parts[1].iov_len = length;
    bodies += 4 + length;
    peer->since = now_ms();
    asked++;
    if (writev(peer->fd, parts, 2) != (ssize_t)(parts[0].iov_len + length))
        give_up("writev");
}

/* Is the answer complete?  Its body is short. */
static bool take(struct peer *peer)
{
    ssize_t n = recv(peer->fd, peer->head + peer->length, HEAD_MAX - peer->length, 0);
    const char *end, *field;

    if (n <= 0)
        give_up("recv");
    peer->length += (size_t)n;
    peer->head[peer->length] = '\0';
    end = strstr(peer->head, "\r\n\r\n");
    field = end ? strcasestr(peer->head, "\r\ncontent-length:") : NULL;
    return field &&
           peer->length >= (size_t)(end + 4 - peer->head) + (size_t)strtol(field + 17, NULL, 10);
}

static void note(struct peer *peer)
{
    if (strncmp(peer->head, "HTTP/1.1 201 ", 13) != 0 && failures++ == 0)
        fprintf(stderr, "posts: %s\n", peer->head);
    times[answered++] = (float)(now_ms() - peer->since);
}

static void turn(void)
{
    struct epoll_event came[EVENTS];
    int count = epoll_wait(poller, came, EVENTS, 1000);

    for (int i = 0; i < count; i++) {
        struct peer *peer = came[i].data.ptr;

        if (take(peer)) {
            note(peer);
            post_next(peer);
        }
    }
}

static int by_time(const void *a, const void *b)
{
    float one = *(const float *)a, other = *(const float *)b;

    return (one > other) - (one < other);
}

static void print(double seconds)
{
    if (failures || !answered) {
        fprintf(stderr, "posts: %ld answers, %ld of them failures\n", answered, failures);
        exit(1);
    }
    qsort(times, (size_t)answered, sizeof *times, by_time);
    printf("%ld %.3f %.0f %.2f %.2f %.2f\n", answered, seconds, (double)answered / seconds,
           times[answered / 2], times[answered * 99 / 100], times[answered - 1]);
}

static void map_bodies(const char *path)
{
    struct stat file;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || fstat(fd, &file))
        give_up(path);
    bodies = mmap(NULL, (size_t)file.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bodies == MAP_FAILED)
        give_up(path);
    bodies_end = bodies + file.st_size;
    for (const unsigned char *at = bodies; at < bodies_end; at += 4 + length_of(at))
        most++;
}

int main(int argc, char **argv)
{
    struct rlimit files = {65536, 65536};
    struct peer *peers;
    int count = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 0;
    double begin;

    if (count <= 0) {
        fputs("usage: posts PORT FILE CONNECTIONS\n", stderr);
        return 64;
    }
    (void)setrlimit(RLIMIT_NOFILE, &files);
    port = (int)strtol(argv[1], NULL, 10);
    map_bodies(argv[2]);
    poller = epoll_create1(EPOLL_CLOEXEC);
    peers = calloc((size_t)count, sizeof *peers);
    times = calloc((size_t)most, sizeof *times);
    if (!peers || !times)
        return 1;
    begin = now_ms();
    for (int i = 0; i < count; i++) {
        dial(&peers[i]);
        post_next(&peers[i]);
    }
    while (answered < asked)
        turn();
    print((now_ms() - begin) / 1e3);
    return 0;
}
