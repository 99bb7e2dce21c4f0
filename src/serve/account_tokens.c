/* SPDX-License-Identifier: MIT */
/* account_tokens.c - tokens of the API: made and revoked on the account page, and by programs.
 *
 * A token makes only what it could do itself: for its group, with some of its scopes, and no longer
 * than it lasts itself; what it made is revoked with it.  So whoever has found one gets no further
 * with it than it went, and for no longer. */
#include <string.h>

#include "accounts/account.h"
#include "accounts/overview.h"
#include "accounts/token.h"
#include "base/clock.h"
#include "pages/account.h"
#include "serve/access.h"
#include "serve/account_pages.h"
#include "serve/account_service.h"
#include "serve/api_answer.h"
#include "serve/api_json.h"
#include "serve/api_list.h"
#include "serve/exchange.h"
#include "serve/limits.h"
#include "serve/page.h"

#define DAY            86400
#define TOKEN_DAYS_MAX 3650
#define TOKEN_DAYS     365
#define PATH           "/api/v1/tokens"

/* ---- making one ------------------------------------------------------------------------------ */

/* done is given the token itself, which is stored nowhere. */
static void make_token(struct exchange *exchange, struct account_change change,
                       account_changed_fn done)
{
    char label[TOKEN_LABEL_LENGTH + 1], *token = token_new(exchange);
    uint8_t hash[CRYPTO_SHA256_SIZE];

    if (!token || !token_read(token, label, hash)) {
        account_pages_no_room(exchange);
        return;
    }
    change.action = ACCOUNT_TOKEN_ADD;
    change.label = label;
    change.hash = hash;
    account_pages_change(exchange, &change, done, token);
}

/* ---- on the account page --------------------------------------------------------------------- */

static void back_to_account(struct exchange *exchange, const struct account_change *change,
                            void *kept)
{
    (void)kept;
    account_pages_back(exchange, "/account", change);
}

static void show_token(struct exchange *exchange, const struct account_change *change, void *kept)
{
    struct account_secret_page page = {
        .frame = page_frame(exchange, _("Your new API token"), FRAME_NO_ENTRY),
        .token = kept,
        .back = "account"};
    struct html *out;

    if (change->outcome != CHANGE_DONE) {
        back_to_account(exchange, change, NULL);
        return;
    }
    out = page_begin(exchange);
    if (!out)
        return;
    page_account_secret(out, &page);
    page_answer(exchange, 200, out);
}

static char *chosen_scopes(struct exchange *exchange)
{
    unsigned scopes = 0;

    for (size_t i = 0; token_scope_name(i); i++)
        if (exchange_form(exchange, token_scope_name(i)))
            scopes |= 1u << i;
    return scopes ? token_scopes_write(exchange, scopes) : NULL;
}

static void take_token(struct exchange *exchange)
{
    const struct account *account = exchange_account(exchange);
    int64_t days = account_pages_number(exchange, "days");
    struct account_change change = {.group = account_pages_number(exchange, "group"),
                                    .text = exchange_form(exchange, "name"),
                                    .scopes = chosen_scopes(exchange)};

    if (change.text && *change.text && strlen(change.text) <= LIMIT_TOKEN_NAME && change.scopes &&
        days >= 1 && days <= TOKEN_DAYS_MAX &&
        account_role_in(account, change.group) != STORE_ROLE_NONE) {
        change.expires = clock_now() + days * DAY;
        make_token(exchange, change, show_token);
    } else
        exchange_problem(exchange, 422, "token",
                         _("Specify a purpose, one of your groups, at least one scope, and 1 to "
                           "3650 days."));
}

static void take_revoke(struct exchange *exchange)
{
    account_pages_change(exchange,
                         &(struct account_change){.action = ACCOUNT_TOKEN_DROP,
                                                  .id = account_pages_number(exchange, "id")},
                         back_to_account, NULL);
}

/* ---- by programs: the list ------------------------------------------------------------------- */

