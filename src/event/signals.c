/* SPDX-License-Identifier: MIT */
/* signals.c - the handler counts, and signals the wakeup of whoever waits.
 *
 * libevent's own signal events would do nothing while the loop does not turn; the last signal is
 * for just that. */
#include "event/signals.h"

#include <errno.h>
#include <signal.h>
#include <sys/queue.h>
#include <unistd.h>

struct signals_watch {
    struct wakeup *wakeup;
    LIST_ENTRY(signals_watch) link;
};

struct signals_request {
    struct loop *loop;
    loop_fn came;
    void *arg;
};

LIST_HEAD(signals_list, signals_watch);

static struct signals_list watches = LIST_HEAD_INITIALIZER(watches);
static struct signals_list hangups = LIST_HEAD_INITIALIZER(hangups);
static volatile sig_atomic_t count;
static int last_count, last_status;

static void on_signal(int number)
{
    const struct signals_watch *watch;
    int error = errno;

    (void)number;
    if (++count >= last_count)
        _exit(last_status);
    LIST_FOREACH(watch, &watches, link)
    wakeup_signal(watch->wakeup);
    errno = error;
}

static void on_hangup(int number)
{
    const struct signals_watch *watch;
    int error = errno;

    (void)number;
    LIST_FOREACH(watch, &hangups, link)
    wakeup_signal(watch->wakeup);
    errno = error;
}

/* The mask that was, while the list is changed. */
static sigset_t block(void)
{
    sigset_t ours, before;

    sigemptyset(&ours);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGTERM);
    sigaddset(&ours, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &ours, &before);
    return before;
}

static void let_in(sigset_t before)
{
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void signals_catch(int last, int status)
{
    struct sigaction action = {.sa_handler = on_signal};

    last_count = last;
    last_status = status;
    sigemptyset(&action.sa_mask);
    sigaddset(&action.sa_mask, SIGINT); /* one at a time: each is counted */
    sigaddset(&action.sa_mask, SIGTERM);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

int signals_count(void)
{
    return count;
}

static int watch_drop(struct signals_watch *watch)
{
    sigset_t before = block();

    LIST_REMOVE(watch, link);
    let_in(before);
    return 0;
}

static enum sts_status start(TALLOC_CTX *ctx, struct signals_list *list,
                             const struct signals_request *request, struct signals_watch **ret)
{
    struct signals_watch *watch = talloc_zero(ctx, struct signals_watch);
    sigset_t before;

    if (!watch ||
        wakeup_new(watch, request->loop, request->came, request->arg, &watch->wakeup) != STS_OK) {
        talloc_free(watch);
        return STS_E_NOMEM;
    }
    before = block();
    LIST_INSERT_HEAD(list, watch, link);
    if (list == &watches && count)
        wakeup_signal(watch->wakeup);
    let_in(before);
    talloc_set_destructor(watch, watch_drop);
    *ret = watch;
    return STS_OK;
}

enum sts_status signals_start(TALLOC_CTX *ctx, struct loop *loop, loop_fn came, void *arg,
                              struct signals_watch **ret)
{
    return start(ctx, &watches, &(struct signals_request){loop, came, arg}, ret);
}

enum sts_status signals_start_hangup(TALLOC_CTX *ctx, struct loop *loop, loop_fn came, void *arg,
                                     struct signals_watch **ret)
{
    struct sigaction action = {.sa_handler = on_hangup, .sa_flags = SA_RESTART};
    enum sts_status status = start(ctx, &hangups, &(struct signals_request){loop, came, arg}, ret);

    sigemptyset(&action.sa_mask);
    if (status == STS_OK)
        sigaction(SIGHUP, &action, NULL);
    return status;
}
