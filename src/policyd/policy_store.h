/* SPDX-License-Identifier: MIT */
/* policy_store.h - the cache written to a store while it is used, and read back.
 *
 * Nothing here blocks.  What is in the cache is answered whatever the store does; only who asks
 * first for what was just fetched waits until it is written, at most LIMIT_STORE_WAIT_MS, so that
 * nothing that was promised is forgotten when the process is killed.  A store that fails is said
 * once, tried again every LIMIT_STORE_RETRY_MS, and meanwhile the cache is in memory only.
 *
 * Several daemons may use one store: each looks there before it fetches. */
#ifndef POLICYD_POLICY_STORE_H
#define POLICYD_POLICY_STORE_H

#include "event/loop.h"
#include "policyd/policy_cache.h"
#include "store/store.h"

struct policy_store;

struct policy_store_request {
    struct loop *loop;
    const char *where;          /* as of store_open(); copied */
    struct policy_cache *cache; /* outlives it */
    int64_t (*now)(void *arg);
    /* What the store has of the domain, or that it was written, is known now. */
    void (*changed)(void *arg, struct policy_entry *entry);
    /* NULL: it works, after it was opened or failed. */
    void (*state)(void *arg, const struct store_fault *fault);
    void *arg;
};

struct policy_store_counts {
    uint64_t saved, failed; /* writes */
    uint64_t loaded, found; /* domains that were read at the start, and when they were asked for */
    bool failing;
};

/* Reads what is stored, a page after the other.  Freeing it writes what is left. */
STS_MUST_USE enum sts_status policy_store_new(TALLOC_CTX *ctx,
                                              const struct policy_store_request *request,
                                              struct policy_store **ret);
/* Begins POLICY_PART_STORED.  False: the store cannot be read now, and nothing was found. */
bool policy_store_recall(struct policy_store *store, struct policy_entry *entry);
/* Writes what is not saved.  waited: it was fetched for an answer that waits. */
void policy_store_save(struct policy_store *store, struct policy_entry *entry, bool waited);
/* Forgets the domain. */
void policy_store_forget(struct policy_store *store, const char *domain);
/* Forgets what was not used for long; to be called now and then. */
void policy_store_prune(struct policy_store *store);
/* The clock was set by more than LIMIT_CLOCK_STEP_S, and the cache shifted. */
void policy_store_clock_was_set(struct policy_store *store);
/* Any number, for policy_entry_fetched(). */
uint32_t policy_chance(void);
struct policy_store_counts policy_store_counts(const struct policy_store *store);

#endif
