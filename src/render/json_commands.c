/* SPDX-License-Identifier: MIT */
/* json_commands.c - the diagnosis commands of a domain for programs: mtasts.commands/1. */
#include <json-c/json.h>

#include "render/commands.h"
#include "render/json_parts.h"

/* Adds what may be null; takes the value over. */
static void add(struct json_object *object, const char *name, struct json_object *value)
{
    if (json_object_object_add(object, name, value))
        json_object_put(value);
}

static struct json_object *one_command(TALLOC_CTX *ctx, const struct shown_command *one)
{
    struct json_object *object = json_object_new_object();

    if (!object)
        return NULL;
    add(object, "command", json_string(ctx, one->command));
    add(object, "shows", json_string(ctx, one->shows));
    add(object, "expect", json_string(ctx, one->expect));
    add(object, "code", json_string(ctx, one->code));
    return object;
}

char *json_command_list(TALLOC_CTX *ctx, const struct command_list *list)
{
    struct json_object *object = json_object_new_object();
    struct json_object *array = json_object_new_array();

    if (!object || !array) {
        json_object_put(object);
        json_object_put(array);
        return NULL;
    }
    for (size_t i = 0; i < list->count; i++)
        if (list->commands[i].command)
            json_object_array_add(array, one_command(ctx, &list->commands[i]));
    add(object, "format", json_string(ctx, "mtasts.commands/1"));
    add(object, "domain", json_string(ctx, list->domain));
    add(object, "commands", array);
    return json_line(ctx, object);
}
