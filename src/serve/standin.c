/* SPDX-License-Identifier: MIT */
/* standin.c - see standin.h. */
#include "serve/standin.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"

#define HEAD_MAX 16384

static char *decode(TALLOC_CTX *ctx, const char *text, size_t length, bool plus)
{
    char *out = talloc_array(ctx, char, length + 1), *at = out;

    for (size_t i = 0; out && i < length; i++) {
        char hex[3] = {0};

        if (text[i] == '%' && i + 2 < length && isxdigit((unsigned char)text[i + 1]) &&
            isxdigit((unsigned char)text[i + 2])) {
            memcpy(hex, text + i + 1, 2);
            *at++ = (char)strtoul(hex, NULL, 16);
            i += 2;
        } else
            *at++ = plus && text[i] == '+' ? ' ' : text[i];
    }
    if (out)
        *at = '\0';
    return out;
}

static enum http_method method_of(const char *name)
{
    static const char *const names[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
    int at = 0;

    while (at < HTTP_OTHER && strcmp(names[at], name) != 0)
        at++;
    return (enum http_method)at;
}

static bool read_line(struct http_request *request, char *line)
{
    char *target = strchr(line, ' ');
    char *version = target ? strchr(target + 1, ' ') : NULL;
    char *query;

    if (!version || strncmp(version + 1, "HTTP/1.", 7) != 0 || target[1] != '/')
        return false;
    *target++ = *version++ = '\0';
    request->method = method_of(line);
    request->minor = version[7] - '0';
    query = strchr(target, '?');
    if (query)
        *query = '\0';
    request->query = query ? query + 1 : "";
    request->path = decode(request, target, strlen(target), false);
    return request->path && !strstr(request->path, "..");
}

static bool read_field(struct http_request *request, char *line)
{
    char *colon = strchr(line, ':');
    struct http_field *field;

    if (!colon || colon == line)
        return false;
    *colon++ = '\0';
    colon += strspn(colon, " \t");
    for (char *c = line; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    field = array_grow(request, &request->fields, &request->field_count, sizeof(*field));
    if (field)
        *field = (struct http_field){line, colon};
    return field;
}

static bool conclude(struct http_request *request)
{
    const char *length = http_request_field(request, "content-length");
    const char *chunked = http_request_field(request, "transfer-encoding");
    const char *connection = http_request_field(request, "connection");
    const char *host = http_request_field(request, "host");
    const char *expect = http_request_field(request, "expect");
    char *own = talloc_strdup(request, host ? host : "");

    if (!own)
        return false;
    own[own[0] == '[' ? strcspn(own, "]") + (strchr(own, ']') ? 1 : 0) : strcspn(own, ":")] = 0;
    request->host = own;
    request->length = chunked ? -1 : length ? strtoll(length, NULL, 10) : 0;
    request->expects_continue = expect != NULL;
    request->keep_alive =
        request->minor ? !connection || strcasecmp(connection, "close") != 0 : false;
    return request->length >= -1;
}

unsigned standin_head(TALLOC_CTX *ctx, struct bytes in, struct http_request **ret, size_t *ret_used)
{
    const char *end = memmem(in.data, in.length, "\r\n\r\n", 4);
    struct http_request *request;
    char *text, *line;
    bool good;

    if (!end)
        return in.length > HEAD_MAX ? 431 : 0;
    request = talloc_zero(ctx, struct http_request);
    text = request ? talloc_strndup(request, in.data, (size_t)(end - in.data)) : NULL;
    line = text ? strsep(&text, "\r") : NULL;
    good = line && read_line(request, line);
    while (good && text) {
        text++;
        line = strsep(&text, "\r");
        good = read_field(request, line);
    }
    if (!good || !conclude(request)) {
        talloc_free(request);
        return 400;
    }
    *ret = request;
    *ret_used = (size_t)(end - in.data) + 4;
    return 200;
}

unsigned standin_chunk(struct standin_chunks *chunks, struct bytes in, struct bytes *ret_data,
                       size_t *ret_used)
{
    const char *end;

    *ret_data = (struct bytes){"", 0};
    *ret_used = 0;
    if (chunks->left) {
        *ret_used = in.length < (size_t)chunks->left ? in.length : (size_t)chunks->left;
        *ret_data = (struct bytes){in.data, *ret_used};
        chunks->left -= (int64_t)*ret_used;
        if (!chunks->left)
            chunks->state = 1;
        return 0;
    }
    end = memmem(in.data, in.length, "\r\n", 2);
    if (!end)
        return in.length > 1024 ? 400 : 0;
    *ret_used = (size_t)(end - in.data) + 2;
    if (chunks->state == 1) { /* the line end behind a chunk */
        chunks->state = 0;
        return *ret_used == 2 ? 0 : 400;
    }
    if (chunks->state == 2)
        return *ret_used == 2 ? 200 : 0;
    chunks->left = strtoll(in.data, NULL, 16);
    if (!chunks->left)
        chunks->state = 2;
    return chunks->left < 0 ? 400 : 0;
}

char *standin_field(TALLOC_CTX *ctx, struct bytes text, const char *name)
{
    while (text.length) {
        const char *end = memchr(text.data, '&', text.length);
        size_t length = end ? (size_t)(end - text.data) : text.length;
        const char *equals = memchr(text.data, '=', length);
        size_t key = equals ? (size_t)(equals - text.data) : length;
        char *own = decode(ctx, text.data, key, true);

        if (own && strcmp(own, name) == 0)
            return equals ? decode(ctx, equals + 1, length - key - 1, true)
                          : talloc_strdup(ctx, "");
        text.data += length + (end ? 1 : 0);
        text.length -= length + (end ? 1 : 0);
    }
    return NULL;
}

static char *parameter(TALLOC_CTX *ctx, const char *text, const char *name)
{
    char *mark = talloc_asprintf(ctx, "; %s=", name);
    const char *at = mark ? strcasestr(text, mark) : NULL;

    if (!at)
        return NULL;
    at += strlen(mark);
    return *at == '"' ? talloc_strndup(ctx, at + 1, strcspn(at + 1, "\""))
                      : talloc_strndup(ctx, at, strcspn(at, "; \r"));
}

static void read_part(TALLOC_CTX *ctx, struct bytes head, struct standin_part *part)
{
    char *text = talloc_strndup(ctx, head.data, head.length), *line;

    while (text && (line = strsep(&text, "\n"))) {
        line[strcspn(line, "\r")] = '\0';
        if (strncasecmp(line, "content-disposition:", 20) == 0) {
            part->name = parameter(ctx, line, "name");
            part->file_name = parameter(ctx, line, "filename");
        } else if (strncasecmp(line, "content-type:", 13) == 0)
            part->type = talloc_strdup(ctx, line + 13 + strspn(line + 13, " "));
    }
}

struct standin_part *standin_parts(TALLOC_CTX *ctx, struct bytes body, const char *type,
                                   size_t *ret_count)
{
    char *boundary = parameter(ctx, type, "boundary");
    char *mark = boundary ? talloc_asprintf(ctx, "--%s", boundary) : NULL;
    struct standin_part *parts = NULL, *part;
    const char *at = mark ? memmem(body.data, body.length, mark, strlen(mark)) : NULL;
    const char *end = body.data + body.length;

    *ret_count = 0;
    while (at) {
        const char *head = at + strlen(mark) + 2, *next, *content;

        if (head >= end)
            break;
        next = memmem(head, (size_t)(end - head), mark, strlen(mark));
        content = memmem(head, (size_t)(end - head), "\r\n\r\n", 4);
        if (!next || !content || content + 4 > next - 2)
            break;
        part = array_grow(ctx, &parts, ret_count, sizeof(*part));
        if (!part)
            break;
        read_part(ctx, (struct bytes){head, (size_t)(content - head)}, part);
        part->content = (struct bytes){content + 4, (size_t)(next - 2 - content - 4)};
        at = next;
    }
    return parts;
}

char *standin_cookie(TALLOC_CTX *ctx, const struct http_request *request, const char *name)
{
    const char *at = http_request_field(request, "cookie");
    size_t length = strlen(name);

    while (at && *at) {
        at += strspn(at, "; ");
        if (strncmp(at, name, length) == 0 && at[length] == '=')
            return talloc_strndup(ctx, at + length + 1, strcspn(at + length + 1, ";"));
        at += strcspn(at, ";");
    }
    return NULL;
}
