/* SPDX-License-Identifier: MIT */
/* account_sign_in.c - /setup, /login, /logout. */
#include <string.h>

#include "accounts/change.h"
#include "accounts/password.h"
#include "accounts/sign_in.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "pages/sign_in.h"
#include "serve/access.h"
#include "serve/account_external.h"
#include "serve/account_pages.h"
#include "serve/account_service.h"
#include "serve/account_session.h"
#include "serve/exchange.h"
#include "serve/page.h"
#include "serve/service.h"

/* ---- forms ----------------------------------------------------------------------------------- */

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static void show_setup(struct exchange *exchange, unsigned status, const char *error)
{
    struct setup_page page = {.frame = page_frame(exchange, _("Set up"), FRAME_NO_ENTRY),
                              .error = error,
                              .code = exchange_form(exchange, "code"),
                              .name = exchange_form(exchange, "name")};
    struct html *out = page_begin(exchange);

    if (!out)
        return;
    page_setup(out, &page);
    page_answer(exchange, status, out);
}

static void show_login(struct exchange *exchange, unsigned status, const char *error)
{
    const char *next = exchange_form(exchange, "next");
    struct login_page page = {
        .frame = page_frame(exchange, _("Sign in"), FRAME_NO_ENTRY),
        .error = error,
        .name = exchange_form(exchange, "name"),
        .next = account_session_path(next ? next : exchange_query(exchange, "next")),
        .provider = account_external_provider(exchange)};
    struct html *out = page_begin(exchange);

    if (!out)
        return;
    page_login(out, &page);
    page_answer(exchange, status, out);
}

static void show_code(struct exchange *exchange, unsigned status, const char *ticket,
                      const char *error)
{
    struct login_code_page page = {
        .frame = page_frame(exchange, _("Two-factor authentication"), FRAME_NO_ENTRY),
        .error = error,
        .ticket = ticket,
        .next = account_session_path(exchange_form(exchange, "next"))};
    struct html *out = page_begin(exchange);

    if (!out)
        return;
    page_login_code(out, &page);
    page_answer(exchange, status, out);
}

/* ---- answers --------------------------------------------------------------------------------- */

static const struct {
    unsigned status;
    const char *sentence;
} outcomes[] = {
    [SIGN_IN_WRONG] = {403, N_("The user name or password is wrong.")},
    [SIGN_IN_LATER] = {429, N_("Too many attempts. Try again in a minute.")},
    [SIGN_IN_EXPIRED] = {403, N_("The sign-in took too long. Start again.")},
    [SIGN_IN_CLAIMED] = {403, N_("This service already has an administrator. Sign in instead.")},
    [SIGN_IN_TAKEN] = {409, N_("This user name is taken.")},
    [SIGN_IN_NO_ROLE] = {403, N_("This account has no access.")},
    [SIGN_IN_FAILED] = {503, N_("The store is not available at the moment. Try again later.")},
};

/* The forms of a sign-in that went wrong. */
enum form { FORM_LOGIN, FORM_CODE, FORM_SETUP };

struct signing_in {
    struct exchange *exchange;
    enum form form;
};

static void show_again(struct exchange *exchange, enum form form,
                       const struct sign_in_result *result)
{
    unsigned status = outcomes[result->outcome].status;
    const char *sentence = _(outcomes[result->outcome].sentence);

    if (result->outcome == SIGN_IN_WRONG && form == FORM_SETUP)
        sentence = _("The code is wrong. It is in the log of the service.");
    if (result->outcome == SIGN_IN_WRONG && form == FORM_CODE)
        sentence = _("The code is wrong, or it was used before.");
    if (form == FORM_SETUP)
        show_setup(exchange, status, sentence);
    else if (form == FORM_CODE && result->outcome != SIGN_IN_EXPIRED)
        show_code(exchange, status, exchange_form(exchange, "ticket"), sentence);
    else
        show_login(exchange, status, sentence);
}

