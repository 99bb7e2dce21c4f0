/* SPDX-License-Identifier: MIT */
/* domains_query.c - parameters to a filter and an order, and back. */
#include "serve/domains_query.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/pasted.h"
#include "serve/access.h"
#include "serve/exchange.h"

bool domains_sight(const struct exchange *exchange, int64_t group, enum store_role least,
                   struct store_sight *ret)
{
    const struct account *account = exchange_account(exchange);
    bool by_token = !account->session;

    *ret = (struct store_sight){
        .user = account->user, .all = account->administrator, .group = group, .least = least};
    if (group && account_role_in(account, group) == STORE_ROLE_NONE)
        return false;
    if (!by_token)
        return true;
    if (account->role_count == 0 || account->roles[0].role < least)
        return false;
    ret->all = true;
    ret->group = account->roles[0].group;
    return true;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Empty is not set: forms send every field. */
static const char *value_of(const struct exchange *exchange, domains_param_fn param,
                            const char *name)
{
    const char *value = param(exchange, name);

    return value && *value ? value : NULL;
}

/* Names are stored as A-labels in small letters; a whole name may be pasted in whatever form. */
static const char *text_of(struct exchange *exchange, const char *typed)
{
    char name[STS_NAME_SIZE], *text;
    enum pasted_form form;
    bool plain = true;

    for (const char *at = typed; at && *at; at++)
        plain &= ascii_is_alnum((unsigned char)*at) || strchr("-._", *at);
    if (!typed)
        return NULL;
    if (!plain && pasted_domain(typed, name, &form) == STS_OK)
        return talloc_strdup(exchange, name);
    text = talloc_strdup(exchange, typed);
    for (char *at = text; at && *at; at++)
        *at = ascii_lower(*at);
    return text;
}

static void wrong(struct exchange *exchange, const char *name)
{
    char *detail = talloc_asprintf(exchange, _("The parameter “%s” has an unknown value."), name);

    exchange_problem(exchange, 422, "wrong-parameter", detail ? detail : name);
}

static bool read_place(struct exchange *exchange, domains_param_fn param,
                       struct store_list_request *ret)
{
    const char *before = value_of(exchange, param, "before");
    const char *after = value_of(exchange, param, "cursor");
    const char *text = before ? before : after;

    ret->backwards = before != NULL;
    if (!text || domain_list_place_read(exchange, text, &ret->place))
        return true;
    wrong(exchange, before ? "before" : "cursor");
    return false;
}

static bool read_limit(struct exchange *exchange, domains_param_fn param,
                       struct store_list_request *ret)
{
    const char *text = value_of(exchange, param, "limit");
    char *end = NULL;
    long limit = text ? strtol(text, &end, 10) : DOMAINS_PAGE;

    ret->limit = (size_t)limit;
    if (limit > 0 && limit <= DOMAIN_LIST_MAX / 2 && (!end || !*end))
        return true;
    wrong(exchange, "limit");
    return false;
}

bool domains_query_read(struct exchange *exchange, domains_param_fn param, enum store_role least,
                        struct store_list_request *ret)
{
    const char *group = value_of(exchange, param, "group");
    const char *order = value_of(exchange, param, "sort");

    *ret = (struct store_list_request){
        .filter = {.verdict = value_of(exchange, param, "verdict"),
                   .posture = value_of(exchange, param, "posture"),
                   .tag = value_of(exchange, param, "tag"),
                   .cause = value_of(exchange, param, "cause"),
                   .part = value_of(exchange, param, "part"),
                   .text = text_of(exchange, value_of(exchange, param, "q"))},
        .now = clock_now(),
    };
    if (!domains_sight(exchange, group ? strtoll(group, NULL, 10) : 0, least, &ret->filter.sight)) {
        access_not_there(exchange);
        return false;
    }
    if (group && !strtoll(group, NULL, 10)) {
        access_not_there(exchange);
        return false;
    }
    if (!domain_list_order_read(order, &ret->order)) {
        wrong(exchange, "sort");
        return false;
    }
    return read_place(exchange, param, ret) && read_limit(exchange, param, ret);
}

/* ---- writing --------------------------------------------------------------------------------- */

size_t domains_params(TALLOC_CTX *ctx, const struct store_list_filter *filter,
                      struct domains_param ret[DOMAINS_PARAMS_MAX])
{
    const char *group =
        filter->sight.group ? talloc_asprintf(ctx, "%lld", (long long)filter->sight.group) : NULL;
    const struct domains_param all[] = {
        {"q", filter->text},  {"verdict", filter->verdict}, {"posture", filter->posture},
        {"tag", filter->tag}, {"cause", filter->cause},     {"part", filter->part},
        {"group", group},
    };
    size_t count = 0;

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        if (all[i].value)
            ret[count++] = all[i];
    ret[count] = (struct domains_param){NULL, NULL};
    return count;
}

static char *append(char *link, const char *name, const char *value)
{
    if (!link)
        return NULL;
    link = talloc_asprintf_append(link, "%s%s=", link[1] ? "&" : "", name);
    for (; link && *value; value++)
        link = talloc_asprintf_append_buffer(
            link, ascii_is_alnum((unsigned char)*value) || strchr("-._~", *value) ? "%c" : "%%%02X",
            (unsigned char)*value);
    return link;
}

char *domains_link(TALLOC_CTX *ctx, const struct domains_param *params, const char *without,
                   const char *name, const char *value)
{
    char *link = talloc_strdup(ctx, "?");

    for (; params->name; params++)
        if (!without || strcmp(params->name, without) != 0)
            link = append(link, params->name, params->value);
    return value ? append(link, name, value) : link;
}
