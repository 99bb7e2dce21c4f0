/* SPDX-License-Identifier: MIT */
/* array.c - lists that grow by one member at a time. */
#include "base/array.h"

#include <stdint.h>
#include <string.h>

void *array_grow(TALLOC_CTX *ctx, void *list, size_t *count, size_t size)
{
    size_t n = *count;
    char *members;

    memcpy(&members, list, sizeof(members)); /* whatever type it points to */
    if (!(n & (n - 1))) {
        if (n > SIZE_MAX / 2 / size)
            return NULL;
        members = talloc_realloc_size(ctx, members, (n ? 2 * n : 1) * size);
        if (!members)
            return NULL;
        memcpy(list, &members, sizeof(members));
    }
    memset(members + n * size, 0, size);
    *count = n + 1;
    return members + n * size;
}
