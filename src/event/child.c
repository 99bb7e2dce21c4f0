/* SPDX-License-Identifier: MIT */
/* child.c - a pidfd, which is readable when the child has ended, pipes and a timer. */
#include "event/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "event/descriptor.h"

struct child {
    pid_t pid; /* 0: it has ended, or never was */
    int ended; /* its pidfd; -1: none */
    int in;    /* its standard input; -1: all was written, or it reads no more */
    int out;   /* its standard output; -1: ours, or it has been closed */
    struct bytes left;
    char *output;
    size_t length, room; /* of what was read of it */
    struct descriptor_watch *watch_end, *watch_in, *watch_out;
    struct loop_timer *timer;
    void (*over)(void *arg, const struct child_end *end);
    void *arg;
};

/* ---- ending ---------------------------------------------------------------------------------- */

static void close_input(struct child *child)
{
    TALLOC_FREE(child->watch_in);
    if (child->in >= 0)
        close(child->in);
    child->in = -1;
}

static void close_output(struct child *child)
{
    TALLOC_FREE(child->watch_out);
    if (child->out >= 0)
        close(child->out);
    child->out = -1;
}

static void stop_watching(struct child *child)
{
    close_input(child);
    close_output(child);
    TALLOC_FREE(child->watch_end);
    TALLOC_FREE(child->timer);
    if (child->ended >= 0)
        close(child->ended);
    child->ended = -1;
}

static int reap(struct child *child)
{
    int status = 0;

    while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
        ;
    child->pid = 0;
    return status;
}

static void kill_group(struct child *child)
{
    if (!child->pid)
        return;
    kill(-child->pid, SIGKILL);
    (void)reap(child);
}

static int child_drop(struct child *child)
{
    stop_watching(child);
    kill_group(child);
    return 0;
}

/* ---- its output ------------------------------------------------------------------------------ */

/* What is more than wanted is read and dropped, so that it never waits for us.  False: there is
 * nothing to be had now. */
static bool read_output(struct child *child)
{
    char dropped[4096];
    size_t left = child->room - child->length;
    ssize_t got = left ? read(child->out, child->output + child->length, left)
                       : read(child->out, dropped, sizeof(dropped));

    if (got < 0 && errno == EINTR)
        return true;
    if (got == 0 || (got < 0 && errno != EAGAIN))
        close_output(child);
    if (got > 0 && left)
        child->length += (size_t)got;
    return got > 0;
}

static void on_output(void *arg)
{
    (void)read_output(arg);
}

static void on_end(void *arg)
{
    struct child *child = arg;
    int status = reap(child);
    struct child_end end = {CHILD_EXITED, WEXITSTATUS(status), {child->output, 0}};

    if (WIFSIGNALED(status)) {
        end.outcome = CHILD_KILLED;
        end.number = WTERMSIG(status);
    }
    while (child->out >= 0 && child->length < child->room && read_output(child))
        ;
    end.output.length = child->length;
    stop_watching(child);
    child->over(child->arg, &end);
}

static void on_deadline(void *arg)
{
    struct child *child = arg;

    stop_watching(child);
    kill_group(child);
    child->over(child->arg,
                &(struct child_end){CHILD_TIMED_OUT, SIGKILL, {child->output, child->length}});
}

/* ---- its input ------------------------------------------------------------------------------- */

