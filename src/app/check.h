/* SPDX-License-Identifier: MIT */
/* check.h - domains diagnosed, observed now or earlier, and stored where that is asked for. */
#ifndef APP_CHECK_H
#define APP_CHECK_H

#include "app/fault.h"
#include "rules/rules.h"

/* All is borrowed until the checks end. */
struct check_request {
    struct store *store; /* each is stored; NULL: nowhere */
    bool at_now;         /* judged by `now`, else by the time of the observation */
    int64_t now;
    int64_t warn_days; /* 0: the default */
    /* The store failed: it is left alone from then on, and the diagnoses go on. */
    fault_fn fault;
    void *arg;
};

/* Begins with its request and nothing else. */
struct check {
    struct check_request request;
    bool store_failed;
    bool blindness_told;
};

struct checked {
    const struct diagnosis *diagnosis; /* borrows from the facts */
    bool repeats_why; /* nothing was seen, for the reason that an earlier one has told already */
};

/* One domain; what is made is owned by ctx. */
STS_MUST_USE enum sts_status check_facts(TALLOC_CTX *ctx, struct check *check,
                                         const struct facts *facts, struct checked *ret);

#endif
