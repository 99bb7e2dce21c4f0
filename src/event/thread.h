/* SPDX-License-Identifier: MIT */
/* thread.h - a thread of our own. */
#ifndef EVENT_THREAD_H
#define EVENT_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/* Signals are for the thread that was there before: in this one all of them are blocked.  False: no
 * thread can be had. */
bool thread_start(pthread_t *ret, void *(*run)(void *), void *arg);

#endif
