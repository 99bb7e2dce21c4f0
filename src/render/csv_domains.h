/* SPDX-License-Identifier: MIT */
/* csv_domains.h - the domains that somebody sees as CSV, page by page: what comes of it can be
 * imported again. */
#ifndef RENDER_CSV_DOMAINS_H
#define RENDER_CSV_DOMAINS_H

#include "history/domain_list.h"
#include "render/csv.h"

void csv_domains_head(struct csv_table *table);
void csv_domains_row(struct csv_table *table, const struct domain_list_row *row);

#endif
