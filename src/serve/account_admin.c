/* SPDX-License-Identifier: MIT */
/* account_admin.c - /admin: all groups and users, and the log. */
#include <stdlib.h>
#include <string.h>

#include "accounts/account_name.h"
#include "accounts/accounts.h"
#include "accounts/encoding.h"
#include "accounts/overview.h"
#include "pages/account.h"
#include "pages/admin.h"
#include "serve/access.h"
#include "serve/account_pages.h"
#include "serve/account_service.h"
#include "serve/account_session.h"
#include "serve/exchange.h"
#include "serve/page.h"

#define PASSWORD_LETTERS 16 /* 80 bits, to be typed once */

/* ---- all groups and users -------------------------------------------------------------------- */

static size_t group_rows(const struct account *account, const struct service_overview *all,
                         struct admin_group_row *rows)
{
    size_t count = 0;

    for (size_t i = 0; i < all->group_count; i++) {
        const struct store_group *group = &all->groups[i];

        if (account_role_in(account, group->id) != STORE_ROLE_NONE)
            rows[count++] =
                (struct admin_group_row){group->id, group->name, group->members, group->domains};
    }
    return count;
}

static void fill_users(const struct service_overview *all, struct admin_user_row *rows)
{
    for (size_t i = 0; i < all->user_count; i++) {
        const struct store_user *user = &all->users[i];

        rows[i] = (struct admin_user_row){.id = user->id,
                                          .name = user->name,
                                          .administrator = user->administrator,
                                          .disabled = user->disabled,
                                          .second_factor = user->second_factor,
                                          .signed_in = user->signed_in};
    }
}

static void show_admin(struct exchange *exchange, void *data)
{
    const struct service_overview *all = data;
    const struct account *account = exchange_account(exchange);
    struct admin_group_row *groups =
        talloc_zero_array(exchange, struct admin_group_row, (unsigned)all->group_count + 1);
    struct admin_user_row *users =
        talloc_zero_array(exchange, struct admin_user_row, (unsigned)all->user_count + 1);
    struct admin_page page = {.frame = page_frame(exchange, _("Administration"), FRAME_ADMIN),
                              .said.notice = account_pages_notice(exchange),
                              .said.error = account_pages_error(exchange),
                              .all = account->administrator,
                              .groups = groups,
                              .users = users};
    struct html *out = page_begin(exchange);

    if (!out)
        return;
    if (!groups || !users) {
        account_pages_no_room(exchange);
        return;
    }
    page.group_count = group_rows(account, all, groups);
    fill_users(all, users);
    page.user_count = page.all ? all->user_count : 0;
    page_admin(out, &page);
    page_answer(exchange, 200, out);
}

static void answer_admin(struct exchange *exchange)
{
    account_pages_read(exchange, service_overview_read,
                       talloc_zero(exchange, struct service_overview), show_admin);
}

static void back_to_admin(struct exchange *exchange, const struct account_change *change,
                          void *kept)
{
    (void)kept;
    account_pages_back(exchange, "/admin", change);
}

static void take_groups(struct exchange *exchange)
{
    const char *name = exchange_form(exchange, "name");
    struct account_change change = {.action = ACCOUNT_GROUP_ADD};

    change.text = name ? account_name_of_group(exchange, name) : NULL;
    if (change.text)
        account_pages_change(exchange, &change, back_to_admin, NULL);
    else
        exchange_problem(exchange, 422, "name", _("This name cannot be used."));
}

/* ---- users ----------------------------------------------------------------------------------- */

/* A password that is shown once, and the change that stores its hash. */
struct new_password {
    struct exchange *exchange;
    struct account_change change;
    char *password;
};

static void show_password(struct exchange *exchange, const struct account_change *change,
                          void *kept)
{
    const struct new_password *made = kept;
    struct account_secret_page page = {.frame =
                                           page_frame(exchange, _("New password"), FRAME_ADMIN),
                                       .user = change->object,
                                       .password = made->password,
                                       .back = "admin"};
    struct html *out;

    if (change->outcome != CHANGE_DONE) {
        back_to_admin(exchange, change, NULL);
        return;
    }
    out = page_begin(exchange);
    if (!out)
        return;
    page_account_secret(out, &page);
    page_answer(exchange, 200, out);
}

static void on_hash(void *arg, const char *hash, bool wrong)
{
    struct new_password *made = arg;
    enum i18n_language before = account_pages_speak(made->exchange);

    (void)wrong;
    made->change.password = hash;
    if (hash)
        account_pages_change(made->exchange, &made->change, show_password, made);
    else
        account_pages_no_room(made->exchange);
    i18n_use(before);
}

