/* SPDX-License-Identifier: MIT */
/* domain_summary.h - the model of one domain, read out of the store, and what comes next. */
#ifndef HISTORY_DOMAIN_SUMMARY_H
#define HISTORY_DOMAIN_SUMMARY_H

#include "history/domain_model.h"
#include "store/store.h"

struct domain_summary_request {
    const char *domain; /* borrowed */
    int64_t now;
    int64_t days;  /* of the series and the failures */
    int64_t until; /* they end with that time; 0: now */
    bool brief;    /* what reports of these days say is not needed */
    struct report_pick pick;
};

/* All of it is owned by ctx, with which it is freed, on an error too. */
STS_MUST_USE enum sts_status domain_summary_read(TALLOC_CTX *ctx, struct store *store,
                                                 const struct domain_summary_request *request,
                                                 struct domain_summary **ret);

/* What comes next, or the way back, as plan and rollback advise it: of the newest check and of what
 * is stored.  Owned by ctx; NULL: no memory, or there is no check. */
enum domain_advice { DOMAIN_PLAN, DOMAIN_ROLLBACK };
struct advisory *domain_advice(TALLOC_CTX *ctx, const struct domain_summary *summary,
                               enum domain_advice which);

/* How a sender writes its name: the store knows it in lower case. */
const char *domain_sender_name(const struct domain_summary *summary, const char *key);

#endif
