/* SPDX-License-Identifier: MIT */
/* http_head.c - the fields of an answer, bounded, as they came. */
#include "net/http_head.h"

#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "base/ascii.h"
#include "base/text.h"
#include "net/limits.h"

#define AGE_MAX 31536000 /* seconds: no cache keeps anything longer */

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t trimmed(const char *data, size_t length)
{
    while (length && is_space(data[length - 1]))
        length--;
    return length;
}

static char *lower(char *text)
{
    for (char *c = text; c && *c; c++)
        *c = ascii_lower(*c);
    return text;
}

static bool keep(struct https_fetch *fetch, struct bytes name, struct bytes value)
{
    char *shown = lower(text_printable(fetch, name.data, name.length, LIMIT_TEXT));
    char *copy = talloc_size(fetch, value.length + 1);

    if (!shown || !copy)
        return false;
    memcpy(copy, value.data, value.length);
    copy[value.length] = '\0';
    fetch->headers[fetch->header_count++] =
        (struct http_header){.name = shown, .value = {copy, value.length}};
    return true;
}

static bool make_room(struct https_fetch *fetch)
{
    if (!fetch->headers)
        fetch->headers = talloc_zero_array(fetch, struct http_header, LIMIT_HTTP_HEADERS);
    return fetch->headers != NULL;
}

bool http_head_line(struct https_fetch *fetch, const char *line, size_t length, bool *ret_ended)
{
    const char *colon = memchr(line, ':', length);
    size_t at;

    if (length >= 5 && memcmp(line, "HTTP/", 5) == 0)
        fetch->header_count = 0;
    if (trimmed(line, length) == 0)
        *ret_ended = true;
    if (!colon || fetch->header_count == LIMIT_HTTP_HEADERS)
        return true;
    at = (size_t)(colon - line) + 1;
    while (at < length && (line[at] == ' ' || line[at] == '\t'))
        at++;
    length = trimmed(line + at, length - at);
    return make_room(fetch) &&
           keep(fetch, (struct bytes){line, trimmed(line, (size_t)(colon - line))},
                (struct bytes){line + at, length < LIMIT_HTTP_VALUE ? length : LIMIT_HTTP_VALUE});
}

const struct http_header *http_head_find(const struct https_fetch *fetch, const char *name)
{
    for (size_t i = 0; i < fetch->header_count; i++)
        if (strcmp(fetch->headers[i].name, name) == 0)
            return &fetch->headers[i];
    return NULL;
}

static const char *text_of(const struct https_fetch *fetch, const char *name)
{
    const struct http_header *header = http_head_find(fetch, name);

    return header ? header->value.data : "";
}

bool http_head_date(const struct https_fetch *fetch, int64_t *ret)
{
    time_t date = curl_getdate(text_of(fetch, "date"), NULL);
    long long age = strtoll(text_of(fetch, "age"), NULL, 10);

    if (date <= 0 || age < 0 || age > AGE_MAX)
        return false;
    *ret = (int64_t)date + age;
    return true;
}

const char *http_head_media_type(struct https_fetch *fetch)
{
    const struct http_header *header = http_head_find(fetch, "content-type");
    char *type =
        header ? text_printable(fetch, header->value.data, header->value.length, LIMIT_TEXT) : NULL;

    if (!type)
        return NULL;
    type[strcspn(type, ";")] = '\0';
    type[trimmed(type, strlen(type))] = '\0';
    return lower(type);
}
