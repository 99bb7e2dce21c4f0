/* SPDX-License-Identifier: MIT */
/* write_all.h - the whole of a text to a descriptor. */
#ifndef BASE_WRITE_ALL_H
#define BASE_WRITE_ALL_H

#include <stdbool.h>
#include <stddef.h>

/* Writes on where a signal interrupts it or the descriptor takes a part only.  False: errno says
 * why, and some of it may have been written. */
bool write_all(int fd, const char *data, size_t length);

#endif
