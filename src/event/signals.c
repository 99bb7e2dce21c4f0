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

static LIST_HEAD(, signals_watch) watches = LIST_HEAD_INITIALIZER(watches);
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

/* The mask that was, while the list is changed. */
static sigset_t block(void)
{
    sigset_t ours, before;

    sigemptyset(&ours);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGTERM);
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

enum sts_status signals_start(TALLOC_CTX *ctx, struct loop *loop, loop_fn came, void *arg,
                              struct signals_watch **ret)
{
    struct signals_watch *watch = talloc_zero(ctx, struct signals_watch);
    sigset_t before;

    if (!watch || wakeup_new(watch, loop, came, arg, &watch->wakeup) != STS_OK) {
        talloc_free(watch);
        return STS_E_NOMEM;
    }
    before = block();
    LIST_INSERT_HEAD(&watches, watch, link);
    if (count)
        wakeup_signal(watch->wakeup);
    let_in(before);
    talloc_set_destructor(watch, watch_drop);
    *ret = watch;
    return STS_OK;
}
