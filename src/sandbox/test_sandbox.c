/* SPDX-License-Identifier: MIT */
/* test_sandbox.c - from inside: what was given up fails, what is needed goes on.  Each case in a
 * process of its own, since there is no way back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/sandbox.h"

#define SKIPPED 77

static char folder[] = "/tmp/test_sandbox.XXXXXX";
static char inside[64], outside[64];

/* ---- a process for each case ----------------------------------------------------------------- */

/* The line that failed; 0: none did. */
#define HOLD(condition)                                                                            \
    do {                                                                                           \
        if (!(condition))                                                                          \
            return __LINE__ % 64 + 1;                                                              \
    } while (0)

static void in_child(int (*run)(void))
{
    pid_t child = fork();
    int status;

    assert_true(child >= 0);
    if (!child)
        _exit(run());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == SKIPPED)
        skip();
    assert_int_equal(WEXITSTATUS(status), 0);
}

static bool fails_with(int error, long result)
{
    return result == -1 && errno == error;
}

static struct sandbox enter(bool network)
{
    const struct sandbox_path paths[] = {
        {inside, SANDBOX_WRITE}, {"/usr", SANDBOX_READ}, {"/not/there", SANDBOX_READ}};

    return sandbox_enter(&(struct sandbox_wish){paths, sizeof(paths) / sizeof(*paths), network});
}

/* ---- files ----------------------------------------------------------------------------------- */

static char *in_folder(const char *of, const char *name)
{
    static char path[128];

    snprintf(path, sizeof(path), "%s/%s", of, name);
    return path;
}

static int files(void)
{
    int before = open(in_folder(outside, "file"), O_RDONLY);

    if (enter(true).files != SANDBOX_IN_FORCE)
        return SKIPPED;
    HOLD(fails_with(EACCES, open(in_folder(outside, "file"), O_RDONLY)));
    HOLD(fails_with(EACCES, open(in_folder(outside, "new"), O_WRONLY | O_CREAT, 0600)));
    HOLD(fails_with(EACCES, unlink(in_folder(outside, "file"))));
    HOLD(fails_with(EACCES, open("/usr/new", O_WRONLY | O_CREAT, 0600)));
    HOLD(open("/usr", O_RDONLY | O_DIRECTORY) >= 0);
    HOLD(open(in_folder(inside, "new"), O_RDWR | O_CREAT, 0600) >= 0);
    HOLD(mkdir(in_folder(inside, "below"), 0700) == 0);
    HOLD(rmdir(in_folder(inside, "below")) == 0);
    HOLD(unlink(in_folder(inside, "new")) == 0);
    HOLD(read(before, (char[1]){0}, 1) == 1); /* what is open stays open */
    return 0;
}

static void test_files(void **state)
{
    (void)state;
    in_child(files);
}

/* ---- calls ----------------------------------------------------------------------------------- */

static int programs(void)
{
    char word[] = "true", *words[] = {word, NULL};
    pid_t child;

    if (enter(true).calls != SANDBOX_IN_FORCE)
        return SKIPPED;
    HOLD(fails_with(EPERM, execv("/usr/bin/true", words)));
    HOLD(posix_spawn(&child, "/usr/bin/true", NULL, NULL, words, NULL) == EPERM);
    return 0;
}

static void *nothing(void *arg)
{
    return arg;
}

static int kernel(void)
{
    pthread_t thread;

    if (enter(true).calls != SANDBOX_IN_FORCE)
        return SKIPPED;
    HOLD(fails_with(EPERM, ptrace(PTRACE_TRACEME, 0, NULL, NULL)));
    HOLD(fails_with(EPERM, unshare(CLONE_NEWUSER)));
    HOLD(fails_with(EPERM, syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, NULL)));
    HOLD(fails_with(ENOSYS, syscall(SYS_clone3, NULL, 0)));
    HOLD(fails_with(EPERM, syscall(SYS_bpf, 0, NULL, 0)));
    HOLD(fails_with(EPERM, syscall(SYS_keyctl, 0, 0)));
    HOLD(fails_with(EPERM, syscall(SYS_io_uring_setup, 1, NULL)));
    HOLD(fails_with(EPERM, setuid(getuid())));
    HOLD(mmap(NULL, 4096, PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
         MAP_FAILED);
    /* while this goes on */
    HOLD(pthread_create(&thread, NULL, nothing, NULL) == 0 && pthread_join(thread, NULL) == 0);
    HOLD(malloc(64u << 20));
    return 0;
}

static bool opens(int family, int protocol)
{
    int fd = socket(family, family == AF_NETLINK ? SOCK_RAW : SOCK_STREAM, protocol);

    return fd >= 0 && close(fd) == 0;
}

