/* SPDX-License-Identifier: MIT */
/* account_session.c - cookies of pages, tokens of the API. */
#include "serve/account_session.h"

#include <string.h>
#include <strings.h>

#include "accounts/accounts.h"
#include "accounts/encoding.h"
#include "accounts/limits.h"
#include "accounts/token.h"
#include "base/i18n.h"
#include "base/text.h"
#include "http/cookie.h"
#include "serve/account_parts.h"
#include "serve/account_proxy.h"
#include "serve/api_limit.h"
#include "serve/exchange_work.h"
#include "serve/service.h"
#include "serve/visitor.h"

#define COOKIE "mtasts"
#define BEARER "bearer "

struct accounts *account_session_service(const struct exchange *exchange)
{
    return exchange->service->accounts ? exchange->service->accounts->accounts : NULL;
}

const struct account *exchange_account(const struct exchange *exchange)
{
    return exchange->account;
}

/* ---- the cookie ------------------------------------------------------------------------------ */

/* With these prefixes no neighbour's page and no plain HTTP can set it (RFC 6265bis). */
static const char *name_of(const struct exchange *exchange)
{
    if (!exchange->visitor.over_tls)
        return COOKIE;
    return strcmp(exchange->service->base_path, "/") == 0 ? "__Host-" COOKIE : "__Secure-" COOKIE;
}

static const char *secret_of(const struct exchange *exchange)
{
    const struct http_request *request = exchange_request(exchange);

    return http_cookie(exchange->request, request, name_of(exchange));
}

static void set_cookie(struct exchange *exchange, const char *value, int64_t seconds)
{
    const struct http_cookie cookie = {.name = name_of(exchange),
                                       .value = value,
                                       .path = exchange->service->base_path,
                                       .max_age = seconds,
                                       .secure = exchange->visitor.over_tls};
    char *field = http_set_cookie(exchange, &cookie);

    if (field)
        exchange_field(exchange, "Set-Cookie", field);
}

void account_session_begin(struct exchange *exchange, const char *secret)
{
    set_cookie(exchange, secret, SESSION_LIFE_S);
}

void account_session_end(struct exchange *exchange)
{
    set_cookie(exchange, "", 0);
}

const char *account_session_form_token(struct exchange *exchange)
{
    const char *secret = secret_of(exchange);

    return secret ? session_form_token(exchange, secret) : NULL;
}

/* A browser without a session has nothing that a forged form could use. */
bool account_session_form_is_genuine(const struct exchange *exchange)
{
    const char *secret = secret_of(exchange), *token = exchange_form(exchange, "token");

    return !secret || (token && session_form_token_is(secret, token));
}

/* ---- who asks -------------------------------------------------------------------------------- */

struct finding_out {
    struct exchange *exchange;
    void (*go_on)(struct exchange *exchange);
    bool by_token;
};

static void call_next(const struct finding_out *out)
{
    struct exchange *exchange = out->exchange;
    enum i18n_language before = i18n_use(i18n_language_named(exchange->visitor.language));

    out->go_on(exchange);
    i18n_use(before);
}

static void refuse_token(struct exchange *exchange)
{
    enum i18n_language before = i18n_use(i18n_language_named(exchange->visitor.language));

    if (api_limit_take(exchange)) {
        exchange_field(exchange, "WWW-Authenticate", "Bearer error=\"invalid_token\"");
        exchange_problem(exchange, 401, "invalid-token",
                         _("The API token is unknown, revoked or expired."));
    }
    i18n_use(before);
}

static void on_who(void *arg, struct account *account, enum sts_status status)
{
    struct finding_out *out = arg;
    struct exchange *exchange = out->exchange;

    if (account && !out->by_token && account_proxy_contradicts(exchange, account->name))
        account = NULL;
    exchange->account = account ? talloc_steal(exchange, account) : NULL;
    if (account)
        visitor_is(&exchange->visitor, account);
    if (status)
        exchange_problem(exchange, 503, "store-unavailable",
                         _("The store is not available at the moment. Try again later."));
    else if (out->by_token && !account)
        refuse_token(exchange);
    else
        call_next(out);
}

/* The API knows no cookies, so that no page of others can use it by a browser of ours. */
static const char *token_of(const struct exchange *exchange)
{
    const char *field = http_request_field(exchange->request, "authorization");

    if (exchange->match.kind != ROUTE_API || !field ||
        strncasecmp(field, BEARER, strlen(BEARER)) != 0)
        return NULL;
    return field + strlen(BEARER) + strspn(field + strlen(BEARER), " ");
}

static bool knows_sessions(const struct exchange *exchange)
{
    const struct route *route = exchange->match.route;

    return exchange->match.kind == ROUTE_PAGE ||
           (exchange->match.kind == ROUTE_PLAIN && route && route->need != NEED_PUBLIC);
}

void account_session_find(struct exchange *exchange, void (*go_on)(struct exchange *exchange))
{
    struct finding_out *out = talloc_zero(exchange, struct finding_out);
    struct accounts_who who = {.token = token_of(exchange),
                               .address = exchange->visitor.address,
                               .done = on_who,
                               .arg = out};
    struct accounts_handle *handle;

    if (account_proxy_refuses(exchange))
        return;
    if (knows_sessions(exchange))
        who.session = secret_of(exchange);
    if (!out || !account_session_service(exchange) || (!who.token && !who.session)) {
        go_on(exchange);
        return;
    }
    *out = (struct finding_out){exchange, go_on, who.token != NULL};
    if (accounts_who_start(exchange, account_session_service(exchange), &who, &handle))
        exchange_problem(exchange, 503, "no-room",
                         _("The service is too busy for this request. Try again later."));
}

/* ---- pages for those who are signed in ------------------------------------------------------- */

const char *account_session_path(const char *path)
{
    if (!path || path[0] != '/' || path[1] == '/' || strchr(path, '\\') ||
        !text_is_printable(path, strlen(path)))
        return "";
    return path;
}

void account_session_ask(struct exchange *exchange)
{
    const struct http_request *request = exchange->request;
    bool more = request->query && *request->query;
    char *here, *next, *path;

    if (request->method != HTTP_GET && request->method != HTTP_HEAD) {
        exchange_problem(exchange, 403, "signed-out",
                         _("You are signed out. Sign in and try again."));
        return;
    }
    here = talloc_asprintf(exchange, "%s%s%s", request->path, more ? "?" : "",
                           more ? request->query : "");
    next = here ? encoding_percent(exchange, here) : NULL;
    path = next ? talloc_asprintf(exchange, "/login?next=%s", next) : NULL;
    exchange_redirect(exchange, path ? path : "/login");
}
