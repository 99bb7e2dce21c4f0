/* SPDX-License-Identifier: MIT */
/* batch_service.h - lists of domains that groups want to have looked at once; private to serve/. */
#ifndef SERVE_BATCH_SERVICE_H
#define SERVE_BATCH_SERVICE_H

#include "app/domain_batches.h"
#include "app/domain_import.h"
#include "base/json_write.h"
#include "serve/route.h"
#include "store/accounts.h"
#include "store/batches.h"

struct exchange;

/* The first of the tables begins it. */
extern const struct route_table batch_routes, batch_post_routes;

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
void batch_write(struct json_writer *json, const struct batch_view *view,
                 const struct domain_import *import);
/* The domains as a JSON array of strings. */
char *batch_domains_json(TALLOC_CTX *ctx, const struct domain_import *import);
const char *batch_verdict(size_t verdict);
/* It is not to be cached; text: NULL: no memory. */
void batch_send(struct exchange *exchange, unsigned status, const char *text);

/* ---- read ------------------------------------------------------------------------------------ */

struct batch_view *batch_view_new(struct exchange *exchange, int64_t id);
/* The texts are copied.  False: no memory. */
bool batch_view_fill(struct batch_view *view, const struct store_domain_batch *batch);
enum sts_status batch_view_progress(struct store *store, struct batch_view *view);
/* For account_pages_read(): data is a struct batch_view; its id is 0 then where there is none. */
enum sts_status batch_view_read(struct store *store, void *data);
/* Of another group it is not there: 404. */
bool batch_is_seen(struct exchange *exchange, const struct batch_view *view, enum store_role least);

#endif
