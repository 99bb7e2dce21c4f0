/* SPDX-License-Identifier: MIT */
/* json_ingest.c - what became of reports that were put into the store: format mtasts.ingest/1. */
#include "render/ingest.h"

#include "render/json_parts.h"

char *json_ingest(TALLOC_CTX *ctx, const struct ingest_page *page)
{
    struct json_object *object = json_begin("mtasts.ingest/1");

    if (!object)
        return NULL;
    json_add(object, "store", json_string(ctx, page->store));
    json_add(object, "complete", json_object_new_boolean(page->complete));
    json_add_number(object, "new", (int64_t)page->added);
    json_add_number(object, "duplicates", (int64_t)page->duplicates);
    json_add_number(object, "revisions", (int64_t)page->revisions);
    json_add_number(object, "rejected_count", (int64_t)page->rejected_count);
    json_add(object, "rejected", json_rejected(ctx, page->rejected, page->listed));
    json_add_number(object, "other_mails", (int64_t)page->other_mails);
    return json_line(ctx, object);
}
