/* SPDX-License-Identifier: MIT */
/* evaluation.h - one domain looked through: what there is to tell of it becomes alerts, and
 * messages that wait to be sent.
 *
 * A domain that joins a group brings its problems along: they become alerts too, since when they
 * are there, and a channel hears of all that are new in one message.  What only happened before it
 * joined is left out.
 *
 * Read beside the loop, written in one batch: the alerts, their messages and the place of the group
 * in the log of the domain.  So each change is told once, whoever is killed: before the batch all
 * of it is done again, after it nothing.  Where somebody else moved the place meanwhile, nothing is
 * written. */
#ifndef ALERTS_EVALUATION_H
#define ALERTS_EVALUATION_H

#include "alerts/condition.h"
#include "alerts/matching.h"

#define ALERTS_SUBSCRIBER "alerts" /* as in store.h; a domain has one group at most */

struct evaluation {
    const char *domain; /* hangs on it, as all that is found */
    int64_t now;
    int64_t delay; /* seconds: what happens within them is one message */
    /* set by evaluation_read() */
    const char *tags;
    int64_t group; /* 0: nobody's, and nothing is to be done */
    int64_t proven;
    bool first;                /* nobody looked at it since it joined the group */
    int64_t brought;           /* if first: all its problems are at least as old as that */
    const char *worst, *about; /* likewise: code and subject of the worst; NULL: it has none */
    int64_t worst_since;
    struct matching_rules rules;
    struct conditions found;
    bool has_checks;
    struct store_place notified, next;
    /* set by evaluation_write() */
    bool changed; /* something is to be sent */
};

/* The group that the domain belongs to, 0: none; *ret_proven: since when. */
STS_MUST_USE enum sts_status evaluation_group(struct store *store, TALLOC_CTX *ctx,
                                              const char *domain, int64_t *ret,
                                              int64_t *ret_proven);
/* For store/readers.h and store/writer.h: data is a struct evaluation. */
STS_MUST_USE enum sts_status evaluation_read(struct store *store, void *data);
STS_MUST_USE enum sts_status evaluation_write(struct store *store, void *data);

#endif
