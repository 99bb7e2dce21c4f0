/* SPDX-License-Identifier: MIT */
/* test_write_all.c - a text longer than a pipe takes at once arrives whole, signals or not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/write_all.h"

#define LENGTH ((size_t)1 << 20)

static void on_signal(int number)
{
    (void)number;
}

/* What the other process reads, it counts; between two reads it interrupts who writes. */
static _Noreturn void read_all(int fd, pid_t writer)
{
    static char data[5000];
    size_t total = 0;
    ssize_t got;

    while ((got = read(fd, data, sizeof(data))) > 0) {
        for (ssize_t i = 0; i < got; i++)
            if (data[i] != (char)('a' + (total + (size_t)i) % 23))
                _exit(2);
        total += (size_t)got;
        kill(writer, SIGUSR1);
    }
    _exit(total == LENGTH ? 0 : 1);
}

static void all_of_it_arrives(void **state)
{
    const struct sigaction action = {.sa_handler = on_signal};
    char *data = malloc(LENGTH);
    int pipes[2], status;
    pid_t self = getpid(), pid;

    (void)state;
    assert_non_null(data);
    for (size_t i = 0; i < LENGTH; i++)
        data[i] = (char)('a' + i % 23);
    assert_int_equal(sigaction(SIGUSR1, &action, NULL), 0);
    assert_int_equal(pipe(pipes), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (!pid) {
        close(pipes[1]);
        read_all(pipes[0], self);
    }
    close(pipes[0]);
    assert_true(write_all(pipes[1], data, LENGTH));
    close(pipes[1]);
    while (waitpid(pid, &status, 0) < 0)
        assert_int_equal(errno, EINTR);
    assert_int_equal(status, 0);
    free(data);
}

static void a_failure_is_said(void **state)
{
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

    (void)state;
    assert_true(full >= 0);
    assert_false(write_all(full, "x", 1));
    assert_int_equal(errno, ENOSPC);
    close(full);
    assert_true(write_all(-1, "", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_it_arrives),
        cmocka_unit_test(a_failure_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
