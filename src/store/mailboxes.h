/* SPDX-License-Identifier: MIT */
/* mailboxes.h - reports that come in by themselves: how far each mailbox was read and how that
 * went, and what was rejected on the way.
 *
 * As in store.h: a write is durable when its verb, or the commit of its batch, returned STS_OK;
 * what a callback is given lives until it returns. */
#ifndef STORE_MAILBOXES_H
#define STORE_MAILBOXES_H

#include "store/store.h"

#define STORE_REJECTED_MAX 1000 /* the last so many are kept */

/* ---- how far a folder was read --------------------------------------------------------------- */

/* Every message up to `uid` was dealt with.  A folder with another UIDVALIDITY is another one. */
struct store_folder_place {
    int64_t uidvalidity, uid;
};

/* folder: as the account's configuration names it. */
STS_MUST_USE enum sts_status store_put_folder_place(struct store *store, const char *account,
                                                    const char *folder,
                                                    struct store_folder_place place);
/* Zeros where it was never read. */
STS_MUST_USE enum sts_status store_folder_place(struct store *store, const char *account,
                                                const char *folder, struct store_folder_place *ret);

/* ---- how it went ----------------------------------------------------------------------------- */

struct store_mailbox_counts {
    int64_t messages; /* read */
    int64_t added, duplicates, revisions, rejected;
    int64_t foreign; /* messages that were no reports */
};

struct store_mailbox {
    const char *account;
    int64_t tried_at;
    int64_t succeeded_at; /* 0: never */
    const char *fault;    /* of the last try, a msgid; NULL: it went well */
    const char *detail;   /* what the server said; NULL */
    struct store_mailbox_counts counts;
};

/* A pass is over, at tried_at: with fault NULL it succeeded.  Its counts are added to those before.
 */
STS_MUST_USE enum sts_status store_mailbox_passed(struct store *store,
                                                  const struct store_mailbox *pass);
typedef bool (*store_mailbox_fn)(void *arg, const struct store_mailbox *mailbox);
/* All, by name. */
STS_MUST_USE enum sts_status store_mailboxes(struct store *store, store_mailbox_fn fn, void *arg);

/* Is it one that was checked, or that a group owns? */
STS_MUST_USE enum sts_status store_knows_domain(struct store *store, const char *domain, bool *ret);

/* ---- what was rejected ----------------------------------------------------------------------- */

struct store_rejected {
    int64_t id; /* set by the store: of a later one larger */
    int64_t at;
    const char *source; /* where it was, and the part of it; NULL: all */
    const char *part;
    const char *why;    /* a msgid */
    const char *detail; /* NULL: none */
};

/* The same part of the same source is kept once, by the last reason. */
STS_MUST_USE enum sts_status store_add_rejected(struct store *store,
                                                const struct store_rejected *rejected);
typedef bool (*store_rejected_fn)(void *arg, const struct store_rejected *rejected);
/* The latest first, those with a smaller id than `before`; INT64_MAX: from the latest on. */
STS_MUST_USE enum sts_status store_rejected(struct store *store, int64_t before, size_t limit,
                                            store_rejected_fn fn, void *arg);

#endif
