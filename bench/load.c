/* SPDX-License-Identifier: MIT */
/* load.c - asks a web server on this machine for the same page, over and over.
 *
 *     load pages PORT PATH CONNECTIONS SECONDS    requests a second, milliseconds p50 p95 p99 max,
 *                                                 bytes of a body
 *     load hold PORT PATH CONNECTIONS             one request each, then nothing, until standard
 *                                                 input ends; "held N" when all have their answer
 *     load follow PORT PATH CONNECTIONS SECONDS   streams that do not end: events that came, and
 *                                                 how many streams were open at the end
 *
 * One thread; each connection is kept alive and asks again when the answer is there.  Of several
 * PATHs, with commas between them, the connections take one each in turn. */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define HEAD_MAX  4096
#define TIMES_MAX 4000000
#define EVENTS    256

struct peer {
    int fd;
    char head[HEAD_MAX];
    size_t length; /* of the head so far */
    long left;     /* of the body; -1: the head is not complete */
    double since;
    const char *path;
};

static struct peer *peers;
static int peer_count, poller;
static float *times;
static long answers, failures, body_length, events, open_streams;

static double now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void ask(struct peer *peer)
{
    char request[1024];
    int length =
        snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", peer->path);

    peer->length = 0;
    peer->left = -1;
    peer->since = now_ms();
    if (length >= (int)sizeof request ||
        send(peer->fd, request, (size_t)length, MSG_NOSIGNAL) != length)
        failures++;
}

static void dial(struct peer *peer, int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct epoll_event wish = {.events = EPOLLIN, .data.ptr = peer};

    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    peer->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (peer->fd < 0 || connect(peer->fd, (struct sockaddr *)&to, sizeof to) != 0) {
        perror("connect");
        exit(1);
    }
    epoll_ctl(poller, EPOLL_CTL_ADD, peer->fd, &wish);
}

/* What of the bytes belongs to the body, once the head is complete. */
static size_t take_head(struct peer *peer, const char *data, size_t length)
{
    size_t taken = length < HEAD_MAX - 1 - peer->length ? length : HEAD_MAX - 1 - peer->length;
    const char *end, *field;

    memcpy(peer->head + peer->length, data, taken);
    peer->head[peer->length + taken] = '\0';
    end = strstr(peer->head, "\r\n\r\n");
    field = end ? strcasestr(peer->head, "\r\ncontent-length:") : NULL;
    if (!end) {
        peer->length += taken;
        return 0;
    }
    failures += strncmp(peer->head, "HTTP/1.1 200 ", 13) != 0;
    body_length = peer->left = field ? strtol(field + 17, NULL, 10) : 0;
    return peer->length + length - (size_t)(end + 4 - peer->head);
}

static bool complete(struct peer *peer, const char *data, size_t length)
{
    size_t body = peer->left < 0 ? take_head(peer, data, length) : length;

    if (peer->left < 0)
        return false;
    peer->left -= (long)body;
    return peer->left <= 0;
}

static void note(struct peer *peer)
{
    if (answers < TIMES_MAX)
        times[answers] = (float)(now_ms() - peer->since);
    answers++;
}

static void drop(struct peer *peer)
{
    close(peer->fd);
    peer->fd = -1;
    open_streams--;
}

static void count_events(const char *data, size_t length)
{
    for (size_t i = 0; i + 4 < length; i++)
        events += memcmp(data + i, "data:", 5) == 0;
}

/* One turn: whatever has come, for at most so many milliseconds. */
static void turn(int wait_ms, bool again, bool follow)
{
    static char data[262144];
    struct epoll_event came[EVENTS];
    int count = epoll_wait(poller, came, EVENTS, wait_ms);

    for (int i = 0; i < count; i++) {
        struct peer *peer = came[i].data.ptr;
        ssize_t n = recv(peer->fd, data, sizeof data, 0);

        if (n <= 0) {
            failures += !follow;
            drop(peer);
        } else if (follow) {
            count_events(data, (size_t)n);
        } else if (complete(peer, data, (size_t)n)) {
            note(peer);
            if (again)
                ask(peer);
        }
    }
}

static int by_time(const void *a, const void *b)
{
    float one = *(const float *)a, other = *(const float *)b;

    return (one > other) - (one < other);
}

static void print_pages(double seconds)
{
    long kept = answers < TIMES_MAX ? answers : TIMES_MAX;

    qsort(times, (size_t)kept, sizeof *times, by_time);
    if (!kept || failures) {
        fprintf(stderr, "load: %ld answers, %ld failures\n", answers, failures);
        exit(1);
    }
    printf("%.0f %.2f %.2f %.2f %.2f %ld\n", (double)answers / seconds, times[kept / 2],
           times[kept * 95 / 100], times[kept * 99 / 100], times[kept - 1], body_length);
}

static void pages(double seconds)
{
    double begin = now_ms();

    while (now_ms() < begin + seconds * 1e3)
        turn(100, true, false);
    print_pages(seconds);
}

static void hold(void)
{
    while (answers + failures < peer_count)
        turn(100, false, false);
    printf("held %d\n", peer_count);
    fflush(stdout);
    while (getchar() != EOF)
        ;
}

static void follow(double seconds)
{
    double begin = now_ms();

    while (now_ms() < begin + seconds * 1e3)
        turn(100, false, true);
    printf("%ld %ld\n", events, open_streams);
}

/* The path of each connection. */
static void give_paths(char *list)
{
    static const char *paths[1024];
    int count = 0;

    for (char *rest = list, *path; count < 1024 && (path = strsep(&rest, ",")) != NULL;)
        paths[count++] = path;
    for (int i = 0; i < peer_count; i++)
        peers[i].path = paths[i % count];
}

int main(int argc, char **argv)
{
    struct rlimit files = {65536, 65536};
    double seconds = argc > 5 ? strtod(argv[5], NULL) : 0;

    if (argc < 5) {
        fputs("usage: load pages|hold|follow PORT PATH CONNECTIONS [SECONDS]\n", stderr);
        return 64;
    }
    (void)setrlimit(RLIMIT_NOFILE, &files);
    peer_count = (int)strtol(argv[4], NULL, 10);
    open_streams = peer_count;
    peers = calloc((size_t)peer_count, sizeof *peers);
    times = calloc(TIMES_MAX, sizeof *times);
    poller = epoll_create1(EPOLL_CLOEXEC);
    if (!peers || !times)
        return 1;
    give_paths(argv[3]);
    for (int i = 0; i < peer_count; i++) {
        dial(&peers[i], (int)strtol(argv[2], NULL, 10));
        ask(&peers[i]);
    }
    if (strcmp(argv[1], "pages") == 0)
        pages(seconds);
    else if (strcmp(argv[1], "hold") == 0)
        hold();
    else
        follow(seconds);
    return 0;
}
