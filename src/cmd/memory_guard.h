/* SPDX-License-Identifier: MIT */
/* memory_guard.h - the end of the program where memory runs out (base/memory.h). */
#ifndef CMD_MEMORY_GUARD_H
#define CMD_MEMORY_GUARD_H

/* The sentence in the language chosen; before that it is English. */
void memory_guard_translate(void);

#endif
