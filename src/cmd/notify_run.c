/* SPDX-License-Identifier: MIT */
/* notify_run.c - a command for each change, side by side, each with its deadline. */
#include "cmd/notify.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"

#define SHELL    "/bin/sh"
#define JOBS_MAX 64
#define POLL_MS  200 /* how soon a request to stop is noticed */
#define VARIABLE "MTASTS_DOMAIN="

/* One run of the command; pid 0: a free place. */
struct run {
    const struct notify_order *order;
    pid_t pid;
    int ended; /* readable when it has ended */
    int in;    /* its standard input; -1: all was written, or it reads no more */
    size_t written;
    int64_t deadline;
};

struct runner {
    const char *command;
    const struct notify *notify;
    struct run *runs; /* as many as may run at a time */
    size_t room, running;
};

/* ---- beginning ------------------------------------------------------------------------------- */

/* The environment with MTASTS_DOMAIN. */
static char **environment(TALLOC_CTX *ctx, const char *domain)
{
    size_t count = 0;
    char **made;

    while (environ[count])
        count++;
    made = talloc_zero_array(ctx, char *, (unsigned)count + 2);
    if (!made)
        return NULL;
    made[0] = talloc_asprintf(made, "%s%s", VARIABLE, domain);
    if (!made[0])
        return NULL;
    for (size_t i = 0, at = 1; i < count; i++)
        if (strncmp(environ[i], VARIABLE, strlen(VARIABLE)) != 0)
            made[at++] = environ[i];
    return made;
}

/* In a process group of its own, so that its children can be ended with it; signals as they were
 * before we took them. */
static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t defaults;
    int error = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |
                                                         POSIX_SPAWN_SETSIGMASK);
    sigset_t none;

    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    sigaddset(&defaults, SIGINT);
    sigaddset(&defaults, SIGTERM);
    if (!error)
        error = posix_spawnattr_setsigdefault(attributes, &defaults);
    if (!error)
        error = posix_spawnattr_setsigmask(attributes, &none);
    return error ? error : posix_spawnattr_setpgroup(attributes, 0);
}

