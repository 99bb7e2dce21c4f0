/* SPDX-License-Identifier: MIT */
/* account_api.c - whose token is it, and what may it? */
#include "accounts/account.h"
#include "accounts/token.h"
#include "serve/account_service.h"
#include "serve/api_answer.h"
#include "serve/exchange.h"

static void write_groups(struct json_writer *json, const struct account *account)
{
    json_write_begin(json, "groups", '[');
    for (size_t i = 0; i < account->role_count; i++) {
        const struct account_role *role = &account->roles[i];

        json_write_begin(json, NULL, '{');
        json_write_integer(json, "id", role->group);
        json_write_string(json, "name", role->group_name);
        json_write_string(json, "role", store_role_name(role->role));
        json_write_end(json, '}');
    }
    json_write_end(json, ']');
}

static void write_scopes(struct json_writer *json, const struct account *account)
{
    json_write_begin(json, "scopes", '[');
    for (size_t i = 0; token_scope_name(i); i++)
        if (account->scopes & 1u << i)
            json_write_string(json, NULL, token_scope_name(i));
    json_write_end(json, ']');
}

static void answer_account(struct exchange *exchange)
{
    const struct account *account = exchange_account(exchange);
    struct json_writer json = {.ctx = exchange};

    json_write_begin(&json, NULL, '{');
    json_write_string(&json, "user", account->name);
    write_scopes(&json, account);
    write_groups(&json, account);
    json_write_end(&json, '}');
    api_answer(exchange, 200, &json);
}

static const struct route_doc account_doc = {
    .summary = "Show the account of the API token.",
    .answer = "account",
};
static const struct route routes[] = {
    {HTTP_GET, "/api/v1/account", answer_account, ROUTE_API, NEED_SIGNED_IN, ROUTE_NO_BODY, 0,
     &account_doc},
};

const struct route_table account_api_routes = {routes, sizeof routes / sizeof *routes, NULL};
