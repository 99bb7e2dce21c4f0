/* SPDX-License-Identifier: MIT */
/* socketmap.c - the mail servers of bench/policyd, and a server that looks nothing up, as their
 * limit.
 *
 * usage: socketmap SOCKET CONNECTIONS SECONDS <KEYS
 *        socketmap --echo SOCKET
 *
 * Each connection asks for the next key as soon as it has its answer: for so many seconds, the keys
 * again and again; with 0 seconds, each key once.  Prints the answers, the seconds that they took,
 * and of their latencies in microseconds half and 99 of 100; then how many began with OK, NOTFOUND
 * and anything else. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define EVENTS    256
#define ROOM      4096
#define LATENCIES 10000000 /* of microseconds; what is longer counts as that */

#define ECHO_REPLY "50:OK secure match=mx.example.com servername=hostname,"

struct talk {
    int fd;
    long begun;
    size_t length;
    char bytes[ROOM];
};

static char **keys;
static size_t key_count, next_key;
static unsigned *latencies;
static long answers, kinds[3];

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static long now_us(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec * 1000000L + at.tv_nsec / 1000;
}

static struct sockaddr_un place_of(const char *path)
{
    struct sockaddr_un place = {.sun_family = AF_UNIX};

    strncpy(place.sun_path, path, sizeof(place.sun_path) - 1);
    return place;
}

static void watch(int poll, int fd, void *what)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = what};

    if (epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event) != 0)
        fail("epoll_ctl");
}

/* The netstring is whole: its length, or 0. */
static size_t whole(const struct talk *talk)
{
    const char *colon = memchr(talk->bytes, ':', talk->length);
    size_t length = colon ? (size_t)(colon - talk->bytes) + 2 + strtoul(talk->bytes, NULL, 10) : 0;

    return length <= talk->length ? length : 0;
}

/* False: the other side is gone. */
static bool fill(struct talk *talk)
{
    ssize_t got = recv(talk->fd, talk->bytes + talk->length, ROOM - talk->length, 0);

    if (got > 0)
        talk->length += (size_t)got;
    return got > 0;
}

/* ---- a server that looks nothing up ---------------------------------------------------------- */

static void echo_to(struct talk *talk)
{
    size_t length;

    if (!fill(talk)) {
        close(talk->fd);
        free(talk);
        return;
    }
    while ((length = whole(talk))) {
        talk->length -= length;
        memmove(talk->bytes, talk->bytes + length, talk->length);
        if (send(talk->fd, ECHO_REPLY, sizeof(ECHO_REPLY) - 1, MSG_NOSIGNAL) < 0)
            return;
    }
}

static _Noreturn void echo(const char *path)
{
    const struct sockaddr_un place = place_of(path);
    struct epoll_event events[EVENTS];
    int listener = socket(AF_UNIX, SOCK_STREAM, 0), poll = epoll_create1(0);

    if (bind(listener, (const struct sockaddr *)&place, sizeof(place)) != 0 ||
        listen(listener, 1024) != 0)
        fail(path);
    watch(poll, listener, NULL);
    for (;;) {
        int count = epoll_wait(poll, events, EVENTS, -1);

        for (int i = 0; i < count; i++) {
            struct talk *talk = events[i].data.ptr;

            if (talk) {
                echo_to(talk);
                continue;
            }
            talk = calloc(1, sizeof(*talk));
            if (!talk)
                fail("memory");
            talk->fd = accept(listener, NULL, NULL);
            watch(poll, talk->fd, talk);
        }
    }
}

/* ---- clients --------------------------------------------------------------------------------- */

static void read_keys(void)
{
    char line[512];

    while (fgets(line, sizeof(line), stdin)) {
        line[strcspn(line, "\n")] = '\0';
        keys = realloc(keys, (key_count + 1) * sizeof(*keys));
        if (!keys || !(keys[key_count++] = strdup(line)))
            fail("memory");
    }
}

static void ask(struct talk *talk)
{
    const char *key = keys[next_key++ % key_count];
    char text[600];
    int length = snprintf(text, sizeof(text), "%zu:QUERY %s,", strlen(key) + 6, key);

    talk->begun = now_us();
    if (send(talk->fd, text, (size_t)length, MSG_NOSIGNAL) != length)
        fail("send");
}

/* True: an answer is whole. */
static bool take(struct talk *talk)
{
    const char *text;
    long elapsed;

    if (!fill(talk)) {
        fprintf(stderr, "the server closed a connection\n");
        exit(1);
    }
    if (!whole(talk))
        return false;
    text = strchr(talk->bytes, ':') + 1;
    kinds[!strncmp(text, "OK ", 3) ? 0 : !strncmp(text, "NOTFOUND", 8) ? 1 : 2]++;
    elapsed = now_us() - talk->begun;
    latencies[elapsed < LATENCIES ? elapsed : LATENCIES - 1]++;
    answers++;
    talk->length = 0;
    return true;
}

static long percentile(double share)
{
    long left = (long)((double)answers * share);
    long at = 0;

    while (at < LATENCIES - 1 && (left -= latencies[at]) > 0)
        at++;
    return at;
}

static void begin(const char *path, long connections, int poll)
{
    const struct sockaddr_un place = place_of(path);

    for (long i = 0; i < connections; i++) {
        struct talk *talk = calloc(1, sizeof(*talk));

        if (!talk)
            fail("memory");
        talk->fd = socket(AF_UNIX, SOCK_STREAM, 0);
        if (connect(talk->fd, (const struct sockaddr *)&place, sizeof(place)) != 0)
            fail(path);
        watch(poll, talk->fd, talk);
        ask(talk);
    }
}

static int load(const char *path, long connections, double seconds)
{
    struct epoll_event events[EVENTS];
    int poll = epoll_create1(0);
    long start = now_us(), last = start + (long)(seconds * 1e6);
    size_t open;

    if (seconds <= 0 && (size_t)connections > key_count)
        connections = (long)key_count;
    begin(path, connections, poll);
    for (open = (size_t)connections; open;) {
        int count = epoll_wait(poll, events, EVENTS, -1);

        for (int i = 0; i < count; i++) {
            if (!take(events[i].data.ptr))
                continue;
            if (seconds > 0 ? now_us() < last : next_key < key_count)
                ask(events[i].data.ptr);
            else
                open--;
        }
    }
    printf("%ld %.6f %ld %ld %ld %ld %ld\n", answers, (double)(now_us() - start) / 1e6,
           percentile(0.5), percentile(0.99), kinds[0], kinds[1], kinds[2]);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--echo") == 0)
        echo(argv[2]);
    if (argc != 4 || atol(argv[2]) < 1) {
        fprintf(stderr, "usage: socketmap SOCKET CONNECTIONS SECONDS <KEYS\n");
        return 64;
    }
    read_keys();
    latencies = calloc(LATENCIES, sizeof(*latencies));
    if (!latencies || !key_count)
        fail("keys");
    return load(argv[1], atol(argv[2]), atof(argv[3]));
}
