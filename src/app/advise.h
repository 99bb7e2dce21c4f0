/* SPDX-License-Identifier: MIT */
/* advise.h - what comes next for a domain, or the way back: from its facts and from what the store
 * knows of its policies. */
#ifndef APP_ADVISE_H
#define APP_ADVISE_H

#include "app/fault.h"
#include "rollout/plan.h"

enum advise_kind {
    ADVISE_NEXT_STEP,
    ADVISE_MIGRATION, /* to other MX hosts */
    ADVISE_REMOVAL,
    ADVISE_ROLLBACK, /* mail is being refused: what can be said without the past is wanted as well
                      */
};

/* All is borrowed until advise_domain() returns. */
struct advise_request {
    enum advise_kind kind;
    struct plan_wish wish;
    struct store *store; /* NULL: nothing was ever stored, or it fails */
    bool store_failed;   /* it does */
    bool at_now;         /* as of `now`, else of the time of the observation */
    int64_t now;
    int64_t since_told;   /* when the phase began, as the person says; 0: not */
    int64_t max_age_told; /* of the policy before, as the person says; 0: not */
    fault_fn fault;       /* what the store complains of */
    void *arg;
};

/* Owned by ctx.  STS_E_NOMEM; else what the store complained of, in fault(). */
STS_MUST_USE enum sts_status advise_domain(TALLOC_CTX *ctx, const struct advise_request *request,
                                           const struct facts *facts, struct advisory **ret);

#endif