static void make_password(struct exchange *exchange, struct account_change change)
{
    struct new_password *made = talloc_zero(exchange, struct new_password);
    struct accounts_hash hash = {.done = on_hash, .arg = made};
    void *handle;

    if (made) {
        *made = (struct new_password){exchange, change, NULL};
        hash.password = made->password = encoding_random_typed(made, PASSWORD_LETTERS);
    }
    if (!hash.password ||
        accounts_hash_start(exchange, account_session_service(exchange), &hash, &handle))
        account_pages_no_room(exchange);
}

static void take_users(struct exchange *exchange)
{
    const char *name = exchange_form(exchange, "name");
    struct account_change change = {.action = ACCOUNT_USER_ADD};

    change.text = name ? account_name_of_user(exchange, name) : NULL;
    if (change.text)
        make_password(exchange, change);
    else
        exchange_problem(exchange, 422, "name",
                         _("This user name cannot be used: no spaces, at most 100 characters."));
}

static const struct {
    const char *word;
    struct account_change change;
} user_changes[] = {
    {"disable", {.action = ACCOUNT_USER_RIGHTS, .sets_disabled = true, .disabled = true}},
    {"enable", {.action = ACCOUNT_USER_RIGHTS, .sets_disabled = true}},
    {"promote", {.action = ACCOUNT_USER_RIGHTS, .sets_administrator = true, .administrator = true}},
    {"demote", {.action = ACCOUNT_USER_RIGHTS, .sets_administrator = true}},
    {"password", {.action = ACCOUNT_USER_PASSWORD}},
    {"factor", {.action = ACCOUNT_USER_FACTOR_DROP}},
    {"delete", {.action = ACCOUNT_USER_DROP}},
};

static void take_user(struct exchange *exchange)
{
    const char *what = exchange_form(exchange, "do"), *id = exchange_place(exchange, "id");

    for (size_t i = 0; what && i < sizeof user_changes / sizeof *user_changes; i++) {
        struct account_change change = user_changes[i].change;

        if (strcmp(user_changes[i].word, what) != 0)
            continue;
        change.user = strtoll(id, NULL, 10);
        if (change.action == ACCOUNT_USER_PASSWORD)
            make_password(exchange, change);
        else
            account_pages_change(exchange, &change, back_to_admin, NULL);
        return;
    }
    access_not_there(exchange);
}

/* ---- the log --------------------------------------------------------------------------------- */

static void show_audit(struct exchange *exchange, void *data)
{
    const struct audit_overview *log = data;
    bool more = log->entry_count > OVERVIEW_PAGE;
    size_t count = more ? OVERVIEW_PAGE : log->entry_count;
    struct admin_audit_row *rows =
        talloc_zero_array(exchange, struct admin_audit_row, (unsigned)count + 1);
    struct admin_audit_page page = {.frame = page_frame(exchange, _("Audit log"), FRAME_ADMIN),
                                    .entries = rows,
                                    .entry_count = count,
                                    .next = more ? log->entries[count - 1].id : 0};
    struct html *out = page_begin(exchange);

    if (!out)
        return;
    for (size_t i = 0; rows && i < count; i++) {
        const struct store_audit *entry = &log->entries[i];
        const char *text = account_action_text(entry->action);

        rows[i] = (struct admin_audit_row){entry->at, entry->who, entry->address,
                                           text ? _(text) : entry->action, entry->object};
    }
    page.entry_count = rows ? count : 0;
    page_admin_audit(out, &page);
    page_answer(exchange, 200, out);
}

static void answer_audit(struct exchange *exchange)
{
    const char *before = exchange_query(exchange, "before");
    struct audit_overview *log;

    log = talloc_zero(exchange, struct audit_overview);
    if (log)
        log->before = before ? strtoll(before, NULL, 10) : INT64_MAX;
    account_pages_read(exchange, audit_overview_read, log, show_audit);
}

static const struct route routes[] = {
    {HTTP_GET, "/admin", answer_admin, ROUTE_PAGE, NEED_VIEWER, ROUTE_NO_BODY, 0},
    {HTTP_POST, "/admin/groups", take_groups, ROUTE_PAGE, NEED_ADMINISTRATOR, ROUTE_FORM, 0},
    {HTTP_POST, "/admin/users", take_users, ROUTE_PAGE, NEED_ADMINISTRATOR, ROUTE_FORM, 0},
    {HTTP_POST, "/admin/users/{id}", take_user, ROUTE_PAGE, NEED_ADMINISTRATOR, ROUTE_FORM, 0},
    {HTTP_GET, "/admin/audit", answer_audit, ROUTE_PAGE, NEED_ADMINISTRATOR, ROUTE_NO_BODY, 0},
};

const struct route_table account_admin_routes = {routes, sizeof routes / sizeof *routes, NULL};
