/* SPDX-License-Identifier: MIT */
/* account_group.c - /admin/groups/NUMBER: a group, its members and its domains. */
#include <stdlib.h>
#include <string.h>

#include "accounts/account_name.h"
#include "accounts/encoding.h"
#include "accounts/overview.h"
#include "accounts/prover.h"
#include "app/domain_watch.h"
#include "base/pasted.h"
#include "pages/admin.h"
#include "serve/access.h"
#include "serve/account_pages.h"
#include "serve/account_parts.h"
#include "serve/account_proof.h"
#include "serve/account_service.h"
#include "serve/exchange.h"
#include "serve/page.h"
#include "serve/service.h"

#define PROOF_LETTERS 24

/* ---- a group --------------------------------------------------------------------------------- */

static struct admin_member_row *member_rows(TALLOC_CTX *ctx, const struct group_overview *one)
{
    struct admin_member_row *rows =
        talloc_zero_array(ctx, struct admin_member_row, (unsigned)one->member_count + 1);

    for (size_t i = 0; rows && i < one->member_count; i++)
        rows[i] = (struct admin_member_row){one->members[i].user, one->members[i].user_name,
                                            account_pages_role(one->members[i].role)};
    return rows;
}

static struct admin_domain_row *domain_rows(TALLOC_CTX *ctx, const struct group_overview *one)
{
    struct admin_domain_row *rows =
        talloc_zero_array(ctx, struct admin_domain_row, (unsigned)one->domain_count + 1);

    for (size_t i = 0; rows && i < one->domain_count; i++)
        rows[i] = (struct admin_domain_row){one->domains[i].domain, one->domains[i].proof,
                                            one->domains[i].proven, one->domains[i].looked,
                                            account_pages_proof(one->domains[i].found)};
    return rows;
}

static void show_group(struct exchange *exchange, void *data)
{
    const struct group_overview *one = data;
    const struct account *account = exchange_account(exchange);
    const char *name = one->group_count ? one->groups[0].name : NULL;
    bool more = one->domain_count > OVERVIEW_PAGE;
    struct admin_group_page page = {.frame = page_frame(exchange, name, FRAME_ADMIN),
                                    .said.notice = account_pages_notice(exchange),
                                    .said.error = account_pages_error(exchange),
                                    .changes =
                                        account_role_in(account, one->group) == STORE_ROLE_ADMIN,
                                    .all = account->administrator,
                                    .id = one->group,
                                    .name = name,
                                    .members = member_rows(exchange, one),
                                    .member_count = one->member_count,
                                    .domains = domain_rows(exchange, one),
                                    .domain_count = more ? OVERVIEW_PAGE : one->domain_count,
                                    .next = more ? one->domains[OVERVIEW_PAGE - 1].domain : NULL};
    struct html *out;

    if (!name || !page.members || !page.domains) {
        access_not_there(exchange);
        return;
    }
    out = page_begin(exchange);
    if (!out)
        return;
    page_admin_group(out, &page);
    page_answer(exchange, 200, out);
}

/* 0: it was answered. */
static int64_t group_of(struct exchange *exchange, enum store_role least)
{
    int64_t group = strtoll(exchange_place(exchange, "id"), NULL, 10);

    return access_allows(exchange, group, least) ? group : 0;
}

static void answer_group(struct exchange *exchange)
{
    int64_t group = group_of(exchange, STORE_ROLE_VIEWER);
    struct group_overview *one = group ? talloc_zero(exchange, struct group_overview) : NULL;
    const char *after = exchange_query(exchange, "after");

    if (!group)
        return;
    if (one)
        one->group = group;
    if (one && after)
        one->after = talloc_strdup(one, after);
    account_pages_read(exchange, group_overview_read, one, show_group);
}

/* ---- changes of a group ---------------------------------------------------------------------- */

static bool fill_name(struct exchange *exchange, struct account_change *change)
{
    const char *name = exchange_form(exchange, "name");

    change->text = name ? account_name_of_group(exchange, name) : NULL;
    return change->text;
}

