/* SPDX-License-Identifier: MIT */
/* json_explain.c - an entry of the knowledge base for programs: mtasts.explain/1. */
#include <json-c/json.h>

#include "render/json.h"
#include "render/json_parts.h"

/* Adds what may be null; takes the value over. */
static void add(struct json_object *object, const char *name, struct json_object *value)
{
    if (json_object_object_add(object, name, value))
        json_object_put(value);
}

/* NONE: cannot occur in that mode. */
static void add_severity(TALLOC_CTX *ctx, struct json_object *object, const char *mode,
                         enum severity severity)
{
    add(object, mode, severity == SEVERITY_NONE ? NULL : json_string(ctx, severity_name(severity)));
}

static struct json_object *severity_of(TALLOC_CTX *ctx, const struct entry *entry)
{
    struct json_object *object = json_object_new_object();

    if (object) {
        add_severity(ctx, object, "enforce", entry->enforce);
        add_severity(ctx, object, "testing", entry->testing);
        add_severity(ctx, object, "otherwise", entry->otherwise);
    }
    return object;
}

char *json_explain(TALLOC_CTX *ctx, const struct entry *entry)
{
    struct json_object *object = json_object_new_object();

    if (!object)
        return NULL;
    add(object, "format", json_string(ctx, "mtasts.explain/1"));
    add(object, "code", json_string(ctx, entry->code));
    add(object, "kind", json_string(ctx, entry->kind));
    add(object, "group", json_string(ctx, entry->group));
    add(object, "severity", severity_of(ctx, entry));
    add(object, "title", json_string(ctx, entry->title));
    add(object, "meaning", json_string(ctx, entry->meaning));
    add(object, "causes", json_list(ctx, entry->causes));
    add(object, "commands", json_list(ctx, entry->commands));
    add(object, "fix", json_list(ctx, entry->fix));
    add(object, "senders", json_list(ctx, entry->differs));
    add(object, "result_types", json_split(entry->result_types));
    add(object, "findings", json_list(ctx, entry->findings));
    add(object, "topics", json_list(ctx, entry->topics));
    add(object, "spec", json_string(ctx, entry->spec));
    return json_line(ctx, object);
}
