/* SPDX-License-Identifier: MIT */
/* exchange.c - what was asked, and the answer's way out. */
#include "serve/exchange.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/clock.h"
#include "http/accept.h"
#include "http/answer.h"
#include "http/cookie.h"
#include "http/event_stream.h"
#include "http/gzip.h"
#include "serve/exchange_work.h"
#include "serve/limits.h"
#include "serve/response.h"
#include "serve/service.h"

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

const char *exchange_id(const struct exchange *exchange)
{
    return exchange->id;
}

const char *exchange_query(const struct exchange *exchange, const char *name)
{
    return exchange->query ? http_query_get(exchange->query, name) : NULL;
}

static int64_t number_of(const char *text)
{
    return text && strspn(text, "0123456789") == strlen(text) ? strtoll(text, NULL, 10) : 0;
}

int64_t exchange_place_number(const struct exchange *exchange, const char *name)
{
    return number_of(exchange_place(exchange, name));
}

int64_t exchange_query_number(const struct exchange *exchange, const char *name)
{
    return number_of(exchange_query(exchange, name));
}

const char *exchange_form(const struct exchange *exchange, const char *name)
{
    for (size_t i = 0; i < exchange->part_count; i++)
        if (exchange->parts[i].value && strcmp(exchange->parts[i].name, name) == 0)
            return exchange->parts[i].value;
    return exchange->form ? http_query_get(exchange->form, name) : NULL;
}

const struct upload *exchange_upload(const struct exchange *exchange, const char *name)
{
    for (size_t i = 0; i < exchange->part_count; i++)
        if (!exchange->parts[i].value && strcmp(exchange->parts[i].name, name) == 0)
            return &exchange->parts[i].upload;
    return exchange->has_whole && !exchange->part_count ? &exchange->whole : NULL;
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

static char *head_of(struct exchange *exchange, const char *type, int64_t length)
{
    const struct response response = {.type = type,
                                      .kind = exchange->match.kind,
                                      .fields = exchange->fields,
                                      .field_count = exchange->field_count,
                                      .packed = exchange->packed,
                                      .strict = exchange->over_own_tls};
    struct http_answer answer = {.status = exchange->status,
                                 .request = exchange->request,
                                 .length = length,
                                 .now = clock_now(),
                                 .close = exchange->close};
    struct http_answer_form form = {0};
    char *head;

    answer.fields = response_fields(exchange, &response, &answer.field_count);
    head = answer.fields ? http_answer_head(exchange, &answer, &form) : NULL;
    exchange->chunked = form.chunked;
    exchange->bare = !form.has_body;
    exchange->close = !form.keep_alive;
    return head;
}

/* length: of the body, -1: it comes in pieces. */
static void begin(struct exchange *exchange, unsigned status, const char *type, int64_t length)
{
    bool events = type && strncmp(type, EVENT_STREAM_TYPE, strlen(EVENT_STREAM_TYPE)) == 0;
    char *head;

    exchange->status = status;
    exchange->begun = true;
    exchange->unsent_max = events ? LIMIT_STREAM : LIMIT_PIECES;
    head = head_of(exchange, type, length);
    if (head)
        put(exchange, bytes_of(head));
    else
        exchange->outlet.broken(exchange->outlet.arg);
}

/* Where somebody is signed in, pages hold a token beside what others may choose: the length of what
 * is packed would give it away (BREACH). */
static bool may_pack(const struct exchange *exchange)
{
    return exchange->match.kind != ROUTE_PAGE || !http_request_field(exchange->request, "cookie");
}

static struct bytes packed(struct exchange *exchange, const char *type, struct bytes body)
{
    struct bytes smaller;

    if (!type || !http_gzip_worth(type, body.length) || !may_pack(exchange) ||
        !http_accept_gzip(http_request_field(exchange->request, "accept-encoding")) ||
        !http_gzip(exchange, body, &smaller))
        return body;
    exchange->packed = true;
    return smaller;
}

void exchange_answer(struct exchange *exchange, unsigned status, const char *type,
                     struct bytes body)
{
    if (is_over(exchange) || exchange->begun)
        return;
    body = packed(exchange, type, body);
    begin(exchange, status, type, (int64_t)body.length);
    if (!exchange->bare) {
        put(exchange, body);
        exchange->sent += (int64_t)body.length;
    }
    end(exchange);
}

/* What comes behind the base of the service, and so stays on it: "//host" and "/\host" would be
 * other places to a browser. */
static const char *below_base(const char *path)
{
    path += strspn(path, "/");
    return *path == '\\' ? "" : path;
}

void exchange_redirect(struct exchange *exchange, const char *path)
{
    char *where = talloc_asprintf(exchange, "%s%s", exchange->service->base_path, below_base(path));

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
    char size[HTTP_CHUNK_SIZE];

    if (is_over(exchange) || exchange->bare || !piece.length)
        return;
    if (exchange->chunked)
        put(exchange, (struct bytes){size, http_chunk_begin(piece.length, size)});
    put(exchange, piece);
    exchange->sent += (int64_t)piece.length;
    if (exchange->chunked)
        put(exchange, bytes_of(HTTP_CHUNK_END));
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
        put(exchange, bytes_of(HTTP_CHUNK_LAST));
    end(exchange);
}

void exchange_when_stopping(struct exchange *exchange, void (*stopping)(void *arg), void *arg)
{
    exchange->stopping = stopping;
    exchange->stopping_arg = arg;
}

/* ---- addresses and cookies ------------------------------------------------------------------- */

char *exchange_address(struct exchange *exchange, const char *path)
{
    const struct service *service = exchange->service;
    const char *host = http_request_field(exchange->request, "host");
    const char *below = below_base(path);

    if (*service->origin)
        return talloc_asprintf(exchange, "%s%s%s", service->origin, service->base_path, below);
    return talloc_asprintf(exchange, "%s://%s%s%s", exchange->visitor.over_tls ? "https" : "http",
                           host ? host : "localhost", service->base_path, below);
}

const char *exchange_cookie(const struct exchange *exchange, const char *name)
{
    return http_cookie(exchange->request, exchange->request, name);
}

void exchange_set_cookie(struct exchange *exchange, const char *name, const char *value,
                         int64_t seconds)
{
    int64_t max_age = seconds ? seconds : -1;
    char *text =
        http_set_cookie(exchange, &(struct http_cookie){.name = name,
                                                        .value = seconds < 0 ? "" : value,
                                                        .path = exchange->service->base_path,
                                                        .max_age = seconds < 0 ? 0 : max_age,
                                                        .secure = exchange->visitor.over_tls});

    if (text)
        exchange_field(exchange, "Set-Cookie", text);
    else
        exchange->outlet.broken(exchange->outlet.arg);
}
