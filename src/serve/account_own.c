/* SPDX-License-Identifier: MIT */
/* account_own.c - /account: what users see and change of themselves. */
#include <string.h>

#include "accounts/accounts.h"
#include "accounts/encoding.h"
#include "accounts/limits.h"
#include "accounts/overview.h"
#include "accounts/password.h"
#include "accounts/token.h"
#include "accounts/totp.h"
#include "base/clock.h"
#include "pages/account.h"
#include "serve/account_pages.h"
#include "serve/account_service.h"
#include "serve/account_session.h"
#include "serve/exchange.h"
#include "serve/page.h"

/* ---- the page -------------------------------------------------------------------------------- */

static struct account_session *sessions_of(TALLOC_CTX *ctx, const struct own_overview *own,
                                           int64_t current)
{
    struct account_session *rows =
        talloc_zero_array(ctx, struct account_session, (unsigned)own->login_count + 1);

    for (size_t i = 0; rows && i < own->login_count; i++) {
        const struct store_login *login = &own->logins[i];

        rows[i] = (struct account_session){.id = login->id,
                                           .agent = login->agent,
                                           .address = login->address,
                                           .created = login->created,
                                           .used = login->used,
                                           .current = login->id == current};
    }
    return rows;
}

static struct account_token *tokens_of(TALLOC_CTX *ctx, const struct own_overview *own)
{
    struct account_token *rows =
        talloc_zero_array(ctx, struct account_token, (unsigned)own->token_count + 1);

    for (size_t i = 0; rows && i < own->token_count; i++) {
        const struct store_token *token = &own->tokens[i];

        rows[i] = (struct account_token){.id = token->id,
                                         .label = token->label,
                                         .name = token->name,
                                         .group = token->group_name,
                                         .scopes = token->scopes,
                                         .created = token->created,
                                         .expires = token->expires,
                                         .used = token->used};
    }
    return rows;
}

static struct account_group *groups_of(TALLOC_CTX *ctx, const struct account *account)
{
    struct account_group *rows =
        talloc_zero_array(ctx, struct account_group, (unsigned)account->role_count + 1);

    for (size_t i = 0; rows && i < account->role_count; i++)
        rows[i] = (struct account_group){.id = account->roles[i].group,
                                         .name = account->roles[i].group_name,
                                         .role = account_pages_role(account->roles[i].role)};
    return rows;
}

static size_t scopes_of(const char *names[16])
{
    size_t count = 0;

    while (count < 16 && token_scope_name(count)) {
        names[count] = token_scope_name(count);
        count++;
    }
    return count;
}

static void show_account(struct exchange *exchange, void *data)
{
    const struct own_overview *own = data;
    const struct account *account = exchange_account(exchange);
    const char *scopes[16];
    struct account_page page = {.frame = page_frame(exchange, _("Your account"), FRAME_NO_ENTRY),
                                .said.notice = account_pages_notice(exchange),
                                .said.error = account_pages_error(exchange),
                                .name = account->name,
                                .language = account->language ? account->language : "",
                                .password = own->self && own->self->password,
                                .second_factor = own->self && own->self->second_factor,
                                .recovery_left = own->recovery_left,
                                .sessions = sessions_of(exchange, own, account->session),
                                .session_count = own->login_count,
                                .tokens = tokens_of(exchange, own),
                                .token_count = own->token_count,
                                .groups = groups_of(exchange, account),
                                .group_count = account->role_count,
                                .scopes = scopes,
                                .scope_count = scopes_of(scopes)};
    struct html *out = page_begin(exchange);

    if (!out)
        return;
    if (!page.sessions || !page.tokens || !page.groups) {
        account_pages_no_room(exchange);
        return;
    }
    page_account(out, &page);
    page_answer(exchange, 200, out);
}

static void read_own(struct exchange *exchange, void (*done)(struct exchange *exchange, void *data))
{
    struct own_overview *own = talloc_zero(exchange, struct own_overview);

    if (own)
        own->user = exchange_account(exchange)->user;
    account_pages_read(exchange, own_overview_read, own, done);
}

static void answer_account(struct exchange *exchange)
{
    read_own(exchange, show_account);
}

static void back_to_account(struct exchange *exchange, const struct account_change *change,
                            void *kept)
{
    (void)kept;
    account_pages_back(exchange, "/account", change);
}

static void say_wrong(struct exchange *exchange)
{
    exchange_redirect(exchange, "/account?error=wrong");
}

/* ---- the password ---------------------------------------------------------------------------- */

