/* SPDX-License-Identifier: MIT */
/* share.h - one shard in work: its names, and the lines that are there of it; private to scan/. */
#ifndef SCAN_SHARE_H
#define SCAN_SHARE_H

#include <sys/queue.h>

#include "queue/broker.h"
#include "store/scans.h"

struct share {
    STAILQ_ENTRY(share) link;
    struct handout *handout;
    struct store_shard shard;
    struct store_scan_line *lines; /* by domain; line NULL: not yet there */
    size_t count, left;
};

/* names: as the store has them.  NULL: no memory. */
struct share *share_new(TALLOC_CTX *ctx, const char *names);
/* The line of a domain that has none yet, or NULL. */
struct store_scan_line *share_find(struct share *share, const char *domain);
/* False: no memory. */
bool share_fill(struct share *share, struct store_scan_line *line, const char *text, size_t length);

#endif
