/* SPDX-License-Identifier: MIT */
/* test_line_server.c - lines on real sockets, and what the end takes of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "collect/limits.h"
#include "collect/line_server.h"
#include "event/listener.h"

struct lab {
    struct loop *loop;
    struct line_server *server;
    char folder[40], where[60];
    int fd;
    char *lines; /* "a;b;" */
    size_t count, too_long;
};

static void on_line(void *arg, struct bytes line)
{
    struct lab *lab = arg;

    lab->lines = talloc_asprintf_append(lab->lines, "%.*s;", (int)line.length, line.data);
    lab->count++;
    loop_stop(lab->loop);
}

static void on_too_long(void *arg)
{
    ((struct lab *)arg)->too_long++;
}

static struct lab *begin(void)
{
    struct lab *lab = talloc_zero(NULL, struct lab);
    struct line_server_request request = {.line = on_line, .too_long = on_too_long, .arg = lab};

    snprintf(lab->folder, sizeof(lab->folder), "/tmp/lines-XXXXXX");
    assert_non_null(mkdtemp(lab->folder));
    snprintf(lab->where, sizeof(lab->where), "unix:%s/socket", lab->folder);
    lab->lines = talloc_strdup(lab, "");
    assert_int_equal(loop_new(lab, &lab->loop), STS_OK);
    assert_int_equal(listener_open(lab->where, &lab->fd), LISTENER_OK);
    request.fd = lab->fd;
    assert_int_equal(line_server_start(lab, lab->loop, &request, &lab->server), STS_OK);
    return lab;
}

static void end(struct lab *lab)
{
    TALLOC_FREE(lab->server);
    close(lab->fd);
    assert_int_equal(unlink(lab->where + strlen("unix:")), 0);
    assert_int_equal(rmdir(lab->folder), 0);
    talloc_free(lab);
}

static int written(const struct lab *lab, const char *text)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    assert_true(fd >= 0);
    snprintf(to.sun_path, sizeof(to.sun_path), "%s", lab->where + strlen("unix:"));
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    return fd;
}

static void lines_are_cut(void **state)
{
    struct lab *lab = begin();
    int fd = written(lab, "a\nb\nc");

    (void)state;
    assert_int_equal(loop_run(lab->loop), STS_OK);
    assert_string_equal(lab->lines, "a;b;");
    close(fd);
    assert_int_equal(loop_run(lab->loop), STS_OK);
    assert_string_equal(lab->lines, "a;b;c;");
    end(lab);
}

/* Of those that stay open, that are closed, and that nobody has accepted yet. */
static void the_end_takes_what_was_written(void **state)
{
    struct lab *lab = begin();
    int fds[3] = {written(lab, "a\n"), -1, -1};

    (void)state;
    assert_int_equal(loop_run(lab->loop), STS_OK);
    assert_int_equal(write(fds[0], "b\nc", 3), 3);
    fds[1] = written(lab, "d\n");
    fds[2] = written(lab, "e");
    close(fds[2]);
    line_server_drain(lab->server);
    assert_string_equal(lab->lines, "a;b;c;d;e;");
    assert_int_equal(recv(fds[0], lab->folder, 1, 0), 0);
    close(fds[0]);
    close(fds[1]);
    end(lab);
}

static void many_that_wait_are_taken_too(void **state)
{
    struct lab *lab = begin();
    int fds[3 * LIMIT_LINE_DRAIN];
    size_t count = sizeof(fds) / sizeof(fds[0]);

    (void)state;
    for (size_t i = 0; i < count; i++)
        fds[i] = written(lab, "x\n");
    line_server_drain(lab->server);
    assert_int_equal(lab->count, count);
    for (size_t i = 0; i < count; i++)
        close(fds[i]);
    end(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_cut),
        cmocka_unit_test(the_end_takes_what_was_written),
        cmocka_unit_test(many_that_wait_are_taken_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
