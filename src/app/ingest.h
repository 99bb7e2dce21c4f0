/* SPDX-License-Identifier: MIT */
/* ingest.h - TLS reports put into the store.
 *
 * Reports are stored in batches, each one transaction, so whoever kills this finds some batches
 * there and no part of another; running it again adds the rest.  A batch ends by number, by bytes
 * and by time: while it is open nobody else can write.  Nothing outlives its report but the list of
 * what was rejected, which has a ceiling. */
#ifndef APP_INGEST_H
#define APP_INGEST_H

#include "app/verify_sender.h"
#include "reports/notes.h"

#define INGEST_LISTED_MAX 1000 /* of those rejected; all are counted */

/* All is borrowed until ingest_reports() returns. */
struct ingest_request {
    struct store *store;
    const char *const *paths; /* "-": standard input */
    size_t path_count;
    const struct verify_sender_request *verify; /* NULL: not asked for */
    int64_t now;                                /* when they are received */
    /* So many are stored for good; NULL. */
    void (*progress)(void *arg, size_t stored);
    /* Once; nothing more is read then. */
    fault_fn fault;
    void *arg; /* of both */
};

struct ingested {
    /* stored for good */
    size_t added, duplicates, revisions;
    size_t rejected_count; /* all, those too that an entry of the list stands for */
    size_t rejected_more;  /* of them, those that came when the list was full */
    struct report_rejected *rejected;
    size_t listed;
    size_t other_mails;
    size_t faults; /* of the parser: steps that were passed over */
    bool complete; /* false: it failed on the way, and fault() was called */
};

/* Owned by ctx.  On an error nothing was read, and fault() was called. */
STS_MUST_USE enum sts_status ingest_reports(TALLOC_CTX *ctx, const struct ingest_request *request,
                                            struct ingested *ret);

#endif
