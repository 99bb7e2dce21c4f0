/* SPDX-License-Identifier: MIT */
/* test_https.c - what a request says to the server: method, port and path; also where it has to
 * begin again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/event.h>

#include "base/clock.h"
#include "event/loop.h"
#include "net/https.h"
#include "net/tls.h"

#define FILES    64
#define SHORT_MS 250 /* how long all files are taken: some tries */
#define PATIENCE 30000
#define LOOPBACK "127.0.0.1"
/* more than it sends */
#define ANSWER                                                                                     \
    "HTTP/1.1 405 No\r\nAllow: POST\r\nContent-Length: 10000000000\r\n\r\nthis is no endpoint"

static struct lab {
    TALLOC_CTX *ctx;
    struct loop *loop;
    struct https *https;
    int listener, peer, port;
    struct event *accepts, *reads;
    char heard[4096];
    size_t length;
    int taken[FILES];
    int count;
    struct https_fetch *fetch;
} lab;

/* ---- a server -------------------------------------------------------------------------------- */

static void heard(evutil_socket_t fd, short what, void *arg)
{
    size_t room = lab.length < sizeof lab.heard ? sizeof lab.heard - 1 - lab.length : 0;
    ssize_t length = room ? read(fd, lab.heard + lab.length, room) : 0;

    (void)what, (void)arg;
    if (length <= 0) {
        event_del(lab.reads);
        return;
    }
    lab.length += (size_t)length;
    lab.heard[lab.length] = '\0';
    if (strstr(lab.heard, "\r\n\r\n"))
        assert_int_equal(write(fd, ANSWER, strlen(ANSWER)), strlen(ANSWER));
}

static void called(evutil_socket_t fd, short what, void *arg)
{
    (void)what, (void)arg;
    lab.peer = accept(fd, NULL, NULL);
    assert_true(lab.peer >= 0);
    lab.reads = event_new(loop_base(lab.loop), lab.peer, EV_READ | EV_PERSIST, heard, NULL);
    assert_non_null(lab.reads);
    event_add(lab.reads, NULL);
}

static void listen_here(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t length = sizeof at;

    assert_int_equal(inet_pton(AF_INET, LOOPBACK, &at.sin_addr), 1);
    lab.listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(lab.listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(lab.listener, 1), 0);
    assert_int_equal(getsockname(lab.listener, (struct sockaddr *)&at, &length), 0);
    lab.port = ntohs(at.sin_port);
    lab.accepts = event_new(loop_base(lab.loop), lab.listener, EV_READ, called, NULL);
    assert_non_null(lab.accepts);
    event_add(lab.accepts, NULL);
}

static int set_up(void **state)
{
    struct tls_trust *trust;
    char *why;

    (void)state;
    memset(&lab, 0, sizeof lab);
    lab.ctx = talloc_new(NULL);
    assert_int_equal(loop_new(lab.ctx, &lab.loop), STS_OK);
    assert_int_equal(tls_trust_new(lab.ctx, NULL, &trust, &why), STS_OK);
    assert_int_equal(https_new(lab.ctx, lab.loop, trust, &lab.https), STS_OK);
    listen_here();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    event_free(lab.accepts);
    event_free(lab.reads);
    close(lab.peer);
    close(lab.listener);
    talloc_free(lab.ctx);
    return 0;
}

/* ---- requests -------------------------------------------------------------------------------- */

static void fetched(void *arg, struct https_fetch *fetch)
{
    (void)arg;
    lab.fetch = fetch;
    loop_stop(lab.loop);
}

static void ask(const char *method, bool port_in_url)
{
    const struct https_request request = {.host = "reports.test",
                                          .address = LOOPBACK,
                                          .port = lab.port,
                                          .port_in_url = port_in_url,
                                          .path = "/v1?key=a%2Cb",
                                          .method = method,
                                          .plain = true,
                                          .deadline = clock_monotonic_ms() + PATIENCE,
                                          .done = fetched};
    struct https_transfer *transfer;

    assert_int_equal(https_get(lab.ctx, lab.https, &request, &transfer), STS_OK);
    assert_int_equal(loop_run(lab.loop), STS_OK);
    assert_non_null(lab.fetch);
}

static void expect(const char *first_line, const char *host)
{
    if (strncmp(lab.heard, first_line, strlen(first_line)) != 0 || !strstr(lab.heard, host))
        fail_msg("heard: %s", lab.heard);
}

/* Nothing is waited for behind the head of the answer. */
static void options_are_asked_for_and_no_body(void **state)
{
    char host[64];

    (void)state;
    ask("OPTIONS", true);
    snprintf(host, sizeof host, "\r\nHost: reports.test:%d\r\n", lab.port);
    expect("OPTIONS /v1?key=a%2Cb HTTP/1.1\r\n", host);
    assert_int_equal(lab.fetch->outcome, NET_OK);
    assert_int_equal(lab.fetch->status, 405);
    assert_int_equal(lab.fetch->body.length, 0);
    assert_false(lab.fetch->truncated);
}

static void the_port_may_go_without_saying(void **state)
{
    (void)state;
    ask("OPTIONS", false);
    expect("OPTIONS /v1?key=a%2Cb HTTP/1.1\r\n", "\r\nHost: reports.test\r\n");
}

static void give_files_back(void *arg)
{
    (void)arg;
    assert_int_equal(lab.length, 0);
    while (lab.count)
        close(lab.taken[--lab.count]);
}

static void the_method_stays_where_files_were_short(void **state)
{
    const struct rlimit few = {FILES, FILES};
    struct loop_timer *timer;

    (void)state;
    assert_int_equal(loop_timer_start(lab.ctx, lab.loop, clock_monotonic_ms() + SHORT_MS,
                                      give_files_back, NULL, &timer),
                     STS_OK);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    while ((lab.taken[lab.count] = dup(STDOUT_FILENO)) >= 0)
        lab.count++;
    assert_int_equal(errno, EMFILE);
    ask("OPTIONS", true);
    expect("OPTIONS /v1?key=a%2Cb HTTP/1.1\r\n", "\r\nHost: reports.test:");
    assert_int_equal(lab.fetch->outcome, NET_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(options_are_asked_for_and_no_body, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_port_may_go_without_saying, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_method_stays_where_files_were_short, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
