/* SPDX-License-Identifier: MIT */
/* domain_parts.h - what the files that fill the page of a domain share; private to pages/. */
#ifndef PAGES_DOMAIN_PARTS_H
#define PAGES_DOMAIN_PARTS_H

#include "pages/domain.h"

/* domain_filters.c */
void domain_filters(TALLOC_CTX *ctx, struct domain_page *page, const struct domain_summary *summary,
                    const struct report_pick *pick, const struct domain_names *names);
/* domain_past.c */
void domain_senders(TALLOC_CTX *ctx, struct domain_page *page,
                    const struct domain_summary *summary);
void domain_changes(TALLOC_CTX *ctx, struct domain_page *page, const struct domain_summary *summary,
                    size_t most);
void domain_certificates(TALLOC_CTX *ctx, struct domain_page *page,
                         const struct domain_summary *summary, size_t most);
void domain_policies(TALLOC_CTX *ctx, struct domain_page *page,
                     const struct domain_summary *summary);

#endif
