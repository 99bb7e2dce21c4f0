/* SPDX-License-Identifier: MIT */
/* refresh.h - look-ups of what is due, into the cache: each part of a domain once at a time. */
#ifndef POLICYD_REFRESH_H
#define POLICYD_REFRESH_H

#include "net/net.h"
#include "policyd/lookup.h"
#include "policyd/policy_cache.h"
#include "policyd/policy_store.h"

struct refresh;

struct refresh_request {
    struct net *net;            /* as the cache, it outlives it */
    struct policy_cache *cache; /* once a minute it is swept */
    /* In the loop: something of the domain was seen; it may be displaced by what the callee does.
     */
    void (*seen)(void *arg, const struct policy_entry *entry);
    /* A fetch; until it returns. */
    void (*failed)(void *arg, const char *domain, const struct policy_found *found);
    void (*fetched)(void *arg, int64_t begun_ms); /* one began then, by loop_now(), and went well */
    /* What was found protects less than before; expires: when the policy before ceases to apply, by
     * refresh_now(), 0 where none applies. */
    void (*weaker)(void *arg, const char *domain, unsigned downgrades, int64_t expires);
    /* The same as `seen`, of what was just found and taken: facts of the record or of
     * DANE, or NULL. */
    void (*looked)(void *arg, const struct policy_entry *entry, const struct facts *facts);
    const char *store; /* as of store_open(), borrowed until refresh_new() returns */
    bool no_store;     /* the cache is in memory only */
    /* The store does not work; NULL: it works, after it was opened or failed. */
    void (*stored)(void *arg, const struct store_fault *fault);
    void *arg;
};
STS_MUST_USE enum sts_status refresh_new(TALLOC_CTX *ctx, const struct refresh_request *request,
                                         struct refresh **ret);
/* The cache has forgotten the domain; so does the store. */
void refresh_forget(struct refresh *refresh, const char *domain);
/* Begins what is due of the domain. */
void refresh_due(struct refresh *refresh, struct policy_entry *entry);
/* Seconds since 1970 of a clock that nobody sets by more than a day; when that happens, all ages
 * stay as they are. */
int64_t refresh_now(const struct refresh *refresh);
/* So many look-ups were begun. */
uint64_t refresh_count(const struct refresh *refresh);
/* All zero without a store. */
struct policy_store_counts refresh_store_counts(const struct refresh *refresh);

#endif
