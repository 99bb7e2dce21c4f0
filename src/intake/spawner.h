/* SPDX-License-Identifier: MIT */
/* spawner.h - begins the processes that read what strangers sent.
 *
 * Such a process is a fork, and has the memory that its parent had.  A service has secrets in it:
 * keys, passwords, what others sent.  So before it reads the first of them it begins another
 * process, the spawner, which has nothing but the program, and forks what is needed from then on.
 * Who does not begin one forks by itself; in both cases all of this may be called by any thread. */
#ifndef INTAKE_SPAWNER_H
#define INTAKE_SPAWNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#define SPAWNER_FDS_MAX 3

/* In the new process; parent: the process that forked it. */
typedef void spawner_run(const int *fds, uint64_t number, pid_t parent);

/* Before anything secret is read, any thread begins and the sandbox is entered.  It ends with us,
 * and runs nothing but what is in the list, which is a constant: whoever takes over a service that
 * has given up its rights gets nothing from it but what can do less.  False: there is none. */
bool spawner_begin(spawner_run *const *runs, size_t count);
/* With copies of the descriptors, and of all that is inherited: `run` closes what it does not want,
 * and does not return.  -1: no process could be begun. */
pid_t spawner_start(spawner_run *run, const int *fds, size_t count, uint64_t number);
/* Ends it, where it has not ended by itself, and waits for that. */
void spawner_end(pid_t process, int *ret_status, struct rusage *ret_usage);
#endif
