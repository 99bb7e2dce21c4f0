/* SPDX-License-Identifier: MIT */
/* cached_policies.h - what a policy daemon knows of the domains that mail goes to, so that it
 * outlives the daemon and others may use it.  They are no part of the history of a domain.
 *
 * Times are seconds of the clock that people set. */
#ifndef STORE_CACHED_POLICIES_H
#define STORE_CACHED_POLICIES_H

#include "store/store.h"

struct store_cached_policy {
    const char *domain;
    const char *policy; /* its text; NULL: none was fetched */
    const char *id;     /* of the record that led to it; NULL: not known */
    int64_t fetched_at; /* 0 without a policy */
    int64_t dane;       /* the daemon's number for how DANE covers the MX hosts */
    int64_t dane_at;    /* when that was seen; 0: never */
    int64_t used_at;    /* when mail last went there, to a day or so */
};

/* Policy and DANE are those that were seen last, whoever puts them in, and in whatever order. */
STS_MUST_USE enum sts_status store_put_cached_policy(struct store *store,
                                                     const struct store_cached_policy *policy);
/* Owned by ctx; NULL: there is none. */
STS_MUST_USE enum sts_status store_cached_policy(struct store *store, TALLOC_CTX *ctx,
                                                 const char *domain,
                                                 struct store_cached_policy **ret);
/* False: enough. */
typedef bool (*store_cached_policy_fn)(void *arg, const struct store_cached_policy *policy);
/* The next `most`, those that were used last first: behind (used_at, domain), which of the first
 * page are INT64_MAX and "". */
STS_MUST_USE enum sts_status store_cached_policies(struct store *store, int64_t used_at,
                                                   const char *domain, int64_t most,
                                                   store_cached_policy_fn fn, void *arg);
STS_MUST_USE enum sts_status store_forget_cached_policy(struct store *store, const char *domain);
/* Forget those that were last used before a time, and all but about `keep`. */
STS_MUST_USE enum sts_status store_prune_cached_policies(struct store *store, int64_t used_before,
                                                         int64_t keep);

/* The clock of this boot of a machine: `start` is the time it shows for the moment of the boot,
 * which changes only if it is set.  One that is later by more than `most_later` is not put in.
 * *ret_before: as it was put in last; `start` where it never was. */
STS_MUST_USE enum sts_status store_put_cache_clock(struct store *store, const char *boot,
                                                   int64_t start, int64_t most_later,
                                                   int64_t *ret_before);

#endif
