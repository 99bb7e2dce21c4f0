/* SPDX-License-Identifier: MIT */
/* assets.c - files that pages refer to by a name with a hash of their content in it: who has one
 * need never ask again. */
#include "serve/assets.h"

#include "base/i18n.h"
#include "pages/assets.h"
#include "serve/exchange.h"

static void answer_asset(struct exchange *exchange)
{
    const struct asset *asset = asset_filed(exchange_place(exchange, "file"));

    if (!asset) {
        exchange_problem(exchange, 404, "not-found", _("No file at this address."));
        return;
    }
    exchange_field(exchange, "Cache-Control", "public, max-age=31536000, immutable");
    exchange_answer(exchange, 200, asset->type, asset->content);
}

/* Checks are their visitors' own, and each costs connections. */
static void answer_robots(struct exchange *exchange)
{
    exchange_answer(exchange, 200, "text/plain; charset=utf-8",
                    bytes_of("User-agent: *\nDisallow: /c/\nDisallow: /api/\n"
                             "Disallow: /preferences\n"));
}

static const struct route routes[] = {
    {HTTP_GET, "/" ASSET_FOLDER "{file}", answer_asset, ROUTE_PLAIN, NEED_PUBLIC, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/robots.txt", answer_robots, ROUTE_PLAIN, NEED_PUBLIC, ROUTE_NO_BODY, 0},
};
const struct route_table asset_routes = {routes, sizeof(routes) / sizeof(routes[0]), NULL};
