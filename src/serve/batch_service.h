/* SPDX-License-Identifier: MIT */
/* batch_service.h - lists of domains that groups want to have looked at once; private to serve/. */
#ifndef SERVE_BATCH_SERVICE_H
#define SERVE_BATCH_SERVICE_H

#include "app/domain_batches.h"
#include "app/domain_import.h"
#include "serve/route.h"
#include "store/batches.h"

struct exchange;

extern const struct route_table batch_routes;

#define BATCH_VERDICTS 4

/* A batch and how far it is, as it was read. */
struct batch_view {
    struct store_domain_batch batch;
    struct store_batch_counts counts;
    int64_t verdicts[BATCH_VERDICTS];
    int64_t now;
};
/* One object, with a line end; import: of the list it was made of, NULL: not said.  NULL: no
 * memory. */
char *batch_json(TALLOC_CTX *ctx, const struct batch_view *view,
                 const struct domain_import *import);
/* {"items":[...],"next":...}; next: the cursor, 0: there is no more. */
char *batch_list_json(TALLOC_CTX *ctx, const struct batch_view *const *views, size_t count,
                      int64_t next);
/* The domains as a JSON array of strings. */
char *batch_domains_json(TALLOC_CTX *ctx, const struct domain_import *import);
const char *batch_verdict(size_t verdict);

#endif
