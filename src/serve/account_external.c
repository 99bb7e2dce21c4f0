/* SPDX-License-Identifier: MIT */
/* account_external.c - Remote-User of a proxy; /login/provider and /login/oidc. */
#include "serve/account_external.h"

#include <string.h>

#include "accounts/accounts.h"
#include "accounts/external.h"
#include "accounts/limits.h"
#include "accounts/oidc_flow.h"
#include "base/i18n.h"
#include "base/scanner.h"
#include "http/cookie.h"
#include "net/web_client.h"
#include "serve/access.h"
#include "serve/account_pages.h"
#include "serve/account_parts.h"
#include "serve/account_proxy.h"
#include "serve/account_session.h"
#include "serve/exchange.h"
#include "serve/service.h"

#define REMOTE_GROUPS "remote-groups"
#define PROXY         "proxy" /* the issuer of what a proxy says */
#define GROUPS_LISTED 200     /* of one field */
#define STATE_COOKIE  "mtasts-provider"
#define STATE_S       600

static const struct account_settings *settings_of(const struct exchange *exchange)
{
    return exchange_service(exchange)->account_settings;
}

/* ---- what came of it ------------------------------------------------------------------------- */

static void refuse(struct exchange *exchange, enum sign_in outcome)
{
    switch (outcome) {
    case SIGN_IN_NO_ROLE:
        exchange_problem(exchange, 403, "no-role",
                         _("You are signed in, but none of your groups has access to this "
                           "service."));
        break;
    case SIGN_IN_WRONG:
        exchange_problem(exchange, 403, "disabled", _("Your account is disabled."));
        break;
    case SIGN_IN_TAKEN:
        exchange_problem(exchange, 409, "name-taken", _("This user name is taken."));
        break;
    case SIGN_IN_EXPIRED:
        exchange_problem(exchange, 403, "expired",
                         _("The sign-in was cancelled or took too long. Start again."));
        break;
    default:
        exchange_problem(exchange, 503, "sign-in-failed",
                         _("Signing in failed. The reason is in the log of the service."));
    }
}

static void answer(struct exchange *exchange, const struct sign_in_result *result, const char *next)
{
    if (result->outcome != SIGN_IN_DONE) {
        refuse(exchange, result->outcome);
        return;
    }
    account_session_begin(exchange, result->secret);
    exchange_redirect(exchange,
                      *account_session_path(next) ? account_session_path(next) : "/overview");
}

/* ---- by a proxy ------------------------------------------------------------------------------ */

/* "mail,ops" */
static size_t groups_of(TALLOC_CTX *ctx, const char *field, const char *groups[GROUPS_LISTED])
{
    struct scanner scanner = scanner_begin(bytes_of(field ? field : ""));
    size_t count = 0;

    while (!scanner_at_end(&scanner) && count < GROUPS_LISTED) {
        struct bytes group = bytes_trim(scanner_until(&scanner, ','));

        (void)scanner_try(&scanner, ',');
        if (group.length > 0)
            groups[count++] = talloc_strndup(ctx, group.data, group.length);
        if (count > 0 && !groups[count - 1])
            return 0;
    }
    return count;
}

static void on_proxied(void *arg, const struct sign_in_result *result)
{
    struct exchange *exchange = arg;
    enum i18n_language before = account_pages_speak(exchange);

    answer(exchange, result, exchange_query(exchange, "next"));
    i18n_use(before);
}

bool account_external_takes(struct exchange *exchange)
{
    const char *groups[GROUPS_LISTED], *user = account_proxy_user(exchange);
    const struct http_request *request = exchange_request(exchange);
    struct external_request wish = {.identity = {.issuer = PROXY, .subject = user, .name = user},
                                    .address = exchange_visitor(exchange)->address,
                                    .agent = http_request_field(request, "user-agent"),
                                    .done = on_proxied,
                                    .arg = exchange};
    struct external_run *run;

    if (!user)
        return false;
    wish.identity.groups = groups;
    wish.identity.group_count =
        groups_of(exchange, http_request_field(request, REMOTE_GROUPS), groups);
    wish.map = settings_of(exchange)->map;
    if (external_sign_in_start(exchange, account_session_service(exchange), &wish, &run))
        account_pages_no_room(exchange);
    return true;
}

/* ---- by OpenID Connect ----------------------------------------------------------------------- */

static struct oidc_flow *flow_of(const struct exchange *exchange)
{
    return exchange_service(exchange)->accounts->oidc;
}

const char *account_external_provider(const struct exchange *exchange)
{
    return flow_of(exchange) ? settings_of(exchange)->oidc_name : NULL;
}

