/* SPDX-License-Identifier: MIT */
/* array.h - lists that grow by one member at a time. */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#include <stddef.h>

#include <talloc.h>

/* Room for one more of `size` bytes, zeroed, at the end of a list that grows by this alone and
 * begins as NULL and 0.  `list` is the address of the pointer to its first member.  The room
 * doubles, so that a long list costs no more than its length; members move.  NULL: no memory, and
 * the list is as it was.  The list is owned by ctx. */
void *array_grow(TALLOC_CTX *ctx, void *list, size_t *count, size_t size);

#endif
