/* SPDX-License-Identifier: MIT */
/* ingest.h - what became of reports that were put into the store: for people and for programs
 * (mtasts.ingest/1). */
#ifndef RENDER_INGEST_H
#define RENDER_INGEST_H

#include "render/report.h"

struct ingest_page {
    const char *store; /* its name */
    /* kept for good */
    size_t added, duplicates, revisions;
    size_t rejected_count; /* all, those too that an entry of the list stands for */
    size_t rejected_more;  /* of them, those that came when the list was full */
    struct report_rejected *rejected;
    size_t listed;
    size_t other_mails;
    bool complete; /* false: the store failed on the way */
};

/* Both: owned by ctx; NULL: no memory. */
char *json_ingest(TALLOC_CTX *ctx, const struct ingest_page *page);
char *text_ingest(TALLOC_CTX *ctx, const struct ingest_page *from,
                  const struct textout_options *options);

#endif
