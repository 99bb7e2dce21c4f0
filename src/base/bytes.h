/* SPDX-License-Identifier: MIT */
/* bytes.h - text of known length that may hold any byte, NUL included.  Borrowed memory. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stddef.h>

struct bytes {
    const char *data;
    size_t length;
};

#endif
