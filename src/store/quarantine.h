/* SPDX-License-Identifier: MIT */
/* quarantine.h - what came in and was rejected: with the reason, and as it came, so that it can be
 * looked at and read again.
 *
 * Bounded by age, and for each kind of way (ways.h) by number and bytes, so that nobody who posts
 * can push out what came by mail. */
#ifndef STORE_QUARANTINE_H
#define STORE_QUARANTINE_H

#include "store/store.h"

#define STORE_QUARANTINE_MAX   1000                  /* of a kind */
#define STORE_QUARANTINE_BYTES ((int64_t)64 << 20)   /* of a kind */
#define STORE_QUARANTINE_ONE   ((size_t)10 << 20)    /* what is larger is not kept as it came */
#define STORE_QUARANTINE_S     ((int64_t)30 * 86400) /* seconds */

struct store_quarantined {
    int64_t id; /* of a later one larger; set by the store */
    int64_t at;
    const char *kind;
    bool mail;     /* a message, which need not be a report */
    int64_t size;  /* bytes that came; set by the store, as the next one is */
    int64_t kept;  /* bytes of raw */
    int64_t parts; /* of it that were rejected */
    const char *source;
    const char *part;   /* the first of them; NULL: all of it */
    const char *why;    /* a msgid */
    const char *detail; /* NULL: none */
    struct bytes raw;   /* empty in lists, and where it was too large */
};

/* The same content is kept once, with the last reason. */
STS_MUST_USE enum sts_status store_quarantine(struct store *store,
                                              const struct store_quarantined *one);
typedef bool (*store_quarantined_fn)(void *arg, const struct store_quarantined *one);
/* The latest first, those with a smaller id than `before`; INT64_MAX: from the latest on. */
STS_MUST_USE enum sts_status store_quarantine_page(struct store *store, int64_t before,
                                                   size_t limit, store_quarantined_fn fn,
                                                   void *arg);
/* With raw; the callback is not called where there is none of that id. */
STS_MUST_USE enum sts_status store_quarantine_one(struct store *store, int64_t id,
                                                  store_quarantined_fn fn, void *arg);
STS_MUST_USE enum sts_status store_drop_quarantined(struct store *store, int64_t id,
                                                    bool *ret_done);
STS_MUST_USE enum sts_status store_count_quarantine(struct store *store, int64_t *ret);

#endif