static void set_state(struct exchange *exchange, const char *state)
{
    const struct http_cookie cookie = {.name = STATE_COOKIE,
                                       .value = state,
                                       .path = exchange_service(exchange)->base_path,
                                       .max_age = *state ? STATE_S : 0,
                                       .secure = exchange_visitor(exchange)->over_tls};
    char *field = http_set_cookie(exchange, &cookie);

    if (field)
        exchange_field(exchange, "Set-Cookie", field);
}

static void say_fault(struct exchange *exchange, const char *fault)
{
    service_say(exchange_service(exchange), _("signing in by OpenID Connect failed: %s"), _(fault));
    refuse(exchange, SIGN_IN_FAILED);
}

static void on_begun(void *arg, const char *url, const char *state, const char *fault)
{
    struct exchange *exchange = arg;
    enum i18n_language before = account_pages_speak(exchange);

    if (url) {
        set_state(exchange, state);
        exchange_field(exchange, "Location", url);
        exchange_answer(exchange, 303, NULL, (struct bytes){"", 0});
    } else {
        say_fault(exchange, fault);
    }
    i18n_use(before);
}

static void on_ended(void *arg, const struct sign_in_result *result, const char *next,
                     const char *fault)
{
    struct exchange *exchange = arg;
    enum i18n_language before = account_pages_speak(exchange);

    set_state(exchange, "");
    if (fault)
        say_fault(exchange, fault);
    else
        answer(exchange, result, next);
    i18n_use(before);
}

static bool has_provider(struct exchange *exchange)
{
    if (account_session_service(exchange) && flow_of(exchange))
        return true;
    access_not_there(exchange);
    return false;
}

/* A link, not a form: where a form leads is bounded by the policy of our pages. */
static void answer_provider(struct exchange *exchange)
{
    const struct oidc_step step = {.begun = on_begun, .arg = exchange};
    struct oidc_run *run;

    if (!has_provider(exchange))
        return;
    if (!accounts_may_try(account_session_service(exchange), exchange_visitor(exchange)->address))
        exchange_problem(exchange, 429, "too-many-attempts",
                         _("Too many attempts. Try again in a minute."));
    else if (oidc_begin_start(exchange, flow_of(exchange),
                              account_session_path(exchange_query(exchange, "next")), &step, &run))
        account_pages_no_room(exchange);
}

static void answer_oidc(struct exchange *exchange)
{
    const struct http_request *request = exchange_request(exchange);
    const struct oidc_step step = {.ended = on_ended, .arg = exchange};
    struct oidc_answer given = {.state = exchange_query(exchange, "state"),
                                .kept = http_cookie(exchange, request, STATE_COOKIE),
                                .code = exchange_query(exchange, "code"),
                                .address = exchange_visitor(exchange)->address,
                                .agent = http_request_field(request, "user-agent")};
    struct oidc_run *run;

    if (!has_provider(exchange))
        return;
    if (oidc_end_start(exchange, flow_of(exchange), &given, &step, &run))
        account_pages_no_room(exchange);
}

/* ---- beginning ------------------------------------------------------------------------------- */

static enum sts_status start_oidc(struct service *service, struct account_service *accounts)
{
    const struct account_settings *settings = service->account_settings;
    struct oidc_settings oidc = {.issuer = settings->oidc_issuer,
                                 .client_id = settings->oidc_client,
                                 .client_secret = settings->oidc_secret,
                                 .groups_claim = settings->oidc_groups,
                                 .map = settings->map};
    const struct web_client_setup client = {service->loop, settings->ca_file, LIMIT_OIDC_REQUESTS};
    struct web_client *web;
    enum sts_status status = web_client_new(accounts, &client, &web);

    oidc.redirect_url =
        talloc_asprintf(accounts, "%s%slogin/oidc", service->origin, service->base_path);
    if (!status && !oidc.redirect_url)
        status = STS_E_NOMEM;
    return status ? status
                  : oidc_flow_new(accounts, accounts->accounts, web, &oidc, &accounts->oidc);
}

enum sts_status account_external_start(struct service *service, struct account_service *accounts)
{
    const struct account_settings *settings = service->account_settings;

    return settings && settings->oidc_issuer ? start_oidc(service, accounts) : STS_OK;
}

static const struct route routes[] = {
    {HTTP_GET, "/login/provider", answer_provider, ROUTE_PAGE, NEED_PUBLIC, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/login/oidc", answer_oidc, ROUTE_PAGE, NEED_PUBLIC, ROUTE_NO_BODY, 0},
};

const struct route_table account_external_routes = {routes, sizeof routes / sizeof *routes, NULL};
