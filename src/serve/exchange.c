/* SPDX-License-Identifier: MIT */
/* exchange.c - what was asked, and the answer's way out. */
#include "serve/exchange.h"

#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "serve/exchange_work.h"
#include "serve/limits.h"
#include "serve/response.h"
#include "serve/service.h"
#include "serve/standin.h"

/* ---- what was asked -------------------------------------------------------------------------- */

const struct http_request *exchange_request(const struct exchange *exchange)
{
    return exchange->request;
}

const struct visitor *exchange_visitor(const struct exchange *exchange)
{
    return &exchange->visitor;
}

struct service *exchange_service(const struct exchange *exchange)
{
    return exchange->service;
}

const char *exchange_place(const struct exchange *exchange, const char *name)
{
    for (size_t i = 0; i < ROUTE_PLACES && exchange->match.places[i].name; i++)
        if (strcmp(exchange->match.places[i].name, name) == 0)
            return exchange->match.places[i].value;
    return NULL;
}

/* What is found is kept with the exchange, which is not const to its owner. */
static TALLOC_CTX *own(const struct exchange *exchange)
{
    return exchange->request;
}

const char *exchange_query(const struct exchange *exchange, const char *name)
{
    return standin_field(own(exchange), bytes_of(exchange->request->query), name);
}

const char *exchange_form(const struct exchange *exchange, const char *name)
{
    for (size_t i = 0; i < exchange->part_count; i++)
        if (exchange->parts[i].value && strcmp(exchange->parts[i].name, name) == 0)
            return exchange->parts[i].value;
    return standin_field(own(exchange), exchange->form, name);
}

const struct upload *exchange_upload(const struct exchange *exchange, const char *name)
{
    for (size_t i = 0; i < exchange->part_count; i++)
        if (!exchange->parts[i].value && strcmp(exchange->parts[i].name, name) == 0)
            return &exchange->parts[i].upload;
    return exchange->whole.fd >= 0 ? &exchange->whole : NULL;
}

struct bytes exchange_body(const struct exchange *exchange)
{
    return exchange->body;
}

/* ---- the answer ------------------------------------------------------------------------------ */

void exchange_field(struct exchange *exchange, const char *name, const char *value)
{
    struct http_field *field;

    for (const char *c = value; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return;
    field = array_grow(exchange, &exchange->fields, &exchange->field_count, sizeof(*field));
    if (field)
        *field = (struct http_field){talloc_strdup(exchange, name), talloc_strdup(exchange, value)};
    if (!field || !field->name || !field->value)
        exchange->outlet.broken(exchange->outlet.arg);
}

static bool is_over(const struct exchange *exchange)
{
    return !exchange->outlet.out;
}

static void put(struct exchange *exchange, struct bytes piece)
{
    if (!buffer_put(exchange->outlet.arg, exchange->outlet.out, piece))
        exchange->outlet.broken(exchange->outlet.arg);
}

static void end(struct exchange *exchange)
{
    void (*ended)(void *arg) = exchange->outlet.ended;

    ended(exchange->outlet.arg);
}

static void put_head(struct exchange *exchange, const char *type, int64_t length)
{
    char *head =
        response_head(exchange, &(struct response){.status = exchange->status,
                                                   .type = type,
                                                   .length = length,
                                                   .kind = exchange->match.kind,
                                                   .fields = exchange->fields,
                                                   .field_count = exchange->field_count,
                                                   .chunked = exchange->chunked,
                                                   .close = exchange->close,
                                                   .keep_alive = !exchange->request->minor});

    if (head)
        put(exchange, bytes_of(head));
    else
        exchange->outlet.broken(exchange->outlet.arg);
    talloc_free(head);
}

/* length: of the body, -1: it comes in pieces. */
static void begin(struct exchange *exchange, unsigned status, const char *type, int64_t length)
{
    bool events = type && strncmp(type, "text/event-stream", 17) == 0;

    exchange->status = status;
    exchange->begun = true;
    exchange->unsent_max = events ? LIMIT_STREAM : LIMIT_PIECES;
    exchange->chunked = length < 0 && exchange->request->minor > 0;
    exchange->close |= length < 0 && !exchange->chunked;
    exchange->bare = exchange->request->method == HTTP_HEAD || status == 204 || status == 304;
    put_head(exchange, type, length);
}

void exchange_answer(struct exchange *exchange, unsigned status, const char *type,
                     struct bytes body)
{
    if (is_over(exchange) || exchange->begun)
        return;
    begin(exchange, status, type, (int64_t)body.length);
    if (!exchange->bare)
        put(exchange, body);
    end(exchange);
}

void exchange_redirect(struct exchange *exchange, const char *path)
{
    char *where = talloc_asprintf(exchange, "%s%s", exchange->service->base_path,
                                  *path == '/' ? path + 1 : path);

    exchange_field(exchange, "Location", where ? where : "/");
    exchange_answer(exchange, 303, NULL, (struct bytes){"", 0});
}

void exchange_begin(struct exchange *exchange, unsigned status, const char *type)
{
    if (is_over(exchange) || exchange->begun)
        return;
    begin(exchange, status, type, -1);
    exchange->outlet.put(exchange->outlet.arg);
}

void exchange_write(struct exchange *exchange, struct bytes piece)
{
    char size[32];

    if (is_over(exchange) || exchange->bare || !piece.length)
        return;
    if (exchange->chunked) {
        snprintf(size, sizeof(size), "%zx\r\n", piece.length);
        put(exchange, bytes_of(size));
    }
    put(exchange, piece);
    if (exchange->chunked)
        put(exchange, bytes_of("\r\n"));
    if (exchange_unsent(exchange) > exchange->unsent_max)
        exchange->outlet.broken(exchange->outlet.arg);
    else
        exchange->outlet.put(exchange->outlet.arg);
}

size_t exchange_unsent(const struct exchange *exchange)
{
    return is_over(exchange) ? 0 : buffer_held(exchange->outlet.out).length;
}

void exchange_when_sent(struct exchange *exchange, void (*ready)(void *arg), void *arg)
{
    if (is_over(exchange))
        return;
    exchange->ready = ready;
    exchange->ready_arg = arg;
    exchange->outlet.put(exchange->outlet.arg);
}

void exchange_end(struct exchange *exchange)
{
    if (is_over(exchange))
        return;
    if (exchange->chunked && !exchange->bare)
        put(exchange, bytes_of("0\r\n\r\n"));
    end(exchange);
}