static int spawn(pid_t *ret, const char *command, int in, char **env)
{
    char shell[] = "sh", option[] = "-c";
    char *copy = strdup(command);
    char *words[] = {shell, option, copy, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = copy ? 0 : ENOMEM;

    if (!error)
        error = posix_spawn_file_actions_init(&actions);
    if (error) {
        free(copy);
        return error;
    }
    error = posix_spawnattr_init(&attributes);
    if (!error) {
        error = set_attributes(&attributes);
        if (!error)
            error = posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
        if (!error) /* our standard output is for results */
            error = posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
        if (!error)
            error = posix_spawn(ret, SHELL, &actions, &attributes, words, env);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    free(copy);
    return error;
}

static void kill_group(struct run *run)
{
    kill(-run->pid, SIGKILL);
}

/* 0, or an error number. */
static int begin(TALLOC_CTX *ctx, struct run *run, const struct runner *runner,
                 const struct notify_order *order)
{
    int ends[2], error;
    char **env = environment(ctx, order->domain);

    if (!env || pipe2(ends, O_CLOEXEC) != 0) {
        error = env ? errno : ENOMEM;
        talloc_free(env);
        return error;
    }
    *run = (struct run){.order = order,
                        .in = ends[1],
                        .ended = -1,
                        .deadline = clock_monotonic_ms() + runner->notify->timeout_ms};
    fcntl(run->in, F_SETFL, O_NONBLOCK);
    error = spawn(&run->pid, runner->command, ends[0], env);
    talloc_free(env);
    close(ends[0]);
    if (!error) {
        run->ended = pidfd_open(run->pid, 0);
        if (run->ended >= 0)
            return 0;
        error = errno;
        kill_group(run);
        waitpid(run->pid, NULL, 0);
    }
    close(run->in);
    run->pid = 0;
    return error;
}

/* ---- ending ---------------------------------------------------------------------------------- */

static void end(struct runner *runner, struct run *run, const char *why)
{
    if (run->in >= 0)
        close(run->in);
    close(run->ended);
    run->pid = 0;
    runner->running--;
    runner->notify->done(runner->notify->arg, run->order, why);
}

static void give_up(struct runner *runner, struct run *run, const char *why)
{
    kill_group(run);
    waitpid(run->pid, NULL, 0);
    end(runner, run, why);
}

static void reap(struct runner *runner, struct run *run)
{
    int status = 0;
    char *why = NULL;

    waitpid(run->pid, &status, 0);
    if (WIFSIGNALED(status))
        why = talloc_asprintf(NULL, _("killed by signal %d"), WTERMSIG(status));
    else if (WEXITSTATUS(status) != 0)
        why = talloc_asprintf(NULL, _("exited with status %d"), WEXITSTATUS(status));
    end(runner, run, status && !why ? "" : why);
    talloc_free(why);
}

/* ---- the loop -------------------------------------------------------------------------------- */

/* A command that does not read its input is no failure; its status tells. */
static void feed(struct run *run)
{
    const char *text = run->order->text;
    size_t left = strlen(text) - run->written;
    ssize_t done = write(run->in, text + run->written, left);

    if (done < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (done >= 0)
        run->written += (size_t)done;
    if (done < 0 || !text[run->written]) {
        close(run->in);
        run->in = -1;
    }
}

static void attend(struct runner *runner, struct run *run, const struct pollfd *polled)
{
    if (run->in >= 0 && polled[1].revents)
        feed(run);
    if (polled[0].revents)
        reap(runner, run);
    else if (clock_monotonic_ms() >= run->deadline)
        give_up(runner, run, _("timed out"));
    else if (runner->notify->stop())
        give_up(runner, run, _("interrupted"));
}

static void wait_and_attend(struct runner *runner)
{
    struct pollfd polled[2 * JOBS_MAX];

    for (size_t i = 0; i < runner->room; i++) {
        const struct run *run = &runner->runs[i];

        polled[2 * i] = (struct pollfd){.fd = run->pid ? run->ended : -1, .events = POLLIN};
        polled[2 * i + 1] = (struct pollfd){.fd = run->pid ? run->in : -1, .events = POLLOUT};
    }
    if (poll(polled, 2 * runner->room, POLL_MS) < 0)
        for (size_t i = 0; i < 2 * runner->room; i++)
            polled[i].revents = 0;
    for (size_t i = 0; i < runner->room; i++)
        if (runner->runs[i].pid)
            attend(runner, &runner->runs[i], &polled[2 * i]);
}

static void begin_next(TALLOC_CTX *ctx, struct runner *runner, const struct notify_order *order)
{
    struct run *run = runner->runs;
    int error;

    if (runner->notify->stop()) {
        runner->notify->done(runner->notify->arg, order, _("interrupted"));
        return;
    }
    while (run->pid)
        run++;
    error = begin(ctx, run, runner, order);
    if (error)
        runner->notify->done(runner->notify->arg, order, _(strerror(error)));
    else
        runner->running++;
}

bool notify_run_here(TALLOC_CTX *ctx, const char *command, const struct notify *notify,
                     const struct notify_order *orders, size_t count)
{
    struct runner runner = {.command = command,
                            .notify = notify,
                            .room = notify->jobs < JOBS_MAX ? notify->jobs : JOBS_MAX};
    size_t begun = 0;

    runner.runs = talloc_zero_array(ctx, struct run, (unsigned)runner.room);
    if (!runner.runs)
        return false;
    while (begun < count || runner.running) {
        if (begun < count && runner.running < runner.room)
            begin_next(ctx, &runner, &orders[begun++]);
        else
            wait_and_attend(&runner);
    }
    talloc_free(runner.runs);
    return true;
}
