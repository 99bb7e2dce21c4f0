/* SPDX-License-Identifier: MIT */
/* domains_query.h - which domains are asked for: the parameters that the page, its forms, the API
 * and the CSV file share; private to serve/. */
#ifndef SERVE_DOMAINS_QUERY_H
#define SERVE_DOMAINS_QUERY_H

#include "accounts/account.h"
#include "history/domain_list.h"

struct exchange;

#define DOMAINS_PAGE 50 /* rows of a page, and of the API where it does not say */

typedef const char *(*domains_param_fn)(const struct exchange *exchange, const char *name);

/* What whoever asks sees, or may change: with a token that of its group.  group: one that they
 * chose, 0: none.  False: it is none of theirs. */
bool domains_sight(const struct exchange *exchange, int64_t group, enum store_role least,
                   struct store_sight *ret);
/* Out of exchange_query() or exchange_form().  Owned by the exchange.  False: it was answered. */
bool domains_query_read(struct exchange *exchange, domains_param_fn param, enum store_role least,
                        struct store_list_request *ret);

/* The parameters of the filter, without the order: name and value, up to a name that is NULL. */
struct domains_param {
    const char *name, *value;
};
#define DOMAINS_PARAMS_MAX 9
size_t domains_params(TALLOC_CTX *ctx, const struct store_list_filter *filter,
                      struct domains_param ret[DOMAINS_PARAMS_MAX]);
/* "?verdict=ok&q=a%26b" of such a list, without the one of that name (NULL: with all of them), and
 * with another one behind (its value NULL: none).  "?" where nothing is left. */
char *domains_link(TALLOC_CTX *ctx, const struct domains_param *params, const char *without,
                   const char *name, const char *value);

#endif
