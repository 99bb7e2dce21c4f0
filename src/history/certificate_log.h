/* SPDX-License-Identifier: MIT */
/* certificate_log.h - when hosts of a domain got other certificates: the policy host and the MX
 * hosts, as checks saw them. */
#ifndef HISTORY_CERTIFICATE_LOG_H
#define HISTORY_CERTIFICATE_LOG_H

#include "store/store.h"

/* A check saw one that no check before had seen at that host, but others. */
struct certificate_change {
    int64_t at;          /* of that check */
    const char *service; /* "https": the policy host, "smtp": an MX host */
    const char *host;
    int64_t ends; /* the new one's validity; of several the first that ends */
};

struct certificate_log {
    struct certificate_change *changes; /* by time */
    size_t count;
};

/* As it was known at `now`, owned by ctx; *ret is written on success. */
STS_MUST_USE enum sts_status certificate_log_read(TALLOC_CTX *ctx, struct store *store,
                                                  const char *domain, int64_t now,
                                                  struct certificate_log *ret);

#endif