static void on_result(void *arg, const struct sign_in_result *result)
{
    const struct signing_in *signing = arg;
    struct exchange *exchange = signing->exchange;
    enum i18n_language before = account_pages_speak(exchange);
    char wait[24];

    if (result->outcome == SIGN_IN_DONE) {
        account_session_begin(exchange, result->secret);
        exchange_redirect(exchange, *account_session_path(exchange_form(exchange, "next"))
                                        ? account_session_path(exchange_form(exchange, "next"))
                                        : "/overview");
    } else if (result->outcome == SIGN_IN_CODE) {
        show_code(exchange, 200, result->secret, NULL);
    } else {
        (void)snprintf(wait, sizeof wait, "%lld", (long long)result->wait_s);
        if (result->outcome == SIGN_IN_LATER)
            exchange_field(exchange, "Retry-After", wait);
        show_again(exchange, signing->form, result);
    }
    i18n_use(before);
}

static void sign_in(struct exchange *exchange, enum form form, struct sign_in_request request)
{
    struct signing_in *signing = talloc_zero(exchange, struct signing_in);
    struct sign_in_run *run;

    request.address = exchange_visitor(exchange)->address;
    request.agent = http_request_field(exchange_request(exchange), "user-agent");
    request.done = on_result;
    request.arg = signing;
    if (signing)
        *signing = (struct signing_in){exchange, form};
    if (!signing ||
        sign_in_start(exchange, account_session_service(exchange), &request, &run) != STS_OK)
        account_pages_no_room(exchange);
}

/* ---- routes ---------------------------------------------------------------------------------- */

static void answer_setup(struct exchange *exchange)
{
    if (accounts_first_start(account_session_service(exchange)))
        show_setup(exchange, 200, NULL);
    else
        access_not_there(exchange);
}

static void take_setup(struct exchange *exchange)
{
    const char *password = or_empty(exchange_form(exchange, "password"));

    if (password_judge(password) != PASSWORD_GOOD)
        show_setup(exchange, 422, account_pages_password_fault(password));
    else if (!account_pages_is_user_name(exchange_form(exchange, "name")))
        show_setup(exchange, 422,
                   _("This user name cannot be used: no spaces, at most 100 characters."));
    else
        sign_in(exchange, FORM_SETUP,
                (struct sign_in_request){.claim = or_empty(exchange_form(exchange, "code")),
                                         .name = exchange_form(exchange, "name"),
                                         .password = password});
}

static void answer_login(struct exchange *exchange)
{
    if (exchange_account(exchange))
        exchange_redirect(exchange, "/overview");
    else if (!account_external_takes(exchange))
        show_login(exchange, 200, NULL);
}

static void take_login(struct exchange *exchange)
{
    sign_in(exchange, FORM_LOGIN,
            (struct sign_in_request){.name = or_empty(exchange_form(exchange, "name")),
                                     .password = or_empty(exchange_form(exchange, "password"))});
}

static void take_code(struct exchange *exchange)
{
    sign_in(exchange, FORM_CODE,
            (struct sign_in_request){.ticket = or_empty(exchange_form(exchange, "ticket")),
                                     .code = or_empty(exchange_form(exchange, "code"))});
}

static void on_signed_out(struct exchange *exchange, const struct account_change *change,
                          void *kept)
{
    (void)change;
    (void)kept;
    account_session_end(exchange);
    exchange_redirect(exchange, "/");
}

static void take_logout(struct exchange *exchange)
{
    const struct account *account = exchange_account(exchange);

    if (!account) {
        account_session_end(exchange);
        exchange_redirect(exchange, "/");
        return;
    }
    account_pages_change(
        exchange, &(struct account_change){.action = ACCOUNT_SIGN_OUT, .id = account->session},
        on_signed_out, NULL);
}

static const struct route routes[] = {
    {HTTP_GET, "/setup", answer_setup, ROUTE_PAGE, NEED_PUBLIC, ROUTE_NO_BODY, 0},
    {HTTP_POST, "/setup", take_setup, ROUTE_PAGE, NEED_PUBLIC, ROUTE_FORM, 0},
    {HTTP_GET, "/login", answer_login, ROUTE_PAGE, NEED_PUBLIC, ROUTE_NO_BODY, 0},
    {HTTP_POST, "/login", take_login, ROUTE_PAGE, NEED_PUBLIC, ROUTE_FORM, 0},
    {HTTP_POST, "/login/code", take_code, ROUTE_PAGE, NEED_PUBLIC, ROUTE_FORM, 0},
    {HTTP_POST, "/logout", take_logout, ROUTE_PAGE, NEED_PUBLIC, ROUTE_FORM, 0},
};

const struct route_table account_sign_in_routes = {routes, sizeof routes / sizeof *routes,
                                                   account_service_start};
