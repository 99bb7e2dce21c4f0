/* SPDX-License-Identifier: MIT */
/* json_write.c - JSON written into memory. */
#include "base/json_write.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

static void put(struct json_writer *json, const char *data, size_t length)
{
    if (json->size - json->length < length) {
        size_t size = 2 * json->size + length + 256;
        char *text = talloc_realloc(json->ctx, json->text, char, size);

        if (!text) {
            json->no_memory = true;
            return;
        }
        json->text = text;
        json->size = size;
    }
    memcpy(json->text + json->length, data, length);
    json->length += length;
}

static void put_escaped(struct json_writer *json, unsigned char c)
{
    char escape[8];

    if (c == '"' || c == '\\')
        snprintf(escape, sizeof(escape), "\\%c", c);
    else
        snprintf(escape, sizeof(escape), "\\u%04x", c);
    put(json, escape, strlen(escape));
}

static void put_string(struct json_writer *json, const char *text)
{
    put(json, "\"", 1);
    while (*text) {
        size_t plain = 0;

        while ((unsigned char)text[plain] >= ' ' && text[plain] != '"' && text[plain] != '\\')
            plain++;
        put(json, text, plain);
        text += plain;
        if (*text)
            put_escaped(json, (unsigned char)*text++);
    }
    put(json, "\"", 1);
}

/* What stands in front of a value. */
static void put_name(struct json_writer *json, const char *name)
{
    const char *last = json->length ? &json->text[json->length - 1] : "[";

    if (*last != '{' && *last != '[')
        put(json, ",", 1);
    if (!name)
        return;
    put_string(json, name);
    put(json, ":", 1);
}

void json_write_begin(struct json_writer *json, const char *name, char bracket)
{
    put_name(json, name);
    put(json, &bracket, 1);
}

void json_write_end(struct json_writer *json, char bracket)
{
    put(json, &bracket, 1);
}

void json_write_string(struct json_writer *json, const char *name, const char *text)
{
    put_name(json, name);
    put_string(json, text);
}

void json_write_integer(struct json_writer *json, const char *name, int64_t number)
{
    char digits[24];

    put_name(json, name);
    snprintf(digits, sizeof(digits), "%" PRId64, number);
    put(json, digits, strlen(digits));
}

void json_write_null(struct json_writer *json, const char *name)
{
    put_name(json, name);
    put(json, "null", strlen("null"));
}

void json_write_bool(struct json_writer *json, const char *name, bool yes)
{
    const char *word = yes ? "true" : "false";

    put_name(json, name);
    put(json, word, strlen(word));
}

void json_write_time(struct json_writer *json, const char *name, int64_t when)
{
    char text[CLOCK_TEXT_SIZE];

    clock_format(when, text);
    json_write_string(json, name, text);
}

void json_write_time_if(struct json_writer *json, const char *name, int64_t when)
{
    if (when)
        json_write_time(json, name, when);
}

void json_write_time_or_null(struct json_writer *json, const char *name, int64_t when)
{
    if (when)
        json_write_time(json, name, when);
    else
        json_write_null(json, name);
}
