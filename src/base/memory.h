/* SPDX-License-Identifier: MIT */
/* memory.h - may an allocation fail here?
 *
 * In the program, one that fails ends it with status 70 (cmd/memory_guard.c): not every library
 * looks at what malloc() gives it, and a verdict of what was half read is worse than none.  Where
 * the network is watched a failure is forgiven instead: there all calls are looked at, and the
 * facts name the shortage.  libmtasts and the tests know nothing of it. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stdbool.h>

/* For this thread, from now on; what held before. */
bool memory_forgive(bool forgive);
bool memory_forgiven(void);

#endif
