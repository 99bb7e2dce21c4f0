/* SPDX-License-Identifier: MIT */
/* policy_store_work.h - what reading and writing share; private to policyd/. */
#ifndef POLICYD_POLICY_STORE_WORK_H
#define POLICYD_POLICY_STORE_WORK_H

#include <sys/queue.h>

#include "policyd/policy_store.h"
#include "store/cached_policies.h"
#include "store/readers.h"
#include "store/writer.h"

struct policy_recall;
struct store_page;

struct policy_store {
    struct policy_store_request request;
    struct store_writer *writer;
    struct store_readers *readers;
    struct loop_timer *retry;
    struct jobs_handle *loading;
    TAILQ_HEAD(, policy_recall) recalls; /* that wait until it is opened */
    bool opening, opened;
    bool read_all, corrected;     /* and what is stored has the times of this clock */
    size_t recalling;             /* rows that are being looked for, each for who asked */
    struct store_page *next_page; /* it waits for what is being corrected; NULL */
    bool slow;                    /* who waits for a write would wait too long */
    int64_t read_again;           /* on the loop's clock: it could not be read, or not in time */
    int64_t shift;                /* what was stored was seen by another clock */
    size_t saving;
    bool failed, said; /* the last write; and that was told */
    struct policy_store_counts counts;
};

/* In any thread.  *ret_policy hangs on ctx. */
STS_MUST_USE enum sts_status stored_of_row(TALLOC_CTX *ctx, const struct store_cached_policy *row,
                                           struct policy_stored *ret);
/* By our own clock. */
struct policy_stored stored_shifted(const struct policy_store *store,
                                    const struct policy_stored *stored);

/* The store is open: reads what is in it, and what was asked meanwhile.  Else: that was in vain. */
void policy_store_begin_reading(struct policy_store *store);
/* The next page, if all that was corrected is written. */
void policy_store_go_on_reading(struct policy_store *store);
/* All that is stored has the times of our own clock. */
void policy_store_is_corrected(struct policy_store *store);
void policy_store_end_waiting(struct policy_store *store);
/* A write has failed, or (NULL) one went well. */
void policy_store_state(struct policy_store *store, const struct store_fault *fault);

#endif
