/* SPDX-License-Identifier: MIT */
/* alert_copy.h - alerts out of the store, with their domains, as copies that last. */
#ifndef ALERTS_ALERT_COPY_H
#define ALERTS_ALERT_COPY_H

#include <talloc.h>

#include "store/alerts.h"

struct alert_copy {
    struct store_alert row;
    struct store_alert_domain *domains; /* the first ones */
    size_t domain_count;
};

struct alert_copies {
    TALLOC_CTX *ctx; /* owns them */
    struct alert_copy *list;
    size_t count;
    bool no_memory;
};

/* For the lists of store/alerts.h: arg is a struct alert_copies. */
bool alert_copies_take(void *arg, const struct store_alert *alert);
/* So many of the domains of each. */
STS_MUST_USE enum sts_status alert_copies_domains(struct store *store, struct alert_copies *copies,
                                                  size_t limit);

#endif
