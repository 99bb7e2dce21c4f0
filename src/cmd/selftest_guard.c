/* SPDX-License-Identifier: MIT */
/* selftest_guard.c - it reads a pipe: the end of it is that of the other. */
#include "cmd/selftest_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define TRIES              100 /* what is being written while it is removed */
#define TRY_MS             20
#define OPEN_MAX_AT_A_TIME 8

/* A message to the guard. */
struct minded {
    enum selftest_process process;
    pid_t group;
};

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    (void)remove(path);
    return 0;
}

static void remove_folder(const char *folder)
{
    for (int i = 0; i < TRIES && access(folder, F_OK) == 0; i++) {
        (void)nftw(folder, remove_one, OPEN_MAX_AT_A_TIME, FTW_DEPTH | FTW_PHYS);
        if (access(folder, F_OK) == 0)
            (void)poll(NULL, 0, TRY_MS);
    }
}

/* A terminal's signals are for a group; this one has its own, and ends when the other has. */
static _Noreturn void watch(const char *folder, int alive)
{
    pid_t groups[SELFTEST_PROCESSES] = {0};
    struct minded minded;
    ssize_t got = 1;

    (void)setsid();
    (void)dup2(alive, STDIN_FILENO);
    (void)close_range(STDOUT_FILENO, ~0u, 0);
    while (got > 0 || (got < 0 && errno == EINTR)) {
        got = read(STDIN_FILENO, &minded, sizeof(minded));
        if (got == (ssize_t)sizeof(minded))
            groups[minded.process] = minded.group;
    }
    for (size_t i = 0; i < SELFTEST_PROCESSES; i++)
        if (groups[i] > 1)
            (void)kill(-groups[i], SIGKILL);
    remove_folder(folder);
    _exit(0);
}

/* In /var/tmp, as Postfix syncs what it writes. */
static bool name_folder(char folder[SELFTEST_FOLDER_SIZE])
{
    const char *given = getenv("TMPDIR");
    int length = snprintf(folder, SELFTEST_FOLDER_SIZE, "%s/mtasts-selftest-XXXXXX",
                          given && *given == '/' ? given : "/var/tmp");

    errno = ENAMETOOLONG;
    return length < SELFTEST_FOLDER_SIZE;
}

bool selftest_guard_begin(struct selftest_guard *ret)
{
    int ends[2];

    *ret = (struct selftest_guard){.alive = -1, .process = -1};
    if (!name_folder(ret->folder) || !mkdtemp(ret->folder))
        return false;
    if (chmod(ret->folder, 0755) || pipe2(ends, O_CLOEXEC)) {
        (void)rmdir(ret->folder);
        return false;
    }
    ret->process = fork();
    if (!ret->process) {
        close(ends[1]);
        watch(ret->folder, ends[0]);
    }
    close(ends[0]);
    ret->alive = ends[1];
    if (ret->process < 0) {
        close(ends[1]);
        (void)rmdir(ret->folder);
    }
    return ret->process > 0;
}

void selftest_guard_mind(const struct selftest_guard *guard, enum selftest_process process,
                         pid_t group)
{
    const struct minded minded = {process, group};

    /* A pipe takes so few bytes at once, and there is a reader. */
    if (write(guard->alive, &minded, sizeof(minded)) < 0)
        return;
}

void selftest_guard_end(struct selftest_guard *guard)
{
    close(guard->alive);
    while (waitpid(guard->process, NULL, 0) < 0 && errno == EINTR)
        ;
}
