/* SPDX-License-Identifier: MIT */
/* check_links.h - results of the queue of checks that outlive the program: in the store, by id.
 *
 * A result is kept for LIMIT_LINK_DAYS, and the newest LIMIT_LINKS of them.  It is judged by the
 * time of its observation whenever it is read. */
#ifndef APP_CHECK_LINKS_H
#define APP_CHECK_LINKS_H

#include "app/check_run.h"

struct check_link_read;
struct check_links;
struct store_fault;
struct store_readers;
struct store_writer;

/* Borrowed until the links are freed. */
struct check_links_request {
    struct store_writer *writer;
    struct store_readers *readers;
    int64_t (*now)(void); /* seconds, UTC; NULL: clock_now() */
    /* A result could not be stored; it is in memory as before.  NULL.  why: until it returns; NULL
     * where the store had no part in it. */
    void (*fault)(void *arg, const struct store_fault *why);
    void *arg;
};

/* NULL: no memory. */
struct check_links *check_links_new(TALLOC_CTX *ctx, const struct check_links_request *request);
/* Of a run that is DONE; borrows nothing.  It is durable soon. */
void check_links_put(struct check_links *links, const struct check_run *run);

/* run: as it was when it was DONE, until it returns; NULL: there is none.  status: STS_E_IO where
 * the store failed. */
typedef void (*check_link_fn)(void *arg, const struct check_run *run, enum sts_status status);
/* The run of that id; where that is NULL, the last one of the domain. */
struct check_link {
    const char *id, *domain;
};
/* Freeing the handle cancels. */
STS_MUST_USE enum sts_status check_links_read(TALLOC_CTX *ctx, struct check_links *links,
                                              const struct check_link *link, check_link_fn done,
                                              void *arg, struct check_link_read **ret);

#endif
