/* SPDX-License-Identifier: MIT */
/* write_all.c - the whole of a text to a descriptor. */
#include "base/write_all.h"

#include <errno.h>
#include <unistd.h>

bool write_all(int fd, const char *data, size_t length)
{
    while (length) {
        ssize_t done = write(fd, data, length);

        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        if (!done) { /* which no file does; without it this would go on for ever */
            errno = EIO;
            return false;
        }
        data += done;
        length -= (size_t)done;
    }
    return true;
}
