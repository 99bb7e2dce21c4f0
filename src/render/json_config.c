/* SPDX-License-Identifier: MIT */
/* json_config.c - what is configured, for programs: mtasts.config/1. */
#include "render/config_page.h"
#include "render/json_parts.h"

static const char *const origins[] = {
    [CONFIG_DEFAULT] = "default",
    [CONFIG_FILE] = "file",
    [CONFIG_ENVIRONMENT] = "environment",
};

static struct json_object *one_file(TALLOC_CTX *ctx, const struct config_page_file *file)
{
    struct json_object *object = json_object_new_object();

    if (!object)
        return NULL;
    json_add_text(ctx, object, "path", file->path);
    json_add(object, "read", json_object_new_boolean(file->read));
    return object;
}

static struct json_object *one_row(TALLOC_CTX *ctx, const struct config_row *row)
{
    struct json_object *object = json_object_new_object();

    if (!object)
        return NULL;
    json_add_text(ctx, object, "key", row->key);
    json_add(object, "value", json_string(ctx, row->value));
    json_add(object, "section", json_string(ctx, row->section));
    json_add_text(ctx, object, "origin", origins[row->origin]);
    json_add(object, "where", json_string(ctx, row->where));
    return object;
}

char *json_config(TALLOC_CTX *ctx, const struct config_page *page)
{
    struct json_object *object = json_begin("mtasts.config/1");
    struct json_object *files = json_object_new_array(), *settings = json_object_new_array();

    if (!object || !files || !settings) {
        json_object_put(object);
        json_object_put(files);
        json_object_put(settings);
        return NULL;
    }
    for (size_t i = 0; i < page->file_count; i++)
        json_append(files, one_file(ctx, &page->files[i]));
    for (size_t i = 0; i < page->count; i++)
        json_append(settings, one_row(ctx, &page->rows[i]));
    json_add(object, "files", files);
    json_add(object, "settings", settings);
    return json_line(ctx, object);
}
