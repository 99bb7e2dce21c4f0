/* SPDX-License-Identifier: MIT */
/* test_shapes_read.c - see test_shapes.h. */
#include "http/test_shapes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "http/grammar.h"

#define BODY_MAX 1000

/* ---- the table ------------------------------------------------------------------------------- */

static char *read_table(TALLOC_CTX *ctx)
{
    const char *root = getenv("SOURCE_ROOT");
    char *path = talloc_asprintf(ctx, "%s/src/http/shapes.tsv", root ? root : ".");
    FILE *file = fopen(path, "rb");
    char *text = talloc_zero_size(ctx, 1 << 20);

    if (!file || fread(text, 1, (1 << 20) - 1, file) == 0) {
        perror(path);
        exit(1);
    }
    fclose(file);
    return text;
}

static char *append(char *to, size_t *length, const char *data, size_t more)
{
    to = talloc_realloc(NULL, to, char, *length + more + 1);
    memcpy(to + *length, data, more);
    *length += more;
    return to;
}

static char unescape(const char **at)
{
    static const char plain[] = "r\rn\nt\t0\0\\\\\"\"";
    const char *found = memchr(plain, (*at)[1], sizeof(plain) - 1);
    char c;

    if ((*at)[1] == 'x') {
        c = (char)(http_hex((unsigned char)(*at)[2]) * 16 + http_hex((unsigned char)(*at)[3]));
        *at += 4;
    } else {
        c = found[1];
        *at += 2;
    }
    return c;
}

static char *decode(const char *text, const char *end, size_t *ret_length)
{
    char *to = talloc_array(NULL, char, 1);

    *ret_length = 0;
    while (text < end) {
        char c = *text;

        if (c == '\\') {
            c = unescape(&text);
            to = append(to, ret_length, &c, 1);
        } else if (c == '<') {
            char *rest;
            long times = strtol(text + 1, &rest, 10);
            const char *close = strchr(rest, '>');
            size_t length;
            char *part = decode(rest + 1, close, &length);

            while (times-- > 0)
                to = append(to, ret_length, part, length);
            talloc_free(part);
            text = close + 1;
        } else {
            to = append(to, ret_length, text++, 1);
        }
    }
    return to;
}

struct shape *shapes_read(TALLOC_CTX *ctx, size_t *ret_count)
{
    char *line, *rest = read_table(ctx);
    struct shape *shapes = NULL;

    *ret_count = 0;
    while ((line = strsep(&rest, "\n"))) {
        struct shape *shape;
        char *text;

        if (*line == '#' || !*line)
            continue;
        shape = array_grow(ctx, &shapes, ret_count, sizeof(*shapes));
        shape->name = strsep(&line, "\t");
        shape->answers = strsep(&line, "\t");
        text = decode(line, line + strlen(line), &shape->text.length);
        shape->text.data = talloc_steal(ctx, text);
    }
    return shapes;
}

/* ---- events ---------------------------------------------------------------------------------- */

static char *put_head(char *to, const struct http_request *request)
{
    char *path = text_printable(to, request->path, strlen(request->path), 60);

    return talloc_asprintf_append_buffer(
        to,
        "head: method %d, version 1.%d, path %s, query %s, host %s, fields %zu, length %lld%s%s\n",
        (int)request->method, request->minor, path, request->query, request->host,
        request->field_count, (long long)request->length, request->keep_alive ? ", keep alive" : "",
        request->expects_continue ? ", expects 100" : "");
}

static char *put_body(char *to, char **body)
{
    if (**body) {
        to = talloc_asprintf_append_buffer(to, "body: %s\n", *body);
        **body = '\0';
    }
    return to;
}

static char *put_event(char *to, char **body, const struct http_event *event)
{
    if (event->kind != HTTP_EVENT_BODY && event->kind != HTTP_EVENT_MORE)
        to = put_body(to, body);
    switch (event->kind) {
    case HTTP_EVENT_HEAD:
        return put_head(to, event->request);
    case HTTP_EVENT_BODY:
        *body = talloc_strndup_append(*body, event->piece.data, event->piece.length);
        return to;
    case HTTP_EVENT_END:
        return talloc_strdup_append_buffer(to, "end\n");
    case HTTP_EVENT_ERROR:
        return talloc_asprintf_append_buffer(to, "%u: %s\n", event->fault.status, event->fault.why);
    default:
        return to;
    }
}

char *shape_events(TALLOC_CTX *ctx, struct bytes text, shape_piece *piece, void *arg)
{
    static const char *const phases[] = {"idle", "in a head", "in a body", "over"};
    struct http_engine *engine = http_engine_new(ctx);
    char *to = talloc_strdup(ctx, ""), *body = talloc_strdup(ctx, "");
    struct http_event event = {0};

    while (text.length && event.kind != HTTP_EVENT_ERROR) {
        struct bytes input = {text.data, piece(arg, text.length)};

        text = bytes_from(text, input.length);
        do {
            event = http_engine_next(engine, &input);
            to = put_event(to, &body, &event);
            if (event.kind == HTTP_EVENT_HEAD)
                (void)http_engine_allow(engine, BODY_MAX);
        } while (event.kind != HTTP_EVENT_MORE && event.kind != HTTP_EVENT_ERROR);
    }
    to = put_body(to, &body);
    to = talloc_asprintf_append_buffer(to, "%s\n", phases[http_engine_phase(engine)]);
    talloc_free(engine);
    return to;
}
