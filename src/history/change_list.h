/* SPDX-License-Identifier: MIT */
/* change_list.h - what changed about the domains that somebody sees, a page of it, the newest
 * first.
 */
#ifndef HISTORY_CHANGE_LIST_H
#define HISTORY_CHANGE_LIST_H

#include "rollout/advisory.h"
#include "store/changes.h"

#define CHANGE_LIST_MAX (STORE_CHANGES_PAGE_MAX - 1) /* rows of one page */

struct listed_change {
    struct store_change_place place;
    const struct advisory *advisory; /* of the domain; its only note is the change */
};

/* A talloc context; the function is for accounts_work_start(). */
struct change_list {
    /* to be set; the texts of the filter are borrowed */
    struct store_change_filter filter;
    struct store_change_place after;
    size_t limit; /* at most CHANGE_LIST_MAX */
    /* what was read */
    struct listed_change *rows;
    size_t row_count;
    bool more;
    bool no_memory;
};
STS_MUST_USE enum sts_status change_list_read(struct store *store, void *data);

/* "1764500000.17.3", behind the last row, and back.  NULL: no memory; false: it is no place. */
char *change_list_place(TALLOC_CTX *ctx, const struct change_list *list);
bool change_list_place_read(const char *text, struct store_change_place *ret);

#endif
