/* SPDX-License-Identifier: MIT */
/* plugin.c - the process that waits for the one that checks.
 *
 * It must not fail for want of what the other used up, so it needs no memory, no file and no loop:
 * two pipes, two buffers, poll(). */
#include "cmd/plugin.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/write_all.h"
#include "cmd/exit_status.h"
#include "render/plugin.h"

#define OUTPUT_MAX (1u << 20) /* bytes: with the transcript of a large domain */
#define PREFIX     "mtasts: "

static bool on;
static volatile sig_atomic_t checking; /* its process; 0: none */

static struct sink {
    int fd;
    size_t length;
    char *text; /* of `room` bytes */
    size_t room;
} out, err;

/* ---- is it one? ------------------------------------------------------------------------------ */

bool plugin_is_named(int argc, char **argv)
{
    const char *name = argc > 0 ? strrchr(argv[0], '/') : NULL;

    return argc > 0 && strcmp(name ? name + 1 : argv[0], PLUGIN_NAME) == 0;
}

/* Options and subcommands may be abbreviated. */
static bool begins(const char *word, const char *whole, size_t least)
{
    size_t length = strlen(word);

    return length >= least && strncmp(word, whole, length) == 0;
}

bool plugin_is_asked(int argc, char **argv)
{
    bool check = false, option = false;

    if (plugin_is_named(argc, argv))
        return true;
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        check = check || begins(argv[i], "check", 2);
        option = option || begins(argv[i], "--plugin", 4);
    }
    return check && option;
}

bool plugin_is_on(void)
{
    return on;
}

void plugin_limit(unsigned seconds)
{
    alarm(seconds);
}

/* ---- what is said ---------------------------------------------------------------------------- */

static _Noreturn void end_unknown(const char *why)
{
    char line[PLUGIN_SAID_MAX + 64];
    int length =
        snprintf(line, sizeof(line), PLUGIN_FIRST_WORD "UNKNOWN - %.*s\n", PLUGIN_SAID_MAX, why);

    (void)write_all(STDOUT_FILENO, line, (size_t)length);
    _exit(EXIT_UNKNOWN);
}

/* The first line of it, without our name, and fit for a plugin's. */
static const char *first_complaint(void)
{
    char *text = err.text;

    text[strcspn(text, "\n")] = '\0';
    for (char *at = text; *at; at++)
        if (*at == '|' || (unsigned char)*at < ' ')
            *at = '/';
    return strncmp(text, PREFIX, strlen(PREFIX)) == 0 ? text + strlen(PREFIX) : text;
}

/* ---- waiting --------------------------------------------------------------------------------- */

/* What is more than there is room for is read and dropped, so that nobody waits for us. */
static void take(struct sink *sink)
{
    char dropped[4096];
    size_t left = sink->room - 1 - sink->length;
    ssize_t got =
        read(sink->fd, left ? sink->text + sink->length : dropped, left ? left : sizeof(dropped));

    if (got < 0 && errno == EINTR)
        return;
    if (got <= 0) {
        close(sink->fd);
        sink->fd = -1; /* which poll() passes over */
    } else if (left) {
        sink->length += (size_t)got;
    }
    sink->text[sink->length] = '\0';
}

static void take_all(void)
{
    while (out.fd >= 0 || err.fd >= 0) {
        struct pollfd fds[] = {{.fd = out.fd, .events = POLLIN}, {.fd = err.fd, .events = POLLIN}};

        if (poll(fds, 2, -1) < 0)
            continue; /* a signal, which has been passed on */
        if (fds[0].revents)
            take(&out);
        if (fds[1].revents)
            take(&err);
    }
}

static int wait_for(pid_t pid)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return status;
}

static bool is_interruption(int number)
{
    return number == SIGTERM || number == SIGINT || number == SIGHUP || number == SIGQUIT;
}

static _Noreturn void relay(pid_t pid)
{
    int status;

    take_all();
    status = wait_for(pid);
    checking = 0;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
        end_unknown("the time limit was exceeded (-t); the check was stopped");
    if (WIFSIGNALED(status) && is_interruption(WTERMSIG(status)))
        end_unknown("the check was interrupted");
    if (!WIFEXITED(status))
        end_unknown("the check ended unexpectedly (a bug in this program)");
    status = WEXITSTATUS(status);
    if (!out.length || status > EXIT_UNKNOWN)
        end_unknown(err.length ? first_complaint() : "no result");
    if (strncmp(out.text, PLUGIN_FIRST_WORD, strlen(PLUGIN_FIRST_WORD)) != 0)
        status = EXIT_UNKNOWN; /* --help and --version: the guidelines want it so */
    if (!write_all(STDOUT_FILENO, out.text, out.length))
        status = EXIT_UNKNOWN;
    _exit(status);
}

/* ---- two processes --------------------------------------------------------------------------- */

static const int ours[] = {SIGALRM, SIGCHLD, SIGTERM, SIGHUP, SIGQUIT};

static void mask(int how)
{
    sigset_t set;

    sigemptyset(&set);
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
        sigaddset(&set, ours[i]);
    sigprocmask(how, &set, NULL);
}

/* What the monitoring system ignores or blocks is inherited: no alarm and no interruption would end
 * the check then, and nobody could wait for it.  Whatever comes now waits until both processes know
 * what to do about it: before that it would end the one that is to say UNKNOWN. */
static void reset_signals(void)
{
    mask(SIG_BLOCK);
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
        signal(ours[i], SIG_DFL);
}

/* Whoever wants us to end means the check, which then says what it has seen so far. */
static void pass_on(int number)
{
    if (checking)
        kill((pid_t)checking, number);
}

static void become_check(pid_t parent, const int pipes[4])
{
    on = true;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(EXIT_UNKNOWN);
    dup2(pipes[1], STDOUT_FILENO);
    dup2(pipes[3], STDERR_FILENO);
    for (size_t i = 0; i < 4; i++)
        close(pipes[i]);
    mask(SIG_UNBLOCK);
}

void plugin_begin(void)
{
    static char output[OUTPUT_MAX], said[4 * PLUGIN_SAID_MAX];
    pid_t parent = getpid(), pid;
    int pipes[4];

    reset_signals();
    if (pipe(pipes) || pipe(pipes + 2) || (pid = fork()) < 0)
        end_unknown("no process could be started");
    if (!pid) {
        become_check(parent, pipes);
        return;
    }
    checking = pid;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTERM, pass_on);
    signal(SIGHUP, pass_on);
    signal(SIGQUIT, pass_on);
    signal(SIGINT, SIG_IGN); /* a terminal sends it to both */
    mask(SIG_UNBLOCK);
    close(pipes[1]);
    close(pipes[3]);
    out = (struct sink){.fd = pipes[0], .text = output, .room = sizeof(output)};
    err = (struct sink){.fd = pipes[2], .text = said, .room = sizeof(said)};
    relay(pid);
}
