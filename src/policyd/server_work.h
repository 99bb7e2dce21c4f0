/* SPDX-License-Identifier: MIT */
/* server_work.h - what the parts of the daemon share; private to policyd/. */
#ifndef POLICYD_SERVER_WORK_H
#define POLICYD_SERVER_WORK_H

#include <sys/queue.h>

#include "policyd/connection.h"
#include "policyd/refresh.h"
#include "policyd/server.h"

/* Is told of all that was seen of any domain, and frees nothing but itself. */
struct policyd_watcher {
    LIST_ENTRY(policyd_watcher) next;
    void (*seen)(struct policyd_watcher *watcher, const struct policy_entry *entry);
};

LIST_HEAD(waiter_list, waiter);

struct policyd {
    struct policyd_request request;
    struct loop *loop;
    struct policy_cache *cache;
    struct refresh *refresh;
    struct connections *connections;
    struct waiter_list waiters;
    LIST_HEAD(, policyd_watcher) watchers;
    struct policyd_counts counts;
    const struct overrides *overrides; /* NULL: none */
    bool *told;                        /* of each: it is not needed any more */
    struct policy_made *overridden;    /* the last reply that is of no entry */
};

/* Completes and tells the decision; the payload is borrowed from the entry, which may be NULL.
 * NULL: no memory. */
const char *policyd_decide(struct policyd *policyd, struct policyd_decision *decision,
                           struct policy_entry *entry, enum reply_profile profile);
/* Counts it, too: once for each request. */
void policyd_tell(struct policyd *policyd, const struct policyd_decision *decision);
/* A mail server asks for it; entry: NULL: there is no room for it. */
void policyd_asked(struct policyd *policyd, struct policy_entry *entry);
/* Something of the domain was looked up; facts: of the record or of DANE, or NULL. */
void policyd_looked(void *arg, const struct policy_entry *entry, const struct facts *facts);

#endif
