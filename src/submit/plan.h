/* SPDX-License-Identifier: MIT */
/* plan.h - the reports that are to be sent of the days that are over, each once. */
#ifndef SUBMIT_PLAN_H
#define SUBMIT_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include <mtasts/status.h>

struct store;
struct store_counted_domain;
struct store_new_outgoing;

struct plan_request {
    struct store *store;
    const char *organization; /* the domain of the submitter */
    const char *domain;       /* with `dry`: of that one only; "": of all */
    const char *copy_to;      /* an address that gets each report too; NULL: none */
    int64_t now;
    /* Called in place of planning, for each that was not planned yet; NULL: it is planned. */
    enum sts_status (*dry)(void *arg, const struct store_counted_domain *domain,
                           const struct store_new_outgoing *report);
    void *arg;
};

/* *ret: so many.  What the store complains of, or STS_E_NOMEM. */
STS_MUST_USE enum sts_status plan_reports(const struct plan_request *request, int64_t *ret);

#endif
