/* SPDX-License-Identifier: MIT */
/* fuzz_request.c - requests of a client, whatever their bytes: as a whole and in pieces they make
 * the same events, and what is given out keeps what http/request.h promises. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "http/engine.h"
#include "http/limits.h"

#define BODY_MAX 3000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void check_text(const char *text, bool value)
{
    for (; *text; text++)
        must(((unsigned char)*text >= 0x20 && *text != 0x7f) || (value && *text == '\t'));
}

static char *put_head(char *log, const struct http_request *request)
{
    must(request->path[0] == '/' && text_is_utf8(request->path, strlen(request->path)));
    must(!strstr(request->path, "/../") && !strstr(request->path, "/./"));
    must(*request->host && strlen(request->host) <= LIMIT_HOST);
    must(request->field_count <= LIMIT_REQUEST_FIELDS);
    check_text(request->path, false);
    check_text(request->query, false);
    log = talloc_asprintf_append_buffer(log, "%d %d %s?%s %s %lld %d %d\n", (int)request->method,
                                        request->minor, request->path, request->query,
                                        request->host, (long long)request->length,
                                        request->keep_alive, request->expects_continue);
    for (size_t i = 0; i < request->field_count; i++) {
        check_text(request->fields[i].value, true);
        log = talloc_asprintf_append_buffer(log, "%s: %s\n", request->fields[i].name,
                                            request->fields[i].value);
    }
    return log;
}

static char *put_event(char *log, struct http_event *event, int64_t *body)
{
    switch (event->kind) {
    case HTTP_EVENT_HEAD:
        *body = 0;
        log = put_head(log, event->request);
        talloc_free(event->request);
        return log;
    case HTTP_EVENT_BODY:
        *body += (int64_t)event->piece.length;
        must(event->piece.length && *body <= BODY_MAX);
        for (size_t i = 0; i < event->piece.length; i++)
            log = talloc_asprintf_append_buffer(log, "%02x\n", (unsigned char)event->piece.data[i]);
        return log;
    case HTTP_EVENT_END:
        return talloc_strdup_append_buffer(log, "end\n");
    case HTTP_EVENT_ERROR:
        must(event->fault.status >= 400 && event->fault.status != 503);
        return talloc_asprintf_append_buffer(log, "%u %s\n", event->fault.status, event->fault.why);
    default:
        return log;
    }
}

/* In pieces of at most `most` bytes. */
static char *events(struct bytes text, size_t most)
{
    struct http_engine *engine = http_engine_new(NULL);
    char *log = talloc_strdup(NULL, "");
    struct http_event event = {0};
    int64_t body = 0;

    while (text.length && event.kind != HTTP_EVENT_ERROR) {
        struct bytes input = {text.data, text.length < most ? text.length : most};

        text = bytes_from(text, input.length);
        do {
            event = http_engine_next(engine, &input);
            log = put_event(log, &event, &body);
            if (event.kind == HTTP_EVENT_HEAD)
                (void)http_engine_allow(engine, BODY_MAX);
            must(talloc_total_size(engine) < 3u * LIMIT_REQUEST_HEAD);
        } while (event.kind != HTTP_EVENT_MORE && event.kind != HTTP_EVENT_ERROR);
        must(event.kind == HTTP_EVENT_ERROR || input.length == 0);
    }
    talloc_free(engine);
    return log;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes text = {(const char *)data, size};
    size_t pieces[] = {1, size ? 2 + data[size / 2] % 61u : 1};
    char *whole = events(text, size + 1);

    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        char *log = events(text, pieces[i]);

        must(strcmp(log, whole) == 0);
        talloc_free(log);
    }
    talloc_free(whole);
    return 0;
}
