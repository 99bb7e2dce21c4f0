/* SPDX-License-Identifier: MIT */
/* test_datagrams.c - sockets at a path: whose it is, what fits, and many at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "event/datagrams.h"

#define SIZE 100

struct seen {
    size_t count, cut, bytes, waiting;
};

static void on_received(void *arg, struct bytes datagram, bool complete)
{
    struct seen *seen = arg;

    seen->count++;
    seen->cut += !complete;
    seen->bytes += datagram.length;
}

static void on_read(void *arg, size_t waiting)
{
    ((struct seen *)arg)->waiting = waiting;
}

static char *folder_new(TALLOC_CTX *ctx)
{
    char *folder = talloc_strdup(ctx, "/tmp/datagrams-XXXXXX");

    assert_non_null(mkdtemp(folder));
    return folder;
}

static void a_path_is_taken_over_from_the_dead(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *folder = folder_new(ctx), *file = talloc_asprintf(ctx, "%s/file", folder);
    char *where = talloc_asprintf(ctx, "unix:%s/socket", folder);
    int first, second;

    (void)state;
    assert_int_equal(datagrams_open("127.0.0.1:25", &first), LISTENER_NO_ADDRESS);
    assert_int_equal(datagrams_open("unix:", &first), LISTENER_NO_ADDRESS);
    assert_int_equal(datagrams_open(talloc_asprintf(ctx, "unix:%s/none/s", folder), &first),
                     LISTENER_NO_PLACE);
    close(creat(file, 0600));
    assert_int_equal(datagrams_open(talloc_asprintf(ctx, "unix:%s", file), &first),
                     LISTENER_NO_PLACE);
    assert_int_equal(datagrams_open(where, &first), LISTENER_OK);
    assert_int_equal(datagrams_open(where, &second), LISTENER_IN_USE);
    close(first);
    assert_false(datagrams_connect(where, 0, &second));
    assert_int_equal(datagrams_open(where, &second), LISTENER_OK);
    assert_true(datagrams_is(second));
    assert_false(datagrams_is(STDIN_FILENO));
    close(second);
    assert_int_equal(unlink(where + strlen("unix:")), 0);
    assert_int_equal(unlink(file), 0);
    assert_int_equal(rmdir(folder), 0);
    talloc_free(ctx);
}

static void what_waits_is_read_and_what_is_cut_is_told(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *folder = folder_new(ctx), *where = talloc_asprintf(ctx, "unix:%s/socket", folder);
    struct seen seen = {0};
    struct datagrams_request request = {.size = SIZE,
                                        .batch = 4,
                                        .turn = 10,
                                        .received = on_received,
                                        .read = on_read,
                                        .arg = &seen};
    char text[SIZE + 1] = {0};
    struct datagrams *datagrams;
    struct loop *loop;
    int client;

    (void)state;
    assert_int_equal(datagrams_open(where, &request.fd), LISTENER_OK);
    assert_int_equal(loop_new(ctx, &loop), STS_OK);
    assert_int_equal(datagrams_start(ctx, loop, &request, &datagrams), STS_OK);
    assert_true(datagrams_connect(where, 0, &client));
    for (size_t i = 0; i < 8; i++)
        assert_true(datagrams_send(client, (struct bytes){text, SIZE}));
    assert_true(datagrams_send(client, (struct bytes){text, SIZE + 1}));
    datagrams_drain(datagrams);
    assert_int_equal(seen.count, 9);
    assert_int_equal(seen.cut, 1);
    assert_int_equal(seen.bytes, 9 * SIZE);
    assert_int_equal(seen.waiting, 9);
    /* the queue ends somewhere, and who sends is told */
    for (size_t i = 0; i < 100000 && datagrams_send(client, (struct bytes){text, 1}); i++)
        seen.bytes = i;
    assert_true(seen.bytes < 99999);
    close(client);
    close(request.fd);
    assert_int_equal(unlink(where + strlen("unix:")), 0);
    assert_int_equal(rmdir(folder), 0);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_is_taken_over_from_the_dead),
        cmocka_unit_test(what_waits_is_read_and_what_is_cut_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
