/* SPDX-License-Identifier: MIT */
/* json_changes.c - what changed about domains: the notes of watch, each with its domain. */
#include "render/changes.h"
#include "render/json_advisory.h"
#include "render/json_parts.h"

static struct json_object *change(TALLOC_CTX *ctx, const struct listed_change *row)
{
    struct json_object *object = json_advisory_note(ctx, &row->advisory->notes[0], row->advisory);

    json_add_text(ctx, object, "domain", row->advisory->domain);
    json_add(object, "seen_at", json_time(row->place.at));
    return object;
}

char *json_changes(TALLOC_CTX *ctx, const struct change_list *list, const char *next)
{
    struct json_object *object = json_object_new_object(), *items = json_object_new_array();

    if (!object)
        return NULL;
    for (size_t i = 0; i < list->row_count; i++)
        json_append(items, change(ctx, &list->rows[i]));
    json_add(object, "items", items);
    json_add_text(ctx, object, "next", next);
    return json_line(ctx, object);
}
