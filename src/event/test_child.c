/* SPDX-License-Identifier: MIT */
/* test_child.c - a program gets its input, how it ends is told, and nothing of it is left when its
 * time is over or its handle was freed. */
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
#include <unistd.h>

#include "event/child.h"
#include "event/descriptor.h"

#define LONG_MS 60000
#define LARGE   ((size_t)4 << 20) /* more than a pipe takes */
#define STARTED 9                 /* what the script writes to when it runs; held by all of it */

static struct lab {
    TALLOC_CTX *ctx;
    struct loop *loop;
    struct child *child;
    int ends[2]; /* whoever runs holds the second */
    bool over;
    struct child_end end;
    char output[64]; /* as much of it as is wanted */
    size_t wanted;
} lab;

static int set_up(void **state)
{
    (void)state;
    lab = (struct lab){.ctx = talloc_new(NULL)};
    (void)signal(SIGPIPE, SIG_IGN);
    if (pipe2(lab.ends, O_CLOEXEC) != 0 || dup2(lab.ends[1], STARTED) != STARTED)
        return -1;
    close(lab.ends[1]);
    return loop_new(lab.ctx, &lab.loop) == STS_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    talloc_free(lab.ctx);
    close(lab.ends[0]);
    close(STARTED);
    return 0;
}

static void over(void *arg, const struct child_end *end)
{
    (void)arg;
    lab.over = true;
    lab.end = *end;
    memcpy(lab.output, end->output.data, end->output.length);
    TALLOC_FREE(lab.child);
    loop_stop(lab.loop);
}

static enum sts_status start(const char *path, const char *script, const char *input, int64_t ms)
{
    const char *const words[] = {"sh", "-c", script, NULL};
    const struct child_request request = {.path = path,
                                          .words = words,
                                          .environment = environ,
                                          .input = bytes_of(input),
                                          .deadline = loop_now(lab.loop) + ms,
                                          .output_max = lab.wanted,
                                          .over = over};

    return child_start(lab.ctx, lab.loop, &request, &lab.child);
}

static struct child_end run(const char *script, const char *input, int64_t ms)
{
    lab.over = false;
    assert_int_equal(start("/bin/sh", script, input, ms), STS_OK);
    assert_false(lab.over);
    assert_int_equal(loop_run(lab.loop), STS_OK);
    assert_true(lab.over);
    return lab.end;
}

static void ends_with(const char *script, const char *input, enum child_outcome outcome, int number)
{
    struct child_end end = run(script, input, LONG_MS);

    assert_int_equal(end.outcome, outcome);
    assert_int_equal(end.number, number);
}

static void its_status_is_told(void **state)
{
    (void)state;
    ends_with("exit 0", "", CHILD_EXITED, 0);
    ends_with("exit 7", "", CHILD_EXITED, 7);
    ends_with("kill -9 $$", "", CHILD_KILLED, 9);
}

static void it_gets_the_input_to_its_end(void **state)
{
    char *large = malloc(LARGE + 1);

    (void)state;
    memset(large, 'x', LARGE);
    large[LARGE] = '\0';
    ends_with("test \"$(cat)\" = hello", "hello", CHILD_EXITED, 0);
    ends_with("test $(wc -c) = 4194304", large, CHILD_EXITED, 0);
    ends_with("test $(wc -c) = 0", "", CHILD_EXITED, 0);
    free(large);
}

static void one_that_reads_nothing_is_no_failure(void **state)
{
    char *large = malloc(LARGE + 1);

    (void)state;
    memset(large, 'x', LARGE);
    large[LARGE] = '\0';
    ends_with("exec 0<&-; exit 0", large, CHILD_EXITED, 0);
    free(large);
}

/* SIGTERM would be ignored otherwise, and what is blocked here stay so. */
static void signals_are_as_they_are_by_default(void **state)
{
    sigset_t term;

    (void)state;
    (void)signal(SIGINT, SIG_IGN);
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    sigprocmask(SIG_BLOCK, &term, NULL);
    ends_with("kill -TERM $$; exit 0", "", CHILD_KILLED, SIGTERM);
    ends_with("kill -INT $$; exit 0", "", CHILD_KILLED, SIGINT);
    sigprocmask(SIG_UNBLOCK, &term, NULL);
    (void)signal(SIGINT, SIG_DFL);
}

/* The script and what it began are gone when nobody holds the pipe any more. */
static void nothing_is_left(void)
{
    char byte;

    close(STARTED);
    assert_int_equal(read(lab.ends[0], &byte, 1), 0);
    dup2(lab.ends[0], STARTED); /* for tear_down() */
}

static void its_time_ends_it_and_what_it_began(void **state)
{
    struct child_end end = run("sleep 1000 & sleep 1000", "", 100);

    (void)state;
    assert_int_equal(end.outcome, CHILD_TIMED_OUT);
    nothing_is_left();
}

static void on_started(void *arg)
{
    char byte;

    (void)arg;
    assert_int_equal(read(lab.ends[0], &byte, 1), 1);
    loop_stop(lab.loop);
}

static void freed_it_is_gone_with_all_it_began(void **state)
{
    const struct descriptor_watch_request request = {lab.ends[0], DESCRIPTOR_READ, on_started,
                                                     NULL};
    struct descriptor_watch *started;

    (void)state;
    assert_int_equal(start("/bin/sh", "sleep 1000 & printf x >&9; sleep 1000", "", LONG_MS),
                     STS_OK);
    assert_int_equal(descriptor_watch_start(lab.ctx, lab.loop, &request, &started), STS_OK);
    assert_int_equal(loop_run(lab.loop), STS_OK);
    talloc_free(started);
    TALLOC_FREE(lab.child);
    nothing_is_left();
    assert_false(lab.over);
}

static void what_cannot_be_begun(void **state)
{
    (void)state;
    assert_int_equal(start("/nowhere/sh", "exit 0", "", LONG_MS), STS_E_IO);
    assert_int_equal(errno, ENOENT);
}

static void prints(const char *script, const char *expected)
{
    lab.wanted = sizeof(lab.output);
    ends_with(script, "", CHILD_EXITED, 0);
    assert_int_equal(lab.end.output.length, strlen(expected));
    assert_memory_equal(lab.output, expected, strlen(expected));
}

/* What it printed last is there, though it has ended; what is too much is dropped; and who holds
 * the pipe after its end keeps nobody waiting. */
static void its_output_is_told_as_far_as_wanted(void **state)
{
    (void)state;
    prints("printf hello", "hello");
    prints("printf a; sleep 0.1; printf b", "ab");
    prints("echo error >&2", "");
    prints("exec >&-", "");
    prints("sleep 1000 & printf x", "x");
    lab.wanted = 3;
    ends_with("head -c 4194304 /dev/zero | tr '\\0' z", "", CHILD_EXITED, 0);
    assert_int_equal(lab.end.output.length, 3);
    assert_memory_equal(lab.output, "zzz", 3);
    lab.wanted = 3;
    assert_int_equal(run("printf ab; exec sleep 1000", "", 100).outcome, CHILD_TIMED_OUT);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(its_status_is_told),
        CASE(it_gets_the_input_to_its_end),
        CASE(one_that_reads_nothing_is_no_failure),
        CASE(signals_are_as_they_are_by_default),
        CASE(its_time_ends_it_and_what_it_began),
        CASE(freed_it_is_gone_with_all_it_began),
        CASE(its_output_is_told_as_far_as_wanted),
        CASE(what_cannot_be_begun),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
