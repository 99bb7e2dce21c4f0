/* SPDX-License-Identifier: MIT */
/* datagrams.c - the mail servers of bench/collect, and a reader that does nothing, as their limit.
 *
 * usage: datagrams PATH COUNT DOMAINS success|failure|unique
 *        datagrams --sink PATH COUNT
 *
 * Sends so many events as libtlsrpt makes them, 64 with one call, waiting where the socket is full;
 * prints the seconds that took.  success: one for each of the domains, again and again; failure:
 * eight kinds of each; unique: each has a reason that no other has. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define BATCH 64
#define SIZE  1024

static struct mmsghdr messages[BATCH];
static struct iovec places[BATCH];

static double now(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static int event(char *text, long domain, long kind, const char *how)
{
    char detail[256] = "";

    if (strcmp(how, "success") != 0)
        snprintf(
            detail, sizeof(detail),
            ",\"failure-details\":[{\"c\":%d,\"s\":\"192.0.2.1\",\"n\":\"mx%ld.d%ld.example\","
            "\"h\":\"mx.d%ld.example ESMTP\",\"r\":\"198.51.100.%ld\",\"f\":\"reason-%012ld\"}]",
            201 + (int)(kind % 5), kind % 8, domain, domain, kind % 8,
            strcmp(how, "unique") == 0 ? kind : 0);
    return snprintf(text, SIZE,
                    "{\"dpv\": \"1\",\"d\": \"d%ld.example\",\"pr\": \"v=TLSRPTv1;"
                    "rua=mailto:tls-reports@d%ld.example\",\"policies\":[{\"policy-type\":2,"
                    "\"policy-domain\": \"d%ld.example\",\"policy-string\":[\"version: STSv1\","
                    "\"mode: enforce\",\"mx: *.d%ld.example\",\"max_age: 604800\"],\"mx-host\":"
                    "[\"*.d%ld.example\"]%s,\"t\":%d,\"f\":%d}]}",
                    domain, domain, domain, domain, domain, detail, *detail != 0, *detail != 0);
}

static int send_all(const char *path, long count, long domains, const char *how)
{
    struct sockaddr_un place = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    long kinds = strcmp(how, "success") == 0 ? 1 : strcmp(how, "failure") == 0 ? 8 : 0;
    long ready = kinds ? domains * kinds : count;
    char *texts = calloc((size_t)ready, SIZE);
    int *lengths = calloc((size_t)ready, sizeof(int));
    double begin;

    strncpy(place.sun_path, path, sizeof(place.sun_path) - 1);
    if (fd < 0 || connect(fd, (struct sockaddr *)&place, sizeof(place)) != 0)
        fail(path);
    if (!texts || !lengths)
        fail("memory");
    for (long i = 0; i < ready; i++)
        lengths[i] = event(texts + i * SIZE, i % domains, kinds ? i / domains : i, how);
    begin = now();
    for (long sent = 0; sent < count;) {
        long batch = count - sent < BATCH ? count - sent : BATCH;
        int done;

        for (long i = 0; i < batch; i++) {
            long one = (sent + i) % ready;

            places[i] = (struct iovec){texts + one * SIZE, (size_t)lengths[one]};
            messages[i].msg_hdr = (struct msghdr){.msg_iov = &places[i], .msg_iovlen = 1};
        }
        done = sendmmsg(fd, messages, (unsigned)batch, 0);
        if (done <= 0 && errno != EINTR)
            fail("sendmmsg");
        sent += done > 0 ? done : 0;
    }
    printf("%.6f\n", now() - begin);
    return 0;
}

static int sink(const char *path, long count)
{
    static char bytes[BATCH][SIZE];
    struct sockaddr_un place = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

    strncpy(place.sun_path, path, sizeof(place.sun_path) - 1);
    if (fd < 0 || bind(fd, (struct sockaddr *)&place, sizeof(place)) != 0)
        fail(path);
    for (int i = 0; i < BATCH; i++) {
        places[i] = (struct iovec){bytes[i], SIZE};
        messages[i].msg_hdr = (struct msghdr){.msg_iov = &places[i], .msg_iovlen = 1};
    }
    while (count > 0) {
        int done = recvmmsg(fd, messages, BATCH, MSG_WAITFORONE, NULL);

        if (done < 0 && errno != EINTR)
            fail("recvmmsg");
        count -= done > 0 ? done : 0;
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "--sink") == 0)
        return sink(argv[2], atol(argv[3]));
    if (argc == 5 && atol(argv[2]) > 0 && atol(argv[3]) > 0)
        return send_all(argv[1], atol(argv[2]), atol(argv[3]), argv[4]);
    fprintf(stderr, "usage: datagrams PATH COUNT DOMAINS success|failure|unique\n");
    return 64;
}
