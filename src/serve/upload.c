/* SPDX-License-Identifier: MIT */
/* upload.c - what was uploaded, for whoever needs a file. */
#include "serve/upload.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/write_all.h"

int upload_open(const struct upload *upload, int64_t *ret_offset)
{
    int fd, error;

    *ret_offset = upload->fd < 0 ? 0 : upload->offset;
    if (upload->fd >= 0)
        return fcntl(upload->fd, F_DUPFD_CLOEXEC, 0);
    fd = memfd_create("upload", MFD_CLOEXEC);
    if (fd < 0 || write_all(fd, upload->memory.data, upload->memory.length))
        return fd;
    error = errno;
    (void)close(fd);
    errno = error;
    return -1;
}
