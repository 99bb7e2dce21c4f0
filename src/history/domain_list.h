/* SPDX-License-Identifier: MIT */
/* domain_list.h - the domains that somebody sees, a page of them: what the page, the API and the
 * CSV file show. */
#ifndef HISTORY_DOMAIN_LIST_H
#define HISTORY_DOMAIN_LIST_H

#include "rollout/outlook.h"
#include "store/domain_list.h"

#define DOMAIN_LIST_MAX  (STORE_LIST_PAGE_MAX - 1) /* rows of one page */
#define DOMAIN_LIST_TAGS 200                       /* that a filter offers */

/* All strings belong to the list. */
struct domain_list_row {
    struct store_listed_domain state;
    const char *place; /* as domain_list_place_read() takes it */
    struct outlook next;
};

struct domain_list_tag {
    const char *tag;
    int64_t domains;
};

/* A talloc context; the function is for accounts_work_start() and store_read_start(). */
struct domain_list {
    /* to be set */
    struct store_list_request request; /* limit: at most DOMAIN_LIST_MAX */
    bool counted;                      /* the total and the tags are wanted, too */
    /* what was read */
    struct domain_list_row *rows;
    size_t row_count;
    bool earlier, later; /* there are rows before the first one, behind the last one */
    int64_t total;       /* that the filter matches */
    struct domain_list_tag *tags;
    size_t tag_count;
    bool no_memory;
};
/* With copies of what the request borrows.  NULL: no memory. */
struct domain_list *domain_list_new(TALLOC_CTX *ctx, const struct store_list_request *request);
STS_MUST_USE enum sts_status domain_list_read(struct store *store, void *data);

/* "-3.example.com" and back.  False: it is no place. */
bool domain_list_place_read(TALLOC_CTX *ctx, const char *text, struct store_list_place *ret);

/* For another thread: with texts of its own.  False: no memory. */
bool domain_list_filter_copy(TALLOC_CTX *ctx, const struct store_list_filter *filter,
                             struct store_list_filter *ret);

/* "verdict", "-failures": the names of the orders, with '-' reversed.  NULL: by harm. */
bool domain_list_order_read(const char *text, struct store_list_order *ret);
/* Owned by ctx; NULL: no memory. */
char *domain_list_order_text(TALLOC_CTX *ctx, struct store_list_order order);

#endif
