/* SPDX-License-Identifier: MIT */
/* json_explain.c - an entry of the knowledge base for programs: mtasts.explain/1. */
#include "render/json.h"
#include "render/json_parts.h"

/* NONE: cannot occur in that mode. */
static void add_severity(TALLOC_CTX *ctx, struct json_object *object, const char *mode,
                         enum severity severity)
{
    json_add(object, mode,
             severity == SEVERITY_NONE ? NULL : json_string(ctx, severity_name(severity)));
}

static struct json_object *severity_of(TALLOC_CTX *ctx, const struct kb_entry *entry)
{
    struct json_object *object = json_object_new_object();

    if (object) {
        add_severity(ctx, object, "enforce", entry->enforce);
        add_severity(ctx, object, "testing", entry->testing);
        add_severity(ctx, object, "otherwise", entry->otherwise);
    }
    return object;
}

char *json_explain(TALLOC_CTX *ctx, const struct kb_entry *entry)
{
    struct json_object *object = json_begin("mtasts.explain/1");

    if (!object)
        return NULL;
    json_add(object, "code", json_string(ctx, entry->code));
    json_add(object, "kind", json_string(ctx, entry->kind));
    json_add(object, "group", json_string(ctx, entry->group));
    json_add(object, "severity", severity_of(ctx, entry));
    json_add(object, "title", json_string(ctx, entry->title));
    json_add(object, "meaning", json_string(ctx, entry->meaning));
    json_add(object, "causes", json_list(ctx, entry->causes));
    json_add(object, "commands", json_list(ctx, entry->commands));
    json_add(object, "fix", json_list(ctx, entry->fix));
    json_add(object, "senders", json_list(ctx, entry->differs));
    json_add(object, "result_types", json_split(entry->result_types));
    json_add(object, "findings", json_list(ctx, entry->findings));
    json_add(object, "topics", json_list(ctx, entry->topics));
    json_add(object, "spec", json_string(ctx, entry->spec));
    return json_line(ctx, object);
}
