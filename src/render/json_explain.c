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

static struct json_object *severity_of(TALLOC_CTX *ctx, enum severity enforce,
                                       enum severity testing, enum severity otherwise)
{
    struct json_object *object = json_object_new_object();

    if (object) {
        add_severity(ctx, object, "enforce", enforce);
        add_severity(ctx, object, "testing", testing);
        add_severity(ctx, object, "otherwise", otherwise);
    }
    return object;
}

/* Only where the topic has it. */
static void add_types(TALLOC_CTX *ctx, struct json_object *object, const struct kb_entry *entry)
{
    struct json_object *list = entry->type_count ? json_object_new_array() : NULL;

    for (size_t i = 0; list && i < entry->type_count; i++) {
        const struct kb_entry_type *type = &entry->types[i];
        struct json_object *row = json_object_new_object();

        json_add(row, "code", json_string(ctx, type->code));
        json_add(row, "severity", severity_of(ctx, type->enforce, type->testing, type->otherwise));
        json_add(row, "title", json_string(ctx, type->title));
        json_object_array_add(list, row);
    }
    if (list)
        json_add(object, "types", list);
}

static void add_sample(TALLOC_CTX *ctx, struct json_object *object, const struct kb_entry *entry)
{
    struct json_object *list = entry->sample_count ? json_object_new_array() : NULL;

    for (size_t i = 0; list && i < entry->sample_count; i++) {
        const struct kb_entry_sample_line *line = &entry->sample[i];
        struct json_object *row = json_object_new_object();

        json_add(row, "text", json_string(ctx, line->text));
        json_add(row, "note", line->note ? json_string(ctx, line->note) : NULL);
        json_object_array_add(list, row);
    }
    if (list)
        json_add(object, "sample", list);
}

char *json_explain(TALLOC_CTX *ctx, const struct kb_entry *entry)
{
    struct json_object *object = json_begin("mtasts.explain/1");

    if (!object)
        return NULL;
    json_add(object, "code", json_string(ctx, entry->code));
    json_add(object, "kind", json_string(ctx, entry->kind));
    json_add(object, "group", json_string(ctx, entry->group));
    json_add(object, "severity",
             severity_of(ctx, entry->enforce, entry->testing, entry->otherwise));
    json_add(object, "title", json_string(ctx, entry->title));
    json_add(object, "meaning", json_string(ctx, entry->meaning));
    json_add(object, "causes", json_list(ctx, entry->causes));
    json_add(object, "commands", json_list(ctx, entry->commands));
    json_add(object, "fix", json_list(ctx, entry->fix));
    json_add(object, "senders", json_list(ctx, entry->differs));
    json_add(object, "result_types", json_split(entry->result_types));
    json_add(object, "findings", json_list(ctx, entry->findings));
    json_add(object, "topics", json_list(ctx, entry->topics));
    json_add(object, "variants", json_list(ctx, entry->variants));
    add_types(ctx, object, entry);
    add_sample(ctx, object, entry);
    json_add(object, "spec", json_string(ctx, entry->spec));
    return json_line(ctx, object);
}