static void write_scopes(struct json_writer *json, unsigned scopes)
{
    json_write_begin(json, "scopes", '[');
    for (size_t i = 0; token_scope_name(i); i++)
        if (scopes & 1u << i)
            json_write_string(json, NULL, token_scope_name(i));
    json_write_end(json, ']');
}

static void write_token(struct json_writer *json, const struct store_token *token, int64_t own)
{
    json_write_begin(json, NULL, '{');
    json_write_integer(json, "id", token->id);
    json_write_string(json, "label", token->label);
    json_write_string(json, "name", token->name);
    write_scopes(json, token_scopes_read(token->scopes));
    json_write_time(json, "created_at", token->created);
    json_write_time_or_null(json, "expires_at", token->expires);
    json_write_time_or_null(json, "used_at", token->used);
    json_write_bool(json, "current", token->id == own);
    if (token->maker)
        json_write_integer(json, "made_by", token->maker);
    else
        json_write_null(json, "made_by");
    json_write_end(json, '}');
}

/* Those of the user for the group of the token that asks. */
static bool is_shown(const struct exchange *exchange, const struct store_token *token)
{
    return token->group == api_group(exchange);
}

static void send_tokens(struct exchange *exchange, void *data)
{
    const struct own_overview *own = data;
    struct json_writer json = {.ctx = exchange};

    api_list_begin(&json);
    for (size_t i = 0; i < own->token_count; i++)
        if (is_shown(exchange, &own->tokens[i]))
            write_token(&json, &own->tokens[i], exchange_account(exchange)->token);
    api_list_end(exchange, &json, PATH, NULL);
}

static void read_own(struct exchange *exchange, void (*done)(struct exchange *exchange, void *data))
{
    struct own_overview *own = talloc_zero(exchange, struct own_overview);

    if (own)
        own->user = exchange_account(exchange)->user;
    account_pages_read(exchange, own_overview_read, own, done);
}

static void api_tokens(struct exchange *exchange)
{
    read_own(exchange, send_tokens);
}

/* ---- a new one ------------------------------------------------------------------------------- */

static void say_not_made(struct exchange *exchange, enum account_outcome outcome)
{
    if (outcome == CHANGE_TOKENS)
        exchange_problem(exchange, 409, "too-many",
                         _("A user can have at most 100 API tokens. Revoke one first."));
    else if (outcome == CHANGE_ABSENT) /* revoked while this request came */
        exchange_problem(exchange, 401, "invalid-token",
                         _("The API token is unknown, revoked or expired."));
    else /* the label is taken: one of 2^47 */
        account_pages_no_room(exchange);
}

static void send_token(struct exchange *exchange, const struct account_change *change, void *kept)
{
    struct json_writer json = {.ctx = exchange};

    if (change->outcome != CHANGE_DONE) {
        say_not_made(exchange, change->outcome);
        return;
    }
    json_write_begin(&json, NULL, '{');
    json_write_integer(&json, "id", change->made);
    json_write_string(&json, "token", kept);
    json_write_string(&json, "name", change->text);
    write_scopes(&json, token_scopes_read(change->scopes));
    json_write_time(&json, "expires_at", change->expires);
    json_write_end(&json, '}');
    exchange_field(exchange, "Cache-Control", "no-store");
    api_answer(exchange, 201, &json);
}

