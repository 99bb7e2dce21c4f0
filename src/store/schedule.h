/* SPDX-License-Identifier: MIT */
/* schedule.h - when each domain of a group is looked at next.
 *
 * A domain is due at a time, or at once.  Whoever takes it moves that time a little ahead: until
 * then nobody else takes it, and if whoever did was killed, it is due again.  So there is no lock
 * that would have to be given up; whoever ends in order gives it back, so that nobody waits. */
#ifndef STORE_SCHEDULE_H
#define STORE_SCHEDULE_H

#include "store/store.h"

#define STORE_DUE_NOW 0 /* at once: a new domain, or somebody asks for it */

/* Domains that groups have by now are in the table, others are not, and none is due later than
 * `latest`: clocks jump, and intervals become shorter.  A new one is due `every` seconds after its
 * newest check, or at once; those that were due too late are spread over that time. */
struct store_schedule_rule {
    int64_t now, every, latest;
};
STS_MUST_USE enum sts_status store_schedule_update(struct store *store,
                                                   const struct store_schedule_rule *rule);

struct store_schedule_claim {
    bool at_once; /* those that are due at once, in turn of groups; else those due by `now` */
    int64_t now, until;
    size_t most;
};
/* The domains that became the caller's; false: enough. */
typedef bool (*store_claimed_fn)(void *arg, const char *domain);
STS_MUST_USE enum sts_status store_schedule_claim(struct store *store,
                                                  const struct store_schedule_claim *claim,
                                                  store_claimed_fn fn, void *arg);

/* Whoever took it until then does not look at it: it is due at `due`, unless somebody else has
 * taken it or made it due meanwhile. */
STS_MUST_USE enum sts_status store_schedule_back(struct store *store, const char *domain,
                                                 int64_t until, int64_t due);

struct store_scheduled {
    int64_t due;
    int64_t looked;      /* when it was looked at last; 0: not yet */
    const char *verdict; /* then; NULL; not read by store_scheduled() */
    int64_t ill;         /* so many looks in a row found something wrong */
    int64_t blind;       /* so many were none, for reasons of our own */
};
/* *ret_found: false where nobody watches it. */
STS_MUST_USE enum sts_status store_scheduled(struct store *store, const char *domain,
                                             struct store_scheduled *ret, bool *ret_found);
/* Where `looked` is 0, that and the verdict stay. */
STS_MUST_USE enum sts_status store_schedule(struct store *store, const char *domain,
                                            const struct store_scheduled *next);
/* At once.  *ret_done: false where it is no group's. */
STS_MUST_USE enum sts_status store_schedule_now(struct store *store, const char *domain,
                                                bool *ret_done);

struct store_schedule_numbers {
    int64_t domains, at_once, due;
    int64_t late;   /* due since before a time */
    int64_t unseen; /* never looked at */
    int64_t oldest; /* look of all newest ones; 0: none */
    int64_t next;   /* the earliest time at which one is due that is not yet; 0: none */
};
STS_MUST_USE enum sts_status store_schedule_numbers(struct store *store, int64_t now,
                                                    int64_t late_since,
                                                    struct store_schedule_numbers *ret);
typedef bool (*store_verdict_fn)(void *arg, const char *verdict, int64_t domains);
/* How many domains have which verdict. */
STS_MUST_USE enum sts_status store_schedule_verdicts(struct store *store, store_verdict_fn fn,
                                                     void *arg);

#endif
