/* SPDX-License-Identifier: MIT */
/* facts_json.c - facts to JSON, by walking the tables of facts_tables.c. */
#include "facts/facts_json.h"

#include <limits.h>
#include <string.h>

#include <json-c/json.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/text.h"
#include "facts/facts_tables.h"

static struct json_object *write_struct(TALLOC_CTX *ctx, const struct facts_table *table,
                                        const void *base);

/* Hands `value` over to `object`, whatever happens. */
static bool add(struct json_object *object, const char *name, struct json_object *value)
{
    if (value && !json_object_object_add_ex(object, name, value, JSON_C_OBJECT_ADD_CONSTANT_KEY))
        return true;
    json_object_put(value);
    return false;
}

static struct json_object *write_base64(TALLOC_CTX *ctx, struct bytes bytes)
{
    char *text = base64_encode(ctx, bytes.data, bytes.length);
    struct json_object *value = text ? json_object_new_string(text) : NULL;

    talloc_free(text);
    return value;
}

static struct json_object *write_bytes(TALLOC_CTX *ctx, struct bytes bytes)
{
    struct json_object *wrapper;

    if (bytes.length > INT_MAX)
        return NULL;
    if (text_is_utf8(bytes.data, bytes.length) && !memchr(bytes.data, 0, bytes.length))
        return json_object_new_string_len(bytes.data, (int)bytes.length);
    wrapper = json_object_new_object();
    if (wrapper && !add(wrapper, "base64", write_base64(ctx, bytes))) {
        json_object_put(wrapper);
        return NULL;
    }
    return wrapper;
}

static struct json_object *write_text(TALLOC_CTX *ctx, const char *text)
{
    return write_bytes(ctx, (struct bytes){text, strlen(text)});
}

/* RFC 3339 where that can be read again, else the number of seconds. */
static struct json_object *write_time(int64_t when)
{
    char text[CLOCK_TEXT_SIZE];
    int64_t again;

    clock_format(when, text);
    if (clock_parse(text, &again) && again == when)
        return json_object_new_string(text);
    return json_object_new_int64(when);
}

static struct json_object *write_enum(const struct field_enum *type, const void *member)
{
    int value = type->get(member);

    return json_object_new_string(value < type->count ? type->names[value] : "unknown");
}

/* One element of a list: a text or a struct. */
static struct json_object *write_element(TALLOC_CTX *ctx, const struct field *field,
                                         const void *list, size_t i)
{
    if (field->kind == FIELD_TEXTS)
        return write_text(ctx, ((const char *const *)list)[i]);
    return write_struct(ctx, field->table, (const char *)list + i * field->table->size);
}

static struct json_object *write_list(TALLOC_CTX *ctx, const struct field *field, const void *list,
                                      size_t count)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; array && i < count; i++) {
        struct json_object *element = write_element(ctx, field, list, i);

        if (!element || json_object_array_add(array, element)) {
            json_object_put(element);
            json_object_put(array);
            return NULL;
        }
    }
    return array;
}

static const void *pointer_at(const void *at)
{
    return *(const void *const *)at;
}

/* "Not there" is left out. */
static bool is_absent(const struct field *field, const void *base, const void *at)
{
    switch (field->kind) {
    case FIELD_TEXT:
    case FIELD_LINK:
        return !pointer_at(at);
    case FIELD_BYTES:
    case FIELD_BINARY:
        return !((const struct bytes *)at)->data;
    case FIELD_NUMBER:
    case FIELD_TIME:
        return *(const int64_t *)at == field->absent;
    case FIELD_BOOL:
        return !*(const bool *)at;
    case FIELD_TEXTS:
    case FIELD_LIST:
        return !*(const size_t *)((const char *)base + field->count_offset);
    case FIELD_ENUM:
    case FIELD_STRUCT:
        return false;
    }
    return false;
}

static struct json_object *write_field(TALLOC_CTX *ctx, const struct field *field, const void *base,
                                       const void *at)
{
    switch (field->kind) {
    case FIELD_TEXT:
        return write_text(ctx, pointer_at(at));
    case FIELD_BYTES:
        return write_bytes(ctx, *(const struct bytes *)at);
    case FIELD_BINARY:
        return write_base64(ctx, *(const struct bytes *)at);
    case FIELD_NUMBER:
        return json_object_new_int64(*(const int64_t *)at);
    case FIELD_TIME:
        return write_time(*(const int64_t *)at);
    case FIELD_BOOL:
        return json_object_new_boolean(*(const bool *)at);
    case FIELD_ENUM:
        return write_enum(field->type, at);
    case FIELD_TEXTS:
    case FIELD_LIST:
        return write_list(ctx, field, pointer_at(at),
                          *(const size_t *)((const char *)base + field->count_offset));
    case FIELD_STRUCT:
        return write_struct(ctx, field->table, at);
    case FIELD_LINK:
        return write_struct(ctx, field->table, pointer_at(at));
    }
    return NULL;
}

static bool write_members(TALLOC_CTX *ctx, const struct facts_table *table, const void *base,
                          struct json_object *object)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct field *field = &table->fields[i];
        const void *at = (const char *)base + field->offset;

        if (!is_absent(field, base, at) &&
            !add(object, field->name, write_field(ctx, field, base, at)))
            return false;
    }
    return true;
}

static struct json_object *write_struct(TALLOC_CTX *ctx, const struct facts_table *table,
                                        const void *base)
{
    struct json_object *object = json_object_new_object();

    if (object && !write_members(ctx, table, base, object)) {
        json_object_put(object);
        return NULL;
    }
    return object;
}

enum sts_status facts_write(TALLOC_CTX *ctx, const struct facts *facts, char **ret)
{
    struct json_object *object = json_object_new_object();
    const char *text = NULL;
    char *copy = NULL;

    if (object && add(object, "format", json_object_new_string(FACTS_FORMAT)) &&
        write_members(ctx, &facts_table, facts, object))
        text = json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN |
                                                          JSON_C_TO_STRING_NOSLASHESCAPE);
    if (text)
        copy = text_json(ctx, text);
    json_object_put(object);
    if (!copy)
        return STS_E_NOMEM;
    *ret = copy;
    return STS_OK;
}
