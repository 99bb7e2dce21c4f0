/* SPDX-License-Identifier: MIT */
/* read_upload.h - what a stranger's upload of TLS reports tells, within limits: size, time, memory.
 *
 * It waits, for a file and for the process that parses: in a program with a loop it is a job, and
 * ends soon when that is cancelled.
 * Nothing of it is stored. */
#ifndef APP_READ_UPLOAD_H
#define APP_READ_UPLOAD_H

#include "app/gather.h"

#define READ_UPLOAD_MAX         ((int64_t)16 << 20)   /* bytes: a year of reports, packed */
#define READ_UPLOAD_MS          20000                 /* of reading: somebody waits for the page */
#define READ_UPLOAD_MEMORY_MAX  ((uint64_t)384 << 20) /* bytes of the process that parses */
#define READ_UPLOAD_ANSWERS_MAX ((uint64_t)64 << 20)  /* bytes of reports in all, unpacked */

struct read_upload {
    int fd;                 /* borrowed */
    int64_t offset, length; /* where in it the upload lies, in bytes */
    const char *name;       /* of the file, as the client says; NULL: it does not */
    int64_t now;            /* to judge by */
    int64_t deadline;       /* clock_monotonic_ms(); 0: READ_UPLOAD_MS from now */
};

struct upload_reading {
    const struct gathered *gathered;
    struct report_view *view; /* judged without checks */
};

/* Owned by ctx.  On an error *ret_fault tells why: our own failure, never that of a report. */
STS_MUST_USE enum sts_status read_upload(TALLOC_CTX *ctx, const struct read_upload *upload,
                                         struct upload_reading **ret, struct fault *ret_fault);

#endif
