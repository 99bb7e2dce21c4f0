/* SPDX-License-Identifier: MIT */
/* changes.h - what each check changed about its domain, as rows: kept in the transaction that
 * stores the check, so that a list of many domains is read without judging any check again.
 *
 * What a change is and what it is called is not known here: history/change_log.h writes them, and
 * history/change_list.h reads them.  They go with their check when that is pruned.  A store of an
 * earlier version has those of what is stored from now on. */
#ifndef STORE_CHANGES_H
#define STORE_CHANGES_H

#include "store/sight.h"

struct store_change {
    const char *code, *severity;
    const char *sentence; /* a msgid with places */
    const char *values;   /* of the places: a JSON object of strings */
};

/* What the newest check of a domain showed, as a hash of it. */
struct store_shown {
    int64_t observed_at; /* INT64_MIN: there is no check */
    bool known;          /* its hash is */
    uint8_t hash[STORE_HASH_SIZE];
};
STS_MUST_USE enum sts_status store_shown(struct store *store, const char *domain,
                                         struct store_shown *ret);
/* Of the newest check. */
STS_MUST_USE enum sts_status store_put_shown(struct store *store, const char *domain,
                                             const uint8_t hash[STORE_HASH_SIZE]);
/* In place of those that the check has. */
STS_MUST_USE enum sts_status store_put_changes(struct store *store, int64_t check,
                                               const struct store_change *changes, size_t count);

/* ---- reading --------------------------------------------------------------------------------- */

struct store_change_filter {
    struct store_sight sight;
    const char *domain, *tag; /* NULL: any */
    int64_t since;            /* checks observed at that time or later */
};

/* The place of a change in the list: by the time of its check, of one second by the order in which
 * they were stored. */
struct store_change_place {
    int64_t at, check, row;
};
#define STORE_LAST_CHANGE ((struct store_change_place){INT64_MAX, INT64_MAX, INT64_MAX})

struct store_listed_change {
    struct store_change_place place;
    const char *domain;
    struct store_change change;
};
#define STORE_CHANGES_PAGE_MAX 1001

typedef bool (*store_change_fn)(void *arg, const struct store_listed_change *change);
/* The newest first, those behind a place; of one check in the order in which they were put. */
STS_MUST_USE enum sts_status store_changes(struct store *store,
                                           const struct store_change_filter *filter,
                                           struct store_change_place after, size_t limit,
                                           store_change_fn fn, void *arg);

#endif