/* hash NULL: the old one was wrong, or there is no room. */
static bool went_wrong(struct exchange *exchange, const char *hash, bool wrong)
{
    if (wrong)
        say_wrong(exchange);
    else if (!hash)
        account_pages_no_room(exchange);
    else
        accounts_guessed_well(account_session_service(exchange), exchange_account(exchange)->name,
                              exchange_visitor(exchange)->address);
    return !hash;
}

/* Whoever has found an open session may not guess here any faster than at the sign-in. */
static bool may_try(struct exchange *exchange)
{
    int64_t wait_s;
    char wait[24];

    if (accounts_may_guess(account_session_service(exchange), exchange_account(exchange)->name,
                           exchange_visitor(exchange)->address, &wait_s))
        return true;
    (void)snprintf(wait, sizeof wait, "%lld", (long long)wait_s);
    exchange_field(exchange, "Retry-After", wait);
    exchange_problem(exchange, 429, "too-many-attempts",
                     _("Too many attempts. Try again in a minute."));
    return false;
}

static void on_new_password(void *arg, const char *hash, bool wrong)
{
    struct exchange *exchange = arg;
    enum i18n_language before = account_pages_speak(exchange);

    if (!went_wrong(exchange, hash, wrong))
        account_pages_change(exchange,
                             &(struct account_change){.action = ACCOUNT_PASSWORD, .password = hash},
                             back_to_account, NULL);
    i18n_use(before);
}

/* Whoever has found an open session does not get any further without the password. */
static void ask_password(struct exchange *exchange, const struct own_overview *own,
                         const char *after, void (*done)(void *arg, const char *hash, bool wrong))
{
    const char *before = exchange_form(exchange, "before");
    struct accounts_hash hash = {.password = after,
                                 .before = before ? before : "",
                                 .before_hash = own->self ? own->self->password : NULL,
                                 .done = done,
                                 .arg = exchange};
    void *handle;

    if (may_try(exchange) &&
        accounts_hash_start(exchange, account_session_service(exchange), &hash, &handle))
        account_pages_no_room(exchange);
}

static void change_password(struct exchange *exchange, void *data)
{
    ask_password(exchange, data, exchange_form(exchange, "after"), on_new_password);
}

static void take_password(struct exchange *exchange)
{
    const char *after = exchange_form(exchange, "after");

    if (after && password_judge(after) == PASSWORD_GOOD)
        read_own(exchange, change_password);
    else
        exchange_problem(exchange, 422, "password",
                         account_pages_password_fault(after ? after : ""));
}

/* ---- the second factor ----------------------------------------------------------------------- */

/* "abcd efgh" is easier to type than all of it in one. */
static char *in_fours(TALLOC_CTX *ctx, const char *text)
{
    char *out = talloc_strdup(ctx, "");

    for (; out && *text; text += strnlen(text, 4))
        out = talloc_asprintf_append_buffer(out, "%s%.4s", *out ? " " : "", text);
    return out;
}

static void show_factor(struct exchange *exchange, void *data)
{
    const struct factor_overview *factor = data;
    const struct account *account = exchange_account(exchange);
    struct account_factor_page page = {
        .frame = page_frame(exchange, _("Set up two-factor authentication"), FRAME_NO_ENTRY),
        .error = account_pages_error(exchange)};
    struct html *out;
    char *secret;

    if (factor->secret.length == 0 || factor->step != STORE_NO_STEP) {
        exchange_redirect(exchange, "/account");
        return;
    }
    out = page_begin(exchange);
    if (!out)
        return;
    secret = encoding_base32(exchange, factor->secret);
    page.secret = secret ? in_fours(exchange, secret) : NULL;
    page.uri = totp_uri(exchange, factor->secret, "mtasts", account->name);
    page_account_factor(out, &page);
    page_answer(exchange, 200, out);
}

static void answer_factor(struct exchange *exchange)
{
    struct factor_overview *factor = talloc_zero(exchange, struct factor_overview);

    if (factor)
        factor->user = exchange_account(exchange)->user;
    account_pages_read(exchange, factor_overview_read, factor, show_factor);
}

static void to_factor(struct exchange *exchange, const struct account_change *change, void *kept)
{
    (void)kept;
    (void)change;
    exchange_redirect(exchange, "/account/factor");
}

static void take_factor(struct exchange *exchange)
{
    struct account_change change = {.action = ACCOUNT_FACTOR_BEGIN};

    if (exchange_account(exchange)
            ->second_factor) /* that one is turned off first, with the password */
        exchange_redirect(exchange, "/account");
    else if (totp_new_secret(exchange, &change.secret))
        account_pages_no_room(exchange);
    else
        account_pages_change(exchange, &change, to_factor, NULL);
}