/* False: it says what is wrong. */
static bool read_scopes(struct api_call *call, const struct json *object, unsigned own,
                        unsigned *ret)
{
    const char *const *names;
    size_t count;

    *ret = 0;
    if (!api_list(call, object, "scopes", LIMIT_TOKEN_SCOPES, &names, &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        unsigned scope = token_scopes_read(names[i]);

        if (!scope || scope & ~own) {
            api_wrong(call, "scopes", _("Must contain only scopes that the token itself has."));
            return false;
        }
        *ret |= scope;
    }
    if (!*ret)
        api_wrong(call, "scopes", _("Must contain at least one."));
    return *ret;
}

static bool read_end(struct api_call *call, const struct json *object,
                     const struct account *account, int64_t *ret)
{
    int64_t days, now = clock_now();

    if (!api_number(call, object, "days", TOKEN_DAYS_MAX, &days))
        return false;
    *ret = now + (days ? days : TOKEN_DAYS) * DAY;
    if (!account->token_ends || *ret <= account->token_ends)
        return true;
    if (days)
        api_wrong(call, "days", _("Must end no later than the token itself."));
    *ret = account->token_ends;
    return !days;
}

static bool read_name(struct api_call *call, const struct json *object, const char **ret)
{
    if (!api_text(call, object, "name", ret))
        return false;
    if (*ret && **ret && strlen(*ret) <= LIMIT_TOKEN_NAME)
        return true;
    api_wrong(call, "name", _("Must be 1 to 100 bytes long."));
    return false;
}

static void api_token_add(struct exchange *exchange)
{
    static const char *const members[] = {"name", "scopes", "days", NULL};
    const struct account *account = exchange_account(exchange);
    struct account_change change = {.group = api_group(exchange)};
    struct api_call *call = api_body(exchange);
    const struct json *object = call ? api_object(call, members) : NULL;
    unsigned scopes = 0;

    if (!object || !read_name(call, object, &change.text) ||
        !read_scopes(call, object, account->scopes, &scopes) ||
        !read_end(call, object, account, &change.expires))
        api_refuse(exchange, call);
    else {
        change.scopes = token_scopes_write(exchange, scopes);
        make_token(exchange, change, send_token);
    }
}

/* ---- revoked --------------------------------------------------------------------------------- */

static void on_revoked(struct exchange *exchange, const struct account_change *change, void *kept)
{
    (void)kept;
    if (change->outcome == CHANGE_DONE)
        api_answer_done(exchange);
    else
        access_not_there(exchange);
}

static void revoke(struct exchange *exchange, void *data)
{
    const struct own_overview *own = data;
    const struct account_change change = {.action = ACCOUNT_TOKEN_DROP,
                                          .id = exchange_place_number(exchange, "id")};

    for (size_t i = 0; i < own->token_count; i++)
        if (own->tokens[i].id == change.id && is_shown(exchange, &own->tokens[i])) {
            account_pages_change(exchange, &change, on_revoked, NULL);
            return;
        }
    access_not_there(exchange);
}

static void api_token_revoke(struct exchange *exchange)
{
    read_own(exchange, revoke);
}

/* ---- the tables ------------------------------------------------------------------------------ */

static const struct route_field token_place[] = {{"id", "Its number."}, {NULL, NULL}};
static const struct route_doc list_doc = {
    .summary = "List the API tokens of the user for the group.",
    .answer = "token-list",
};
static const struct route_doc add_doc = {
    .summary = "Create an API token.",
    .text = "It is shown in this answer only. It is of the same group as the token that creates "
            "it, with no other scopes, ends no later, and is revoked with it.",
    .body = "token-request",
    .status = 201,
    .answer = "token-made",
};
static const struct route_doc revoke_doc = {
    .summary = "Revoke an API token of the user for the group, with all that it created.",
    .places = token_place,
    .status = 204,
};

static const struct route routes[] = {
    {HTTP_POST, "/account/tokens", take_token, ROUTE_PAGE, NEED_SIGNED_IN, ROUTE_FORM, 0},
    {HTTP_POST, "/account/tokens/revoke", take_revoke, ROUTE_PAGE, NEED_SIGNED_IN, ROUTE_FORM, 0},
    {HTTP_GET, PATH, api_tokens, ROUTE_API, NEED_VIEWER, ROUTE_NO_BODY, 0, &list_doc, TOKEN_ADMIN},
    {HTTP_POST, PATH, api_token_add, ROUTE_API, NEED_VIEWER, ROUTE_JSON, 0, &add_doc, TOKEN_ADMIN},
    {HTTP_DELETE, PATH "/{id}", api_token_revoke, ROUTE_API, NEED_VIEWER, ROUTE_NO_BODY, 0,
     &revoke_doc, TOKEN_ADMIN},
};

const struct route_table account_token_routes = {routes, sizeof routes / sizeof *routes, NULL};
