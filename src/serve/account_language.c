/* SPDX-License-Identifier: MIT */
/* account_language.c - the language that a user has chosen for their account. */
#include "base/i18n.h"
#include "serve/account_pages.h"
#include "serve/account_service.h"
#include "serve/exchange.h"

/* What was chosen in this browser before is over. */
static void on_language(struct exchange *exchange, const struct account_change *change, void *kept)
{
    (void)kept;
    if (change->outcome == CHANGE_DONE)
        exchange_set_cookie(exchange, "lang", "", -1);
    account_pages_back(exchange, "/account", change);
}

/* Empty: as the browser says. */
static void take_language(struct exchange *exchange)
{
    const char *typed = exchange_form(exchange, "language");
    enum i18n_language language = typed ? i18n_language_named(typed) : I18N_DEFAULT;
    struct account_change change = {.action = ACCOUNT_LANGUAGE};

    if (language != I18N_DEFAULT)
        change.text = i18n_language_name(language);
    if (change.text || (typed && !*typed))
        account_pages_change(exchange, &change, on_language, NULL);
    else
        exchange_problem(exchange, 422, "not-valid", _("Unknown language."));
}

static const struct route routes[] = {
    {HTTP_POST, "/account/language", take_language, ROUTE_PAGE, NEED_SIGNED_IN, ROUTE_FORM, 0},
};
const struct route_table account_language_routes = {routes, sizeof routes / sizeof *routes, NULL};
