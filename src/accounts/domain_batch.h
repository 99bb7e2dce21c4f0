/* SPDX-License-Identifier: MIT */
/* domain_batch.h - changes of many domains at once, each in one transaction and with a line a group
 * in the log: a list that is imported, and what is done with all that a filter matches. */
#ifndef ACCOUNTS_DOMAIN_BATCH_H
#define ACCOUNTS_DOMAIN_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "accounts/change.h"
#include "store/domain_list.h"

enum domain_batch_action {
    DOMAIN_BATCH_ADD,
    DOMAIN_BATCH_TAG,
    DOMAIN_BATCH_UNTAG,
    DOMAIN_BATCH_SET_TAGS, /* those of the batch in place of all there are; of one group */
    DOMAIN_BATCH_CHECK,    /* at once, whatever the schedule says */
    DOMAIN_BATCH_TAKE
};

/* A talloc context that owns all of it. */
struct domain_batch {
    enum domain_batch_action action;
    const char *who, *address;
    int64_t now;
    /* of all but ADD; its sight says what whoever does it may change */
    struct store_list_filter filter;
    int64_t expected; /* TAKE: only if it is so many; < 0: however many */
    const char *tag;
    /* of ADD; group and tags of SET_TAGS, too */
    int64_t group;
    bool proven;
    struct store_pair *proofs, *tags;
    size_t proof_count, tag_count;
    /* what came of it */
    int64_t domains; /* that the filter matches, or that are new in the group */
    int64_t there;   /* ADD: that were the group's before, or claimed by it */
    bool full;       /* ADD: with these it would claim too many, and nothing was changed */
    /* ADD, proven: that are another group's, and stay there.  Whoever only claims a domain does
     * not learn whether somebody else has it. */
    const char **taken;
    size_t taken_count;
    bool differs; /* TAKE: it is not so many, and nothing was changed */
    bool no_memory;
};

/* For accounts_work_start() with writes set: data is a struct domain_batch. */
STS_MUST_USE enum sts_status domain_batch_write(struct store *store, void *data);
/* The same without changing anything: what it would come to. */
STS_MUST_USE enum sts_status domain_batch_preview(struct store *store, void *data);

#endif
