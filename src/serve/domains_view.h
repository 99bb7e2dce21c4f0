/* SPDX-License-Identifier: MIT */
/* domains_view.h - the list of domains in words, for pages; private to serve/. */
#ifndef SERVE_DOMAINS_VIEW_H
#define SERVE_DOMAINS_VIEW_H

#include "history/domain_list.h"
#include "pages/domains.h"
#include "serve/domains_query.h"

/* Owned by ctx; NULL: no memory. */
struct domains_row *domains_view_rows(TALLOC_CTX *ctx, const struct domain_list *list,
                                      bool with_group);
struct domains_head *domains_view_heads(TALLOC_CTX *ctx, const struct domains_param *params,
                                        struct store_list_order order, size_t *ret_count);
struct choice *domains_view_verdicts(TALLOC_CTX *ctx, const char *chosen, size_t *ret_count);
struct choice *domains_view_postures(TALLOC_CTX *ctx, const char *chosen, size_t *ret_count);
struct choice *domains_view_tags(TALLOC_CTX *ctx, const struct domain_list *list,
                                 size_t *ret_count);
/* Of these groups, those in which the role is so high; "" first where `any`. */
struct access_list;
struct choice *domains_view_groups(TALLOC_CTX *ctx, const struct access_list *groups,
                                   int64_t chosen, enum store_role least, bool any,
                                   size_t *ret_count);
struct domains_narrowing *domains_view_narrowings(TALLOC_CTX *ctx,
                                                  const struct domains_param *params,
                                                  const struct choice *groups, size_t group_count,
                                                  size_t *ret_count);

#endif
