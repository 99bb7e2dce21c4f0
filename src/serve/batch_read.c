/* SPDX-License-Identifier: MIT */
/* batch_read.c - a batch and how far it is, out of the store. */
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "serve/access.h"
#include "serve/account_pages.h"
#include "serve/batch_service.h"
#include "serve/exchange.h"

static bool take_verdict(void *arg, const char *verdict, int64_t domains)
{
    struct batch_view *view = arg;

    for (size_t i = 0; i < BATCH_VERDICTS; i++)
        if (strcmp(verdict, batch_verdict(i)) == 0)
            view->verdicts[i] = domains;
    return true;
}

/* The texts are copied. */
bool batch_view_fill(struct batch_view *view, const struct store_domain_batch *batch)
{
    view->batch = *batch;
    view->batch.name = talloc_strdup(view, batch->name);
    view->batch.who = talloc_strdup(view, batch->who);
    view->batch.language = "";
    return view->batch.name && view->batch.who;
}

static bool take_batch(void *arg, const struct store_domain_batch *batch)
{
    struct batch_view *view = arg;

    if (!batch_view_fill(view, batch))
        view->batch.id = 0;
    return false;
}

enum sts_status batch_view_progress(struct store *store, struct batch_view *view)
{
    enum sts_status status = store_count_batch(store, view->batch.id, view->now, &view->counts);

    return status ? status : store_batch_verdicts(store, view->batch.id, take_verdict, view);
}

enum sts_status batch_view_read(struct store *store, void *data)
{
    struct batch_view *view = data;
    enum sts_status status = store_batch_numbered(store, view->batch.id, take_batch, view);

    if (!status && !view->batch.name)
        view->batch.id = 0;
    return status || !view->batch.id ? status : batch_view_progress(store, view);
}

struct batch_view *batch_view_new(struct exchange *exchange, int64_t id)
{
    struct batch_view *view = talloc_zero(exchange, struct batch_view);

    if (view) {
        view->batch.id = id;
        view->now = clock_now();
    }
    return view;
}

/* Of another group it is not there. */
bool batch_is_seen(struct exchange *exchange, const struct batch_view *view, enum store_role least)
{
    int64_t group = view->batch.id ? view->batch.group : 0;

    if (group && account_role_in(exchange_account(exchange), group) != STORE_ROLE_NONE)
        return access_allows(exchange, group, least);
    exchange_problem(exchange, 404, "no-such-batch", _("There is no batch at this address."));
    return false;
}

void batch_send(struct exchange *exchange, unsigned status, const char *text)
{
    exchange_field(exchange, "Cache-Control", "no-store");
    if (text)
        exchange_answer(exchange, status, "application/json", bytes_of(text));
    else
        account_pages_no_room(exchange);
}
