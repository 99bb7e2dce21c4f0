/* SPDX-License-Identifier: MIT */
/* json_parts.c - what the writers of JSON share, through json-c only. */
#include "render/json_parts.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"

/* json-c takes UTF-8 on trust; what is none must not leave here. */
struct json_object *json_string(TALLOC_CTX *ctx, const char *text)
{
    struct json_object *value;
    char *printable;

    if (!text)
        return NULL;
    if (text_is_utf8(text, strlen(text)))
        return json_object_new_string(text);
    printable = text_printable(ctx, text, strlen(text), 0);
    value = printable ? json_object_new_string(printable) : NULL;
    talloc_free(printable);
    return value;
}

struct json_object *json_time(int64_t seconds)
{
    char text[CLOCK_TEXT_SIZE];

    clock_format(seconds, text);
    return json_object_new_string(text);
}

struct json_object *json_texts(TALLOC_CTX *ctx, const char *const *list, size_t count)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; i < count; i++)
        json_append(array, json_string(ctx, list[i]));
    return array;
}

struct json_object *json_list(TALLOC_CTX *ctx, char *const *list)
{
    size_t count = 0;

    while (list && list[count])
        count++;
    return json_texts(ctx, (const char *const *)list, count);
}

struct json_object *json_split(const char *list)
{
    struct json_object *array = json_object_new_array();

    while (*list) {
        size_t length = strcspn(list, "|");

        json_append(array, json_object_new_string_len(list, (int)length));
        list += length + (list[length] == '|');
    }
    return array;
}

void json_add(struct json_object *object, const char *name, struct json_object *value)
{
    if (!object || json_object_object_add(object, name, value))
        json_object_put(value);
}

void json_add_text(TALLOC_CTX *ctx, struct json_object *object, const char *name, const char *text)
{
    json_add(object, name, json_string(ctx, text));
}

void json_add_number(struct json_object *object, const char *name, int64_t number)
{
    json_add(object, name, json_object_new_int64(number));
}

void json_append(struct json_object *array, struct json_object *value)
{
    if (!array || json_object_array_add(array, value))
        json_object_put(value);
}

struct json_object *json_begin(const char *format)
{
    struct json_object *object = json_object_new_object();

    json_add(object, "format", json_object_new_string(format));
    return object;
}

char *json_line(TALLOC_CTX *ctx, struct json_object *object)
{
    const char *text = json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN |
                                                                  JSON_C_TO_STRING_NOSLASHESCAPE);
    char *line = text ? text_json(ctx, text) : NULL;

    json_object_put(object);
    return line;
}
