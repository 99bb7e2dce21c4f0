/* SPDX-License-Identifier: MIT */
/* log_days.h - the sessions of logs, counted by day and stored with the place up to which the logs
 * were read: a kill in between leaves the place at the end of the last day that was stored. */
#ifndef COLLECT_LOG_DAYS_H
#define COLLECT_LOG_DAYS_H

#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "base/bytes.h"

struct log_days;
struct store;

/* NULL: no memory. */
struct log_days *log_days_new(TALLOC_CTX *ctx);
/* A session of this time, as a datagram.  STS_E_NOMEM, also beyond LIMIT_KEEP_DAYS days. */
STS_MUST_USE enum sts_status log_days_add(struct log_days *days, int64_t at, struct bytes datagram);

struct log_days_place {
    const char *collector, *run; /* who counts, and which logs: as store_session_flush has them */
    int64_t before, until;       /* the place that is stored, and the new one */
    int64_t now;
};
/* The days in their order, and the new place, which *ret_place is as far as that went. */
STS_MUST_USE enum sts_status log_days_store(struct log_days *days, struct store *store,
                                            const struct log_days_place *place, int64_t *ret_place);

#endif
