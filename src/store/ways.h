/* SPDX-License-Identifier: MIT */
/* ways.h - the ways in for reports: when each was used last, what went wrong, what came of it.
 *
 * As in store.h: a write is durable when its verb, or the commit of its batch, returned STS_OK;
 * what a callback is given lives until it returns. */
#ifndef STORE_WAYS_H
#define STORE_WAYS_H

#include "store/store.h"

/* Kinds. */
#define STORE_WAY_HTTPS  "https" /* POST of whoever likes */
#define STORE_WAY_IMAP   "imap"
#define STORE_WAY_LMTP   "lmtp"
#define STORE_WAY_UPLOAD "upload" /* of somebody who is signed in */

/* Which one it is; a member that does not apply is "". */
struct store_way_name {
    const char *kind;
    const char *account;
    const char *folder; /* "": the account as such, as signing in */
};

struct store_way_counts {
    int64_t messages; /* read */
    int64_t added, duplicates, revisions, rejected;
    int64_t foreign; /* messages that were no reports */
};

struct store_way {
    struct store_way_name name;
    int64_t tried_at;
    int64_t succeeded_at, failed_at; /* the last times; 0: never.  Set by the store */
    const char *fault;               /* of that last failure, a msgid; NULL */
    const char *detail;              /* what the server or the system said; NULL */
    struct store_way_counts counts;
};

/* It was tried at tried_at: with fault NULL it succeeded.  The counts are added to those before. */
STS_MUST_USE enum sts_status store_put_way(struct store *store, const struct store_way *way);
typedef bool (*store_way_fn)(void *arg, const struct store_way *way);
/* All, by kind, account and folder. */
STS_MUST_USE enum sts_status store_ways(struct store *store, store_way_fn fn, void *arg);

#endif
