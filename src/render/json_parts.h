/* SPDX-License-Identifier: MIT */
/* json_parts.h - what the writers of JSON share; private to render/.
 *
 * Memory that ran out leaves a null or a gap, never a crash. */
#ifndef RENDER_JSON_PARTS_H
#define RENDER_JSON_PARTS_H

#include <json-c/json.h>
#include <talloc.h>

#include "rules/rules.h"

struct report_rejected;

/* NULL, JSON's null, where the text is NULL; well-formed UTF-8 whatever it was. */
struct json_object *json_string(TALLOC_CTX *ctx, const char *text);
/* "2026-11-23T15:00:00Z" */
struct json_object *json_time(int64_t seconds);
struct json_object *json_texts(TALLOC_CTX *ctx, const char *const *list, size_t count);
/* Of a list that ends with NULL, or is NULL. */
struct json_object *json_list(TALLOC_CTX *ctx, char *const *list);
/* "a|b" as ["a","b"]. */
struct json_object *json_split(const char *list);

/* The value may be NULL, JSON's null; it is taken over. */
void json_add(struct json_object *object, const char *name, struct json_object *value);
void json_add_text(TALLOC_CTX *ctx, struct json_object *object, const char *name, const char *text);
void json_add_number(struct json_object *object, const char *name, int64_t number);
void json_append(struct json_object *array, struct json_object *value);

/* An object with its member "format"; NULL: no memory. */
struct json_object *json_begin(const char *format);
/* The object as a line without its end; consumed. */
char *json_line(TALLOC_CTX *ctx, struct json_object *object);

/* ---- parts of several formats ---------------------------------------------------------------- */

struct json_object *json_findings(TALLOC_CTX *ctx, const struct finding *list, size_t count);
/* Reports that were turned away. */
struct json_object *json_rejected(TALLOC_CTX *ctx, const struct report_rejected *list,
                                  size_t count);

#endif
