/* SPDX-License-Identifier: MIT */
/* policy_cache_work.h - what is stored of a domain; private to policyd/. */
#ifndef POLICYD_POLICY_CACHE_WORK_H
#define POLICYD_POLICY_CACHE_WORK_H

#include <sys/queue.h>

#include "base/pieces.h"
#include "base/table.h"
#include "policyd/policy_cache.h"
#include "policyd/policy_shelf.h"

/* The first is the one that was used last. */
TAILQ_HEAD(policy_list, policy_entry);

struct policy_cache {
    struct table table;
    struct policy_list idle, holding; /* do they protect anything? */
    size_t most;
    bool no_dane, has_store;
    struct pieces *pieces; /* of all that follows */
    struct policy_shelf shelf;
    struct live_policy view; /* of the entry that was asked of last */
};

/* What counts for an hour or two, of the domains that are in use now. */
struct policy_recent {
    uint32_t record_until; /* as is dane_until: then looked up again; 0: was never asked */
    uint32_t dane_until;
    uint32_t recalled_at;
    uint32_t failed_at;
    unsigned failures;                  /* one after another, for the same id */
    bool asked;                         /* by a mail server */
    const char *failed_why;             /* NULL: the last fetch went well */
    char *failed_id, *id;               /* id: of the record */
    struct shelved_policy *mx_hosts;    /* its patterns are the hosts; NULL: not known */
    struct policy_made *made[PROFILES]; /* NULL: not yet */
};

/* One of a hundred thousand, so short.  Times are those of the cache's clock, within 1970 and
 * 2106 (policy_stamp()). */
struct policy_entry {
    struct policy_cache *cache;
    TAILQ_ENTRY(policy_entry) next;
    struct policy_recent *recent;  /* NULL: not in use, and nothing is under way */
    struct shelved_policy *policy; /* NULL: none */
    char *policy_id;               /* NULL: none */
    uint32_t used_at, fetched_at, dane_at;
    uint32_t stored_fetched_at, stored_used_at; /* as is stored_dane: what the store has */
    unsigned refresh_after : 17;                /* LIMIT_POLICY_REFRESH_S at the most */
    unsigned busy : POLICY_PARTS;               /* 1 << enum policy_part */
    unsigned seen : 2;                          /* enum sts_seen */
    unsigned dane : 2, stored_dane : 2;         /* enum dane_cover */
    bool is_holding : 1;                        /* which list it is on */
    bool recalled : 1;                          /* it was looked up in the store */
    bool storing : 1;                           /* it is being written */
    bool unstored : 1;                          /* who waits for it waits for that, too */
    bool unstored_next : 1;                     /* what is written now is not all of it */
    char domain[];
};

/* 0 stays 0, which is "never". */
static inline uint32_t policy_stamp(int64_t time)
{
    return time < 0 ? 0 : time > UINT32_MAX ? UINT32_MAX : (uint32_t)time;
}

/* All 0 where there is none. */
const struct policy_recent *policy_entry_recent(const struct policy_entry *entry);
/* False: no memory. */
bool policy_entry_wake(struct policy_entry *entry);
/* Gives up what has ceased to count; an entry that is under way stays as it is. */
void policy_entry_rest(struct policy_entry *entry, int64_t now);
bool policy_entry_is_under_way(const struct policy_entry *entry);
/* All that it has; nothing is under way. */
void policy_entry_clear(struct policy_entry *entry);
/* The policy that is stored, with its id; NULL: none. */
const struct live_policy *policy_entry_view(const struct policy_entry *entry);
/* The random age at which it is fetched again. */
int64_t policy_refresh_after(int64_t max_age, uint32_t chance);
/* From now on this policy counts.  It goes well with it; STS_E_NOMEM: all is as it was. */
STS_MUST_USE enum sts_status policy_entry_hold(struct policy_entry *entry,
                                               const struct live_policy *policy, int64_t fetched_at,
                                               uint32_t chance);
/* Something else is known. */
void policy_entry_forget_replies(struct policy_entry *entry);
/* To the front of the other list, if it belongs there; what was looked up was not used. */
void policy_entry_sort(struct policy_entry *entry);

#endif
