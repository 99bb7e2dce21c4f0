/* SPDX-License-Identifier: MIT */
/* json_ingest.c - what became of reports that were put into the store: format mtasts.ingest/1. */
#include "render/ingest.h"

#include <json-c/json.h>

#include "render/json_parts.h"

static void add(struct json_object *object, const char *name, struct json_object *value)
{
    if (json_object_object_add(object, name, value))
        json_object_put(value);
}

static void add_number(struct json_object *object, const char *name, size_t number)
{
    add(object, name, json_object_new_int64((int64_t)number));
}

char *json_ingest(TALLOC_CTX *ctx, const struct ingest_page *page)
{
    struct json_object *object = json_object_new_object();

    if (!object)
        return NULL;
    add(object, "format", json_object_new_string("mtasts.ingest/1"));
    add(object, "store", json_string(ctx, page->store));
    add(object, "complete", json_object_new_boolean(page->complete));
    add_number(object, "new", page->added);
    add_number(object, "duplicates", page->duplicates);
    add_number(object, "revisions", page->revisions);
    add_number(object, "rejected_count", page->rejected_count);
    add(object, "rejected", json_rejected(ctx, page->rejected, page->listed));
    add_number(object, "other_mails", page->other_mails);
    return json_line(ctx, object);
}
