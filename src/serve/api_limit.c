/* SPDX-License-Identifier: MIT */
/* api_limit.c - a quota of requests of the API, told with each answer. */
#include "serve/api_limit.h"

#include <string.h>

#include "accounts/account.h"
#include "app/client_limits.h"
#include "base/i18n.h"
#include "event/loop.h"
#include "serve/exchange_work.h"
#include "serve/limits.h"
#include "serve/service.h"

/* What runs on this machine may do so for many. */
static bool is_own(const char *address)
{
    return !address || !*address || !strcmp(address, "unix") || !strncmp(address, "127.", 4) ||
           !strcmp(address, "::1");
}

static void refuse(struct exchange *exchange, int64_t wait)
{
    char *seconds = talloc_asprintf(exchange, "%lld", (long long)wait);

    exchange_field(exchange, "Retry-After", seconds ? seconds : "60");
    exchange_problem(exchange, 429, "too-many-requests",
                     _("Too many API requests. Try again later."));
}

/* As draft-ietf-httpapi-ratelimit-headers-10 has it. */
static void say(struct exchange *exchange, const struct client_quota *quota)
{
    char *policy = talloc_asprintf(exchange, "\"api\";q=%d;w=60", LIMIT_API_A_MINUTE);
    char *left = talloc_asprintf(exchange, "\"api\";r=%lld;t=%lld", (long long)quota->left,
                                 (long long)quota->full_in);

    if (policy && left) {
        exchange_field(exchange, "RateLimit-Policy", policy);
        exchange_field(exchange, "RateLimit", left);
    }
}

bool api_limit_take(struct exchange *exchange)
{
    const struct service *service = exchange->service;
    int64_t token = exchange->account ? exchange->account->token : 0, now, wait;
    const char *address = exchange->visitor.address;
    struct client_quota quota;

    if (exchange->match.kind != ROUTE_API || !service->api_limits || (!token && is_own(address)))
        return true;
    now = loop_now(service->loop);
    wait = client_limits_spend(service->api_limits, &(struct client_name){address, token}, now,
                               &quota);
    say(exchange, &quota);
    if (wait)
        refuse(exchange, wait);
    return !wait;
}
