/* SPDX-License-Identifier: MIT */
/* check.h - domains diagnosed, observed now or earlier, and stored where that is asked for. */
#ifndef APP_CHECK_H
#define APP_CHECK_H

#include "app/fault.h"
#include "rules/rules.h"

struct loop;
struct store_writer;

/* All is borrowed until the checks end. */
struct check_request {
    struct store *store; /* each is stored; NULL: nowhere */
    /* Where the checks are many: a writer beside this loop stores them (store/writer.h), so that
     * none waits for a flush.  NULL: check_facts() stores it itself. */
    struct loop *loop;
    const char *where; /* the store, as store_open() has it, for the writer */
    bool live;         /* facts come from within the loop */
    bool at_now;       /* judged by `now`, else by the time of the observation */
    int64_t now;
    int64_t warn_days; /* 0: the default */
    /* The store failed: it is left alone from then on, and the diagnoses go on.  With STS_E_LIMIT
     * it was one check that it does not take. */
    fault_fn fault;
    void *arg;
};

/* Begins with its request and nothing else. */
struct check {
    struct check_request request;
    struct store_writer *writer; /* NULL: none */
    size_t enough;               /* while that is waited for: so many may be left */
    bool settling;
    bool store_failed;
    bool blindness_told;
};

struct checked {
    const struct diagnosis *diagnosis; /* borrows from the facts */
    bool repeats_why; /* nothing was seen, for the reason that an earlier one has told already */
};

/* Live facts: are there not too many that are not yet stored? */
bool check_has_room(const struct check *check);
/* With a loop: before the first and after the last.  check_end() runs the loop until all checks are
 * durable, so not from within it. */
STS_MUST_USE enum sts_status check_begin(TALLOC_CTX *ctx, struct check *check);
void check_end(struct check *check);
/* One domain; what is made is owned by ctx. */
STS_MUST_USE enum sts_status check_facts(TALLOC_CTX *ctx, struct check *check,
                                         const struct facts *facts, struct checked *ret);

#endif
