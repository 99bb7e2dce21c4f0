/* SPDX-License-Identifier: MIT */
/* intake_overview.h - how reports come in, and what was rejected, as pages show it.
 *
 * Each is a talloc context that owns what is read into it; the functions are for a thread that may
 * wait for the store. */
#ifndef APP_INTAKE_OVERVIEW_H
#define APP_INTAKE_OVERVIEW_H

#include "store/quarantine.h"
#include "store/ways.h"

#define INTAKE_OVERVIEW_PAGE 50 /* of the quarantine */

struct intake_overview {
    int64_t before; /* to be set: the last one of the page before; INT64_MAX */
    struct store_way *ways;
    size_t way_count;
    struct store_quarantined *rejected; /* without raw */
    size_t rejected_count;
    bool more;
    int64_t kept; /* in all */
    bool no_memory;
};
STS_MUST_USE enum sts_status intake_overview_read(struct store *store, void *data);

struct quarantined_item {
    int64_t id;                    /* to be set */
    struct store_quarantined *one; /* NULL: there is none */
    bool no_memory;
};
STS_MUST_USE enum sts_status quarantined_item_read(struct store *store, void *data);
/* Deletes it. */
STS_MUST_USE enum sts_status quarantined_item_drop(struct store *store, void *data);

/* What to do about a fault of a way, a msgid; NULL: it says so itself. */
const char *intake_fault_advice(const char *fault);

#endif
