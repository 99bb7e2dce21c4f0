/* SPDX-License-Identifier: MIT */
/* test_short.c - where this process has no file left, connections wait; nothing is said of peers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "event/loop.h"
#include "mtasts/names.h"
#include "net/dns_direct.h"
#include "net/https.h"
#include "net/smtp.h"
#include "net/tcp.h"
#include "net/tls.h"

#define FILES     64
#define SHORT_MS  250 /* how long all files are taken: some tries */
#define PATIENCE  30000
#define NOBODY    "127.83.83.83" /* no resolver of the machine listens there */
#define DEAD_PORT 1

static struct lab {
    TALLOC_CTX *ctx;
    struct loop *loop;
    struct tls_trust *trust;
    int taken[FILES];
    int count, answers, pending;
} lab;

static void give_files_back(void *arg)
{
    (void)arg;
    assert_int_equal(lab.answers, 0);
    while (lab.count)
        close(lab.taken[--lab.count]);
}

static void answer(void)
{
    lab.answers++;
    if (--lab.pending == 0)
        loop_stop(lab.loop);
}

static void looked(void *arg, struct smtp_session *session)
{
    (void)arg;
    assert_int_equal(session->outcome, NET_REFUSED);
    answer();
}

static void fetched(void *arg, struct https_fetch *fetch)
{
    (void)arg;
    assert_int_equal(fetch->outcome, NET_REFUSED);
    answer();
}

static void asked(void *arg, struct dns_answer *reply, bool authoritative)
{
    (void)arg, (void)authoritative;
    assert_string_equal(reply->rcode, "port closed");
    answer();
}

static void take_all_files(void)
{
    const struct rlimit few = {FILES, FILES};

    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    while ((lab.taken[lab.count] = dup(STDOUT_FILENO)) >= 0)
        lab.count++;
    assert_int_equal(errno, EMFILE);
}

static void all_wait_for_files(void **state)
{
    const int64_t deadline = clock_monotonic_ms() + PATIENCE;
    const struct smtp_request mx = {.host = "mx.test",
                                    .address = NOBODY,
                                    .port = DEAD_PORT,
                                    .helo = "test",
                                    .deadline = deadline,
                                    .done = looked};
    const struct https_request web = {.host = "mta-sts.test",
                                      .address = NOBODY,
                                      .port = DEAD_PORT,
                                      .path = STS_POLICY_PATH,
                                      .deadline = deadline,
                                      .done = fetched};
    const struct dns_direct_request question = {.server = NOBODY,
                                                .name = "test.example",
                                                .type = DNS_TXT,
                                                .deadline = deadline,
                                                .done = asked};
    struct https *https;
    struct loop_timer *timer;
    struct smtp_probe *probe;
    struct https_transfer *transfer;
    struct dns_direct *direct;
    char *why;

    (void)state;
    lab.ctx = talloc_new(NULL);
    assert_int_equal(loop_new(lab.ctx, &lab.loop), STS_OK);
    assert_int_equal(tls_trust_new(lab.ctx, NULL, &lab.trust, &why), STS_OK);
    assert_int_equal(https_new(lab.ctx, lab.loop, lab.trust, &https), STS_OK);
    assert_int_equal(loop_timer_start(lab.ctx, lab.loop, clock_monotonic_ms() + SHORT_MS,
                                      give_files_back, NULL, &timer),
                     STS_OK);
    take_all_files();
    lab.pending = 3;
    assert_int_equal(smtp_look(lab.ctx, lab.loop, lab.trust, &mx, &probe), STS_OK);
    assert_int_equal(https_get(lab.ctx, https, &web, &transfer), STS_OK);
    assert_int_equal(dns_direct_ask(lab.ctx, lab.loop, &question, &direct), STS_OK);
    assert_int_equal(loop_run(lab.loop), STS_OK);
    assert_int_equal(lab.answers, 3);
    talloc_free(lab.ctx);
}

static void a_lack_of_ports_is_ours_and_a_lack_of_an_address_is_a_fact(void **state)
{
    (void)state;
    assert_true(tcp_is_short(EMFILE, NOBODY, DEAD_PORT));
    assert_true(tcp_is_short(EADDRNOTAVAIL, NOBODY, DEAD_PORT));
    assert_false(tcp_is_short(EADDRNOTAVAIL, "no address", DEAD_PORT));
    assert_false(tcp_is_short(ECONNREFUSED, NOBODY, DEAD_PORT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_wait_for_files),
        cmocka_unit_test(a_lack_of_ports_is_ours_and_a_lack_of_an_address_is_a_fact),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
