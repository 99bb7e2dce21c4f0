/* SPDX-License-Identifier: MIT */
/* account_proxy.c - the field Remote-User, from those only who may set it. */
#include "serve/account_proxy.h"

#include <strings.h>

#include "base/i18n.h"
#include "serve/account_parts.h"
#include "serve/exchange.h"
#include "serve/service.h"

#define REMOTE_USER "remote-user"

const char *account_proxy_user(const struct exchange *exchange)
{
    const struct account_settings *settings = exchange_service(exchange)->account_settings;
    const char *user = http_request_field(exchange_request(exchange), REMOTE_USER);

    return settings && settings->remote_user && user && *user ? user : NULL;
}

bool account_proxy_refuses(struct exchange *exchange)
{
    const char *user = account_proxy_user(exchange);

    if (!user || exchange_visitor(exchange)->by_proxy)
        return false;
    service_say(exchange_service(exchange),
                _("refused: %s claims to be %s with Remote-User, and is not a trusted proxy"),
                exchange_visitor(exchange)->address, user);
    exchange_problem(exchange, 403, "not-a-proxy",
                     _("Remote-User is accepted from trusted proxies only."));
    return true;
}

bool account_proxy_contradicts(const struct exchange *exchange, const char *name)
{
    const char *user = account_proxy_user(exchange);

    return user && strcasecmp(user, name) != 0;
}
