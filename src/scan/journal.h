/* SPDX-License-Identifier: MIT */
/* journal.h - the file of results, which is also the record of what is done.
 *
 * A line that ends is a domain that is done.  A last line without an end was cut by whatever killed
 * the scan; it is removed, and the domain is looked at again. */
#ifndef SCAN_JOURNAL_H
#define SCAN_JOURNAL_H

#include <talloc.h>

#include <mtasts/status.h>

#include "render/scan_line.h"
#include "scan/seen.h"

enum journal_outcome {
    JOURNAL_OPEN,
    JOURNAL_EXISTS,  /* it has contents, and is not to be continued */
    JOURNAL_BUSY,    /* another scan writes to it */
    JOURNAL_STRANGE, /* line `line` is no result of a scan */
    JOURNAL_FAILED,  /* errno tells */
    JOURNAL_NO_MEMORY,
};

struct journal {
    int fd;
    int64_t line;      /* STRANGE */
    struct seen *seen; /* what is done; NULL where nothing is continued */
    bool empty;        /* nothing stands there yet */
    int64_t earliest;  /* of what is continued: no domain was observed before, as far as known */
};

/* The file, locked, at its end.  resume: continue one that has contents; it need not exist. */
enum journal_outcome journal_open(TALLOC_CTX *ctx, const char *path, enum scan_format format,
                                  bool resume, struct journal *ret);

#endif
