/* SPDX-License-Identifier: MIT */
/* json_parts.h - what the writers of JSON share; private to render/. */
#ifndef RENDER_JSON_PARTS_H
#define RENDER_JSON_PARTS_H

#include <talloc.h>

#include "rules/rules.h"

struct json_object;
struct report_rejected;

/* NULL, JSON's null, where the text is NULL; well-formed UTF-8 whatever it was. */
struct json_object *json_string(TALLOC_CTX *ctx, const char *text);
struct json_object *json_findings(TALLOC_CTX *ctx, const struct finding *list, size_t count);
/* Of a list that ends with NULL. */
struct json_object *json_list(TALLOC_CTX *ctx, char *const *list);
/* "a|b" as ["a","b"]. */
struct json_object *json_split(const char *list);
/* Reports that were turned away. */
struct json_object *json_rejected(TALLOC_CTX *ctx, const struct report_rejected *list,
                                  size_t count);
/* The object as a line without its end; consumed. */
char *json_line(TALLOC_CTX *ctx, struct json_object *object);

#endif
