/* SPDX-License-Identifier: MIT */
/* json_commands.c - the diagnosis commands of a domain for programs: mtasts.commands/1. */
#include "render/commands.h"
#include "render/json_parts.h"

static struct json_object *one_command(TALLOC_CTX *ctx, const struct shown_command *one)
{
    struct json_object *object = json_object_new_object();

    if (!object)
        return NULL;
    json_add(object, "command", json_string(ctx, one->command));
    json_add(object, "shows", json_string(ctx, one->shows));
    json_add(object, "expect", json_string(ctx, one->expect));
    json_add(object, "code", json_string(ctx, one->code));
    return object;
}

char *json_command_list(TALLOC_CTX *ctx, const struct command_list *list)
{
    struct json_object *object = json_begin("mtasts.commands/1");
    struct json_object *array = json_object_new_array();

    if (!object || !array) {
        json_object_put(object);
        json_object_put(array);
        return NULL;
    }
    for (size_t i = 0; i < list->count; i++)
        if (list->commands[i].command)
            json_append(array, one_command(ctx, &list->commands[i]));
    json_add(object, "domain", json_string(ctx, list->domain));
    json_add(object, "commands", array);
    return json_line(ctx, object);
}