static bool fill_member(struct exchange *exchange, struct account_change *change)
{
    const char *name = exchange_form(exchange, "name"), *role = exchange_form(exchange, "role");

    change->text = name ? account_name_of_user(exchange, name) : NULL;
    change->role = role ? store_role_named(role) : STORE_ROLE_NONE;
    return change->text && change->role != STORE_ROLE_NONE;
}

static bool fill_user(struct exchange *exchange, struct account_change *change)
{
    change->user = account_pages_number(exchange, "user");
    return change->user > 0;
}

/* As it was typed or pasted: "User@Example.COM" is example.com. */
static bool fill_domain(struct exchange *exchange, struct account_change *change)
{
    const char *typed = exchange_form(exchange, "domain");
    char name[STS_NAME_SIZE];
    enum pasted_form form;

    if (!typed || pasted_domain(typed, name, &form) != STS_OK)
        return false;
    change->text = talloc_strdup(exchange, name);
    return change->text;
}

static bool fill_new_domain(struct exchange *exchange, struct account_change *change)
{
    change->proof = encoding_random_typed(exchange, PROOF_LETTERS);
    change->proven = exchange_account(exchange)->administrator;
    return change->proof && fill_domain(exchange, change);
}

static bool fill_nothing(struct exchange *exchange, struct account_change *change)
{
    (void)exchange;
    (void)change;
    return true;
}

static const struct group_change {
    const char *word;
    enum account_action action;
    bool administrator; /* of the service; else an admin of the group */
    bool (*fill)(struct exchange *exchange, struct account_change *change);
} group_changes[] = {
    {"rename", ACCOUNT_GROUP_RENAME, true, fill_name},
    {"delete", ACCOUNT_GROUP_DROP, true, fill_nothing},
    {"member-set", ACCOUNT_MEMBER_SET, false, fill_member},
    {"member-drop", ACCOUNT_MEMBER_DROP, false, fill_user},
    {"domain-add", ACCOUNT_DOMAIN_ADD, false, fill_new_domain},
    {"domain-drop", ACCOUNT_DOMAIN_DROP, false, fill_domain},
    {"domain-prove", ACCOUNT_DOMAIN_PROVE, true, fill_domain},
};

static void back_to_group(struct exchange *exchange, const struct account_change *change,
                          void *kept)
{
    char *path = talloc_asprintf(exchange, "/admin/groups/%lld", (long long)change->group);

    (void)kept;
    if (change->action == ACCOUNT_DOMAIN_ADD || change->action == ACCOUNT_DOMAIN_PROVE) {
        prover_wake(exchange_service(exchange)->accounts->prover);
        domain_watch_wake(exchange_service(exchange)->watch);
    }
    account_pages_back(exchange, change->action == ACCOUNT_GROUP_DROP || !path ? "/admin" : path,
                       change);
}

static const struct group_change *change_named(const char *word)
{
    for (size_t i = 0; word && i < sizeof group_changes / sizeof *group_changes; i++)
        if (strcmp(group_changes[i].word, word) == 0)
            return &group_changes[i];
    return NULL;
}

static void take_group(struct exchange *exchange)
{
    const char *word = exchange_form(exchange, "do");
    int64_t group = group_of(exchange, STORE_ROLE_ADMIN);
    const struct group_change *what = change_named(word);
    struct account_change change = {.group = group};

    if (!group)
        return;
    if (word && strcmp(word, "domain-look") == 0) {
        account_proof_look(exchange, group);
        return;
    }
    if (!what || (what->administrator && !exchange_account(exchange)->administrator)) {
        access_not_there(exchange);
        return;
    }
    change.action = what->action;
    if (what->fill(exchange, &change))
        account_pages_change(exchange, &change, back_to_group, NULL);
    else
        exchange_problem(exchange, 422, "name", _("This name cannot be used."));
}

static const struct route routes[] = {
    {HTTP_GET, "/admin/groups/{id}", answer_group, ROUTE_PAGE, NEED_SIGNED_IN, ROUTE_NO_BODY, 0},
    {HTTP_POST, "/admin/groups/{id}", take_group, ROUTE_PAGE, NEED_SIGNED_IN, ROUTE_FORM, 0},
};

const struct route_table account_group_routes = {routes, sizeof routes / sizeof *routes, NULL};
