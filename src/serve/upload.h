/* SPDX-License-Identifier: MIT */
/* upload.h - what was uploaded: in memory where it is short, else in a file that has no name. */
#ifndef SERVE_UPLOAD_H
#define SERVE_UPLOAD_H

#include <stdint.h>

#include "base/bytes.h"

struct upload {
    int fd;                 /* the exchange's; -1: it is in memory */
    int64_t offset, length; /* where in the file the content lies, in bytes */
    struct bytes memory;    /* likewise; the exchange's */
    const char *file_name;  /* as the client says; NULL: it does not */
    const char *type;       /* likewise */
};

/* A descriptor of the caller's own to a file with it, at *ret_offset; -1: errno says why. */
int upload_open(const struct upload *upload, int64_t *ret_offset);

#endif