static int network(void)
{
    int server = socket(AF_INET, SOCK_STREAM, 0);

    if (enter(true).calls != SANDBOX_IN_FORCE)
        return SKIPPED;
    HOLD(opens(AF_INET, 0) && opens(AF_UNIX, 0) && opens(AF_NETLINK, 0));
    HOLD(!opens(AF_PACKET, 0) && !opens(AF_NETLINK, 9 /* NETLINK_AUDIT */));
    HOLD(!opens(AF_ALG, 0) && !opens(AF_VSOCK, 0));
    HOLD(fails_with(EPERM, listen(server, 1)));
    return 0;
}

static int no_network(void)
{
    if (enter(false).calls != SANDBOX_IN_FORCE)
        return SKIPPED;
    HOLD(!opens(AF_INET, 0) && !opens(AF_INET6, 0) && opens(AF_UNIX, 0));
    return 0;
}

static void test_calls(void **state)
{
    (void)state;
    in_child(programs);
    in_child(kernel);
    in_child(network);
    in_child(no_network);
}

/* ---- strictly -------------------------------------------------------------------------------- */

static int strictly(void)
{
    int ends[2];
    struct stat status;

    HOLD(pipe(ends) == 0);
    if (sandbox_enter_strictly().calls != SANDBOX_IN_FORCE)
        return SKIPPED;
    HOLD(open(in_folder(inside, "file"), O_RDONLY) == -1);
    HOLD(open("/usr", O_RDONLY) == -1);
    HOLD(stat("/usr", &status) == -1 && fstat(ends[0], &status) == 0);
    HOLD(fails_with(EPERM, socket(AF_UNIX, SOCK_STREAM, 0)));
    HOLD(fails_with(EPERM, fork()));
    HOLD(fails_with(EPERM, kill(getppid(), 0)));
    HOLD(mmap(NULL, 4096, PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
    HOLD(write(ends[1], "x", 1) == 1 && read(ends[0], (char[1]){0}, 1) == 1);
    HOLD(malloc(64u << 20));
    return 0;
}

static int strictly_within(void)
{
    (void)enter(true);
    return strictly();
}

static int aborts(void)
{
    if (sandbox_enter_strictly().calls != SANDBOX_IN_FORCE)
        return SKIPPED;
    abort();
}

static void test_strictly(void **state)
{
    int status;
    pid_t child;

    (void)state;
    in_child(strictly);
    in_child(strictly_within);
    child = fork();
    assert_true(child >= 0);
    if (!child)
        _exit(aborts());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) ? WTERMSIG(status) == SIGABRT : WEXITSTATUS(status) == SKIPPED);
}

/* ---- where it is not wanted, or not to be had ------------------------------------------------ */

static int off(void)
{
    struct sandbox none;

    setenv(SANDBOX_VARIABLE, "off", 1);
    none = enter(false);
    HOLD(none.files == SANDBOX_OFF && none.calls == SANDBOX_OFF && !none.landlock_abi);
    HOLD(opens(AF_INET, 0) && open(in_folder(outside, "file"), O_RDONLY) >= 0);
    HOLD(sandbox_now()->files == SANDBOX_OFF);
    return 0;
}

static void test_off(void **state)
{
    (void)state;
    in_child(off);
}

/* A container whose own filter forbids both: the program runs on without. */
static int forbidden(void)
{
    struct sandbox within;

    if (sandbox_enter_strictly().calls != SANDBOX_IN_FORCE)
        return SKIPPED;
    within = enter(false);
    HOLD(within.files == SANDBOX_ABSENT && within.calls == SANDBOX_ABSENT);
    return 0;
}

static void test_forbidden(void **state)
{
    (void)state;
    in_child(forbidden);
}

static int prepare(void **state)
{
    int fd;

    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(inside, sizeof(inside), "%s/inside", folder);
    snprintf(outside, sizeof(outside), "%s/outside", folder);
    if (mkdir(inside, 0700) || mkdir(outside, 0700))
        return -1;
    fd = open(in_folder(outside, "file"), O_WRONLY | O_CREAT, 0600);
    return fd >= 0 && write(fd, "x", 1) == 1 ? close(fd) : -1;
}

static int clean(void **state)
{
    (void)state;
    (void)unlink(in_folder(outside, "file"));
    (void)rmdir(inside);
    (void)rmdir(outside);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_files), cmocka_unit_test(test_calls),
                                       cmocka_unit_test(test_strictly), cmocka_unit_test(test_off),
                                       cmocka_unit_test(test_forbidden)};

    return cmocka_run_group_tests(tests, prepare, clean);
}
