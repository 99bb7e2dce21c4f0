/* SPDX-License-Identifier: MIT */
/* openapi_api.c - the description of the API, answered. */
#include "serve/compute.h"
#include "serve/exchange.h"
#include "serve/openapi.h"
#include "serve/service.h"
#include "serve/tools.h"

struct openapi_call {
    struct computed computed;
    const char *base;
};

static void work(struct computed *computed)
{
    const struct openapi_call *call = (const struct openapi_call *)computed;

    computed_text(computed, "application/json",
                  openapi_document(computed, route_tables, route_table_count, call->base));
    computed->stable = true;
}

void api_openapi(struct exchange *exchange)
{
    struct openapi_call *call = talloc_zero(exchange, struct openapi_call);

    if (call) {
        call->computed.work = work;
        call->base = exchange_service(exchange)->base_path;
    }
    compute_answer(exchange, tools_of(exchange)->texts, call ? &call->computed : NULL);
}