/* New codes, kept until they are shown. */
struct recovery_codes {
    const char *codes[RECOVERY_COUNT + 1];
    uint8_t hashes[RECOVERY_COUNT][CRYPTO_SHA256_SIZE];
};

static struct recovery_codes *make_codes(struct exchange *exchange)
{
    struct recovery_codes *made = talloc_zero(exchange, struct recovery_codes);

    for (size_t i = 0; made && i < RECOVERY_COUNT; i++) {
        made->codes[i] = recovery_code_new(made);
        if (!made->codes[i] || recovery_code_hash(made->codes[i], made->hashes[i]))
            return NULL;
    }
    return made;
}

static void show_codes(struct exchange *exchange, const struct recovery_codes *made)
{
    struct account_secret_page page = {
        .frame = page_frame(exchange, _("Your recovery codes"), FRAME_NO_ENTRY),
        .codes = made->codes,
        .code_count = RECOVERY_COUNT,
        .back = "account"};
    struct html *out = page_begin(exchange);

    if (!out)
        return;
    page_account_secret(out, &page);
    page_answer(exchange, 200, out);
}

static void on_codes(struct exchange *exchange, const struct account_change *change, void *kept)
{
    if (change->outcome == CHANGE_DONE)
        show_codes(exchange, kept);
    else
        exchange_redirect(exchange, change->action == ACCOUNT_FACTOR_CONFIRM
                                        ? "/account/factor?error=wrong"
                                        : "/account?error=wrong");
}

static void store_codes(struct exchange *exchange, struct account_change change)
{
    struct recovery_codes *made = make_codes(exchange);

    if (!made) {
        account_pages_no_room(exchange);
        return;
    }
    change.secret = (struct bytes){(const char *)made->hashes, sizeof made->hashes};
    account_pages_change(exchange, &change, on_codes, made);
}

static void take_confirm(struct exchange *exchange)
{
    const char *code = exchange_form(exchange, "code");

    store_codes(exchange, (struct account_change){.action = ACCOUNT_FACTOR_CONFIRM,
                                                  .text = code ? code : ""});
}

static void on_recovery_password(void *arg, const char *hash, bool wrong)
{
    struct exchange *exchange = arg;
    enum i18n_language before = account_pages_speak(exchange);
    const char *what = exchange_form(exchange, "do");

    if (!went_wrong(exchange, hash, wrong)) {
        if (what && strcmp(what, "off") == 0)
            account_pages_change(exchange, &(struct account_change){.action = ACCOUNT_FACTOR_DROP},
                                 back_to_account, NULL);
        else
            store_codes(exchange, (struct account_change){.action = ACCOUNT_RECOVERY_NEW});
    }
    i18n_use(before);
}

static void change_recovery(struct exchange *exchange, void *data)
{
    const char *before = exchange_form(exchange, "before");

    ask_password(exchange, data, before ? before : "", on_recovery_password);
}

static void take_recovery(struct exchange *exchange)
{
    read_own(exchange, change_recovery);
}

/* ---- sessions -------------------------------------------------------------------------------- */

static void take_sessions(struct exchange *exchange)
{
    const char *id = exchange_form(exchange, "id");
    struct account_change change = {.action = ACCOUNT_SESSIONS_END};

    if (!id || strcmp(id, "others") != 0)
        change = (struct account_change){.action = ACCOUNT_SESSION_END,
                                         .id = account_pages_number(exchange, "id")};
    account_pages_change(exchange, &change, back_to_account, NULL);
}

static const struct route routes[] = {
    {HTTP_GET, "/account", answer_account, ROUTE_PAGE, NEED_SIGNED_IN, ROUTE_NO_BODY, 0},
    {HTTP_POST, "/account/password", take_password, ROUTE_PAGE, NEED_SIGNED_IN, ROUTE_FORM, 0},
    {HTTP_GET, "/account/factor", answer_factor, ROUTE_PAGE, NEED_SIGNED_IN, ROUTE_NO_BODY, 0},
    {HTTP_POST, "/account/factor", take_factor, ROUTE_PAGE, NEED_SIGNED_IN, ROUTE_FORM, 0},
    {HTTP_POST, "/account/factor/confirm", take_confirm, ROUTE_PAGE, NEED_SIGNED_IN, ROUTE_FORM, 0},
    {HTTP_POST, "/account/recovery", take_recovery, ROUTE_PAGE, NEED_SIGNED_IN, ROUTE_FORM, 0},
    {HTTP_POST, "/account/sessions", take_sessions, ROUTE_PAGE, NEED_SIGNED_IN, ROUTE_FORM, 0},
};

const struct route_table account_own_routes = {routes, sizeof routes / sizeof *routes, NULL};
