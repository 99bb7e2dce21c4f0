/* SPDX-License-Identifier: MIT */
/* need.c - what rows of routes need, held against who asks. */
#include "serve/need.h"

#include "accounts/account.h"
#include "base/i18n.h"
#include "serve/access.h"
#include "serve/account_session.h"
#include "serve/exchange_work.h"

static const enum store_role roles[] = {[NEED_VIEWER] = STORE_ROLE_VIEWER,
                                        [NEED_EDITOR] = STORE_ROLE_EDITOR,
                                        [NEED_ADMIN] = STORE_ROLE_ADMIN};

static void ask_for_token(struct exchange *exchange)
{
    exchange_field(exchange, "WWW-Authenticate", "Bearer");
    exchange_problem(exchange, 401, "token-required",
                     _("An API token is required: Authorization: Bearer mts_..."));
}

/* As RFC 6750 has it. */
static void refuse_scope(struct exchange *exchange, unsigned scope)
{
    char *names = token_scopes_write(exchange, scope);
    char *field = talloc_asprintf(exchange, "Bearer error=\"insufficient_scope\", scope=\"%s\"",
                                  names ? names : "");
    char *detail = talloc_asprintf(
        exchange, _("The API token does not have the scope this needs: %s."), names ? names : "");

    if (field)
        exchange_field(exchange, "WWW-Authenticate", field);
    exchange_problem(exchange, 403, "insufficient-scope", detail ? detail : "");
}

static void refuse_role(struct exchange *exchange, enum route_need need)
{
    if (need == NEED_VIEWER)
        exchange_problem(exchange, 403, "no-group",
                         _("You are not a member of any group. Ask an administrator to add you."));
    else if (need == NEED_EDITOR || need == NEED_ADMIN)
        exchange_problem(exchange, 403, "role", _("Your role does not allow this."));
    else
        access_not_there(exchange);
}

static bool has_role(const struct account *account, enum route_need need)
{
    if (need == NEED_SIGNED_IN)
        return true;
    if (need == NEED_VIEWER || need == NEED_EDITOR || need == NEED_ADMIN)
        return account_is_anywhere(account, roles[need]);
    return need == NEED_ADMINISTRATOR && account->administrator;
}

bool need_is_met(struct exchange *exchange)
{
    const struct route *route = exchange->match.route;
    const struct account *account = exchange->account;

    if (route->need == NEED_PUBLIC)
        return true;
    if (!account && route->kind == ROUTE_API)
        ask_for_token(exchange);
    else if (!account)
        account_session_ask(exchange);
    else if (route->scope && !(account->scopes & route->scope))
        refuse_scope(exchange, route->scope);
    else if (!has_role(account, route->need))
        refuse_role(exchange, route->need);
    else
        return true;
    return false;
}
