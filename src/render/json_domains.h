/* SPDX-License-Identifier: MIT */
/* json_domains.h - the domains that somebody sees as JSON (schema/api/domain.json). */
#ifndef RENDER_JSON_DOMAINS_H
#define RENDER_JSON_DOMAINS_H

#include "base/json_write.h"
#include "history/domain_list.h"

/* name: of the member, NULL: an element, or the whole. */
void json_domain(struct json_writer *json, const char *name, const struct domain_list_row *row);

#endif
