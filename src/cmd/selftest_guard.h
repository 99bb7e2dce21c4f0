/* SPDX-License-Identifier: MIT */
/* selftest_guard.h - a folder for an instance of Postfix, and a process that ends that instance and
 * removes the folder when we are gone, by whatever signal. */
#ifndef CMD_SELFTEST_GUARD_H
#define CMD_SELFTEST_GUARD_H

#include <stdbool.h>
#include <sys/types.h>

#include "policyd/selftest_run.h"

/* A socket in it has a path of 107 bytes at the most. */
#define SELFTEST_FOLDER_SIZE 96

struct selftest_guard {
    char folder[SELFTEST_FOLDER_SIZE];
    int alive; /* the guard waits until this is closed, and reads process groups */
    pid_t process;
};

/* False: errno tells why.  To be called before there is a thread. */
bool selftest_guard_begin(struct selftest_guard *ret);
/* If we are gone, this process group ends; 0: there is none of this process. */
void selftest_guard_mind(const struct selftest_guard *guard, enum selftest_process process,
                         pid_t group);
/* Waits until nothing is left. */
void selftest_guard_end(struct selftest_guard *guard);

#endif
