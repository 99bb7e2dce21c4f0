/* SPDX-License-Identifier: MIT */
/* spawner.c - orders to the spawner, one at a time, each answered at once.
 *
 * The spawner is a fork of us, so a function has the same address there. */
#include "intake/spawner.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct spawner_order {
    spawner_run *run; /* NULL: end `process` */
    uint64_t number;
    size_t count; /* descriptors that come along */
    pid_t process;
};

struct spawner_answer {
    pid_t process; /* -1: it failed */
    int status;
    struct rusage usage;
};

static struct {
    pthread_mutex_t lock;
    spawner_run *const *runs;
    size_t run_count;
    int fd; /* -1: there is no spawner */
} spawner = {.lock = PTHREAD_MUTEX_INITIALIZER, .fd = -1};

/* ---- here or there --------------------------------------------------------------------------- */

static pid_t start_here(const struct spawner_order *order, const int *fds)
{
    pid_t parent = getpid(), child = fork();

    if (child == 0) {
        order->run(fds, order->number, parent);
        _exit(1);
    }
    return child;
}

static void end_here(pid_t process, struct spawner_answer *ret)
{
    siginfo_t info;

    /* What another process began, which is gone, was never ours to kill. */
    if (waitid(P_PID, (id_t)process, &info, WEXITED | WNOHANG | WNOWAIT) != 0)
        return;
    kill(process, SIGKILL);
    while ((ret->process = wait4(process, &ret->status, 0, &ret->usage)) < 0 && errno == EINTR)
        ;
}

/* ---- messages -------------------------------------------------------------------------------- */

union control {
    struct cmsghdr align;
    char room[CMSG_SPACE(SPAWNER_FDS_MAX * sizeof(int))];
};

static bool send_order(int fd, const struct spawner_order *order, const int *fds)
{
    struct iovec part = {(void *)(uintptr_t)order, sizeof(*order)};
    union control control = {.room = {0}};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    ssize_t done;

    if (order->count) {
        size_t length = order->count * sizeof(*fds);

        message.msg_control = control.room;
        message.msg_controllen = CMSG_SPACE(length);
        control.align = (struct cmsghdr){
            .cmsg_len = CMSG_LEN(length), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
        memcpy(CMSG_DATA(&control.align), fds, length);
    }
    do
        done = sendmsg(fd, &message, MSG_NOSIGNAL);
    while (done < 0 && errno == EINTR);
    return done == (ssize_t)sizeof(*order);
}

static bool receive_order(int fd, struct spawner_order *order, int *fds)
{
    struct iovec part = {order, sizeof(*order)};
    union control control;
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.room,
                             .msg_controllen = sizeof(control.room)};
    struct cmsghdr *head;
    ssize_t got;

    do
        got = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got != (ssize_t)sizeof(*order) || order->count > SPAWNER_FDS_MAX)
        return false;
    head = CMSG_FIRSTHDR(&message);
    if (order->count && (!head || head->cmsg_len != CMSG_LEN(order->count * sizeof(*fds))))
        return false;
    if (order->count)
        memcpy(fds, CMSG_DATA(head), order->count * sizeof(*fds));
    return true;
}

static bool receive_answer(int fd, struct spawner_answer *answer)
{
    ssize_t got;

    do
        got = recv(fd, answer, sizeof(*answer), 0);
    while (got < 0 && errno == EINTR);
    return got == (ssize_t)sizeof(*answer);
}

/* ---- the spawner ----------------------------------------------------------------------------- */

static bool is_listed(spawner_run *run)
{
    for (size_t i = 0; i < spawner.run_count; i++)
        if (spawner.runs[i] == run)
            return true;
    return false;
}

static void follow(const struct spawner_order *order, const int *fds, struct spawner_answer *ret)
{
    *ret = (struct spawner_answer){.process = -1};
    if (is_listed(order->run))
        ret->process = start_here(order, fds);
    else if (!order->run)
        end_here(order->process, ret);
    for (size_t i = 0; i < order->count; i++)
        close(fds[i]);
}

/* What is open here would stay open in what begins, and sockets beyond our end. */
static void keep_one(int fd)
{
    if (fd > STDERR_FILENO + 1)
        (void)close_range(STDERR_FILENO + 1, (unsigned)fd - 1, 0);
    (void)close_range((unsigned)fd + 1, ~0u, 0);
}

__attribute__((noreturn)) static void serve(int fd, pid_t parent)
{
    struct spawner_order order;
    struct spawner_answer answer;
    int fds[SPAWNER_FDS_MAX];

    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || getppid() != parent)
        _exit(1);
    keep_one(fd);
    /* Signals are for who asked: this process ends when nobody can ask any more. */
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGTERM, SIG_IGN);
    (void)signal(SIGHUP, SIG_IGN);
    while (receive_order(fd, &order, fds)) {
        follow(&order, fds, &answer);
        if (send(fd, &answer, sizeof(answer), MSG_NOSIGNAL) != (ssize_t)sizeof(answer))
            break;
    }
    _exit(0);
}

/* ---- whoever asks ---------------------------------------------------------------------------- */

bool spawner_begin(spawner_run *const *runs, size_t count)
{
    pid_t parent = getpid(), child;
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    spawner.runs = runs;
    spawner.run_count = count;
    child = fork();
    if (child == 0)
        serve(ends[1], parent);
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return false;
    }
    spawner.fd = ends[0];
    return true;
}

/* False: there is none, or none any more. */
static bool ask(const struct spawner_order *order, const int *fds, struct spawner_answer *ret)
{
    bool good;

    pthread_mutex_lock(&spawner.lock);
    good = spawner.fd >= 0 && send_order(spawner.fd, order, fds) && receive_answer(spawner.fd, ret);
    if (!good && spawner.fd >= 0) {
        close(spawner.fd); /* it was killed: what it began has ended with it */
        spawner.fd = -1;
    }
    pthread_mutex_unlock(&spawner.lock);
    return good;
}

pid_t spawner_start(spawner_run *run, const int *fds, size_t count, uint64_t number)
{
    const struct spawner_order order = {.run = run, .number = number, .count = count};
    struct spawner_answer answer;

    if (ask(&order, fds, &answer))
        return answer.process;
    return start_here(&order, fds);
}

void spawner_end(pid_t process, int *ret_status, struct rusage *ret_usage)
{
    const struct spawner_order order = {.process = process};
    struct spawner_answer answer = {.process = -1};

    if (!ask(&order, NULL, &answer))
        end_here(process, &answer);
    *ret_status = answer.process < 0 ? SIGKILL : answer.status;
    *ret_usage = answer.usage;
}
