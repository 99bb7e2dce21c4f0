/* SPDX-License-Identifier: MIT */
/* thread.c - begun with all signals blocked, since it inherits the mask. */
#include "event/thread.h"

#include <signal.h>

bool thread_start(pthread_t *ret, void *(*run)(void *), void *arg)
{
    sigset_t all, before;
    bool started;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    started = pthread_create(ret, NULL, run, arg) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}