static void on_writable(void *arg)
{
    struct child *child = arg;
    ssize_t done = write(child->in, child->left.data, child->left.length);

    if (done < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (done >= 0)
        child->left = bytes_from(child->left, (size_t)done);
    if (done < 0 || !child->left.length)
        close_input(child);
}

/* ---- beginning ------------------------------------------------------------------------------- */

static int set_attributes(posix_spawnattr_t *attributes)
{
    int error = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |
                                                         POSIX_SPAWN_SETSIGMASK);
    sigset_t defaults, none;

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

/* The ends of its pipes; out: -1 where its output is ours. */
struct child_ends {
    int in, out;
};

static int set_descriptors(const struct child_ends *ends, posix_spawn_file_actions_t *actions)
{
    int error = posix_spawn_file_actions_adddup2(actions, ends->in, STDIN_FILENO);

    if (!error && ends->out >= 0)
        error = posix_spawn_file_actions_adddup2(actions, ends->out, STDOUT_FILENO);
    if (!error && ends->out >= 0)
        error = posix_spawn_file_actions_addopen(actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    return error;
}

static int spawn_with(struct child *child, const struct child_request *request,
                      const struct child_ends *ends, posix_spawn_file_actions_t *actions,
                      posix_spawnattr_t *attributes)
{
    int error = set_attributes(attributes);

    if (!error)
        error = set_descriptors(ends, actions);
    if (!error)
        error = posix_spawn(&child->pid, request->path, actions, attributes,
                            (char *const *)(uintptr_t)request->words, request->environment);
    if (error)
        child->pid = 0;
    return error;
}

/* 0, or an error number. */
static int spawn(struct child *child, const struct child_request *request,
                 const struct child_ends *ends)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);

    if (error)
        return error;
    error = posix_spawnattr_init(&attributes);
    if (!error) {
        error = spawn_with(child, request, ends, &actions, &attributes);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* A pipe of which one end is ours and never waits.  0, or an error number. */
static int open_pipe(int *ret_ours, int *ret_theirs, bool is_input)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0)
        return errno;
    *ret_ours = ends[is_input];
    *ret_theirs = ends[!is_input];
    fcntl(*ret_ours, F_SETFL, O_NONBLOCK);
    return 0;
}

static int begin(struct child *child, const struct child_request *request)
{
    struct child_ends ends = {-1, -1};
    int error = open_pipe(&child->in, &ends.in, true);

    if (!error && child->room)
        error = open_pipe(&child->out, &ends.out, false);
    if (!error)
        error = spawn(child, request, &ends);
    if (ends.in >= 0)
        close(ends.in);
    if (ends.out >= 0)
        close(ends.out);
    if (error)
        return error;
    child->ended = pidfd_open(child->pid, 0);
    return child->ended >= 0 ? 0 : errno;
}

static enum sts_status watch(struct child *child, struct loop *loop, int64_t deadline)
{
    const struct descriptor_watch_request end = {child->ended, DESCRIPTOR_READ, on_end, child};
    const struct descriptor_watch_request in = {child->in, DESCRIPTOR_WRITE, on_writable, child};
    const struct descriptor_watch_request out = {child->out, DESCRIPTOR_READ, on_output, child};
    enum sts_status status = descriptor_watch_start(child, loop, &end, &child->watch_end);

    if (status == STS_OK)
        status = descriptor_watch_start(child, loop, &in, &child->watch_in);
    if (status == STS_OK && child->out >= 0)
        status = descriptor_watch_start(child, loop, &out, &child->watch_out);
    if (status == STS_OK)
        status = loop_timer_start(child, loop, deadline, on_deadline, child, &child->timer);
    return status;
}

enum sts_status child_start(TALLOC_CTX *ctx, struct loop *loop, const struct child_request *request,
                            struct child **ret)
{
    struct child *child = talloc_zero(ctx, struct child);
    enum sts_status status;
    int error;

    if (!child)
        return STS_E_NOMEM;
    child->ended = child->in = child->out = -1;
    child->room = request->output_max;
    child->output = talloc_zero_size(child, child->room + 1);
    if (!child->output) {
        talloc_free(child);
        return STS_E_NOMEM;
    }
    child->left = request->input;
    child->over = request->over;
    child->arg = request->arg;
    talloc_set_destructor(child, child_drop);
    error = begin(child, request);
    status = error ? STS_E_IO : watch(child, loop, request->deadline);
    if (status != STS_OK) {
        talloc_free(child);
        errno = error;
        return status;
    }
    *ret = child;
    return STS_OK;
}

pid_t child_process(const struct child *child)
{
    return child->pid;
}
