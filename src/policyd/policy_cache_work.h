/* SPDX-License-Identifier: MIT */
/* policy_cache_work.h - what is stored of a domain; private to policyd/. */
#ifndef POLICYD_POLICY_CACHE_WORK_H
#define POLICYD_POLICY_CACHE_WORK_H

#include <sys/queue.h>

#include "base/table.h"
#include "policyd/policy_cache.h"

/* The first is the one that was used last. */
TAILQ_HEAD(policy_list, policy_entry);

struct policy_cache {
    struct table table;
    struct policy_list idle, holding; /* do they protect anything? */
    size_t most;
    size_t bytes; /* of the policies */
    bool no_dane, has_store;
};

struct policy_entry {
    struct policy_cache *cache;
    TAILQ_ENTRY(policy_entry) next;
    bool is_holding; /* which list it is on */
    const char *domain;
    int64_t used_at;
    bool busy[POLICY_PARTS];

    enum sts_seen seen;
    char *id;
    int64_t record_until; /* as is dane_until: then looked up again; 0: was never asked */

    struct live_policy *policy; /* NULL: none */
    int64_t fetched_at, refresh_after;
    int64_t failed_at;
    char *failed_id;
    unsigned failures;      /* one after another, for the same id */
    const char *failed_why; /* NULL: the last fetch went well */

    enum dane_cover dane;
    const char **mx_hosts;
    size_t mx_host_count;
    int64_t dane_at, dane_until;

    int64_t recalled_at; /* 0: it was not looked up in the store */
    bool storing;        /* it is being written */
    bool unstored;       /* who waits for it waits for that, too */
    bool unstored_next;  /* what is written now is not all of it */
    /* as the store has it: */
    int64_t stored_fetched_at, stored_used_at;
    enum dane_cover stored_dane;

    struct policy_made *made[PROFILES]; /* NULL: not yet */
};

/* A random age, from half of the age at which it is fetched again up to that. */
int64_t policy_refresh_after(int64_t max_age, uint32_t chance);
/* Takes the policy, which is the entry's. */
void policy_entry_hold(struct policy_entry *entry, struct live_policy *policy, int64_t fetched_at);
/* Something else is known. */
void policy_entry_forget_replies(struct policy_entry *entry);
/* To the front of the other list, if it belongs there; what was looked up was not used. */
void policy_entry_sort(struct policy_entry *entry);

#endif
