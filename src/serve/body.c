/* SPDX-License-Identifier: MIT */
/* body.c - where a body is kept until it is complete. */
#include "serve/body.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/write_all.h"
#include "http/multipart.h"
#include "http/parameters.h"
#include "serve/exchange_work.h"
#include "serve/limits.h"

struct body {
    struct exchange *exchange;
    struct http_multipart *multipart; /* NULL: it has no parts */
    struct buffer memory;
    bool may_be_long; /* a file, where it is */
    int fd;           /* -1: it is in memory */
    int64_t length, limit;
};

int64_t body_limit(const struct exchange *exchange)
{
    static const int64_t defaults[] = {[ROUTE_NO_BODY] = 0,
                                       [ROUTE_FORM] = LIMIT_FORM,
                                       [ROUTE_UPLOAD] = LIMIT_UPLOAD,
                                       [ROUTE_JSON] = LIMIT_JSON};
    const struct route *route = exchange->match.route;

    if (!route)
        return 0;
    return route->body_max ? route->body_max : defaults[route->body];
}

static int body_drop(struct body *body)
{
    if (body->fd >= 0)
        close(body->fd);
    return 0;
}

const char *body_folder(void)
{
    const char *folder = getenv("TMPDIR");

    return folder && *folder ? folder : "/tmp";
}

/* What came so far goes into a file, and so will the rest. */
static bool move_to_file(struct body *body)
{
    struct bytes held = buffer_held(&body->memory);

    body->fd = open(body_folder(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (body->fd < 0 || !write_all(body->fd, held.data, held.length))
        return false;
    buffer_take(&body->memory, held.length);
    buffer_rest(&body->memory);
    return true;
}

/* False: no memory. */
static bool expect_parts(struct body *body)
{
    const char *type = http_request_field(body->exchange->request, "content-type");
    char *boundary = type ? http_multipart_boundary(body, type) : NULL;

    if (!boundary)
        return true;
    body->multipart = http_multipart_new(body, boundary);
    return body->multipart;
}

struct body *body_new(struct exchange *exchange)
{
    enum route_body kind = exchange->match.route->body;
    struct body *body = talloc_zero(exchange, struct body);
    bool good = body;

    if (!body)
        return NULL;
    *body = (struct body){.exchange = exchange,
                          .may_be_long = kind == ROUTE_UPLOAD,
                          .fd = -1,
                          .limit = body_limit(exchange)};
    talloc_set_destructor(body, body_drop);
    if (kind == ROUTE_UPLOAD || kind == ROUTE_FORM)
        good = expect_parts(body);
    if (!good)
        TALLOC_FREE(body);
    return body;
}

int64_t body_length(const struct body *body)
{
    return body->length;
}

unsigned body_take(struct body *body, struct bytes piece)
{
    struct http_fault fault = {0};

    body->length += (int64_t)piece.length;
    if (body->length > body->limit)
        return 413;
    if (body->multipart)
        fault = http_multipart_take(body->multipart, piece);
    if (fault.status)
        return fault.status;
    if (body->may_be_long && body->fd < 0 && body->length > LIMIT_SHORT && !move_to_file(body))
        return 503;
    if (body->fd >= 0)
        return write_all(body->fd, piece.data, piece.length) ? 0 : 503;
    return buffer_put(body, &body->memory, piece) ? 0 : 503;
}

/* ---- the end --------------------------------------------------------------------------------- */

/* The value of a field that is no file; NULL: no memory, or it cannot be read. */
static char *value_of(const struct body *body, const struct http_part *part)
{
    size_t length = (size_t)part->length;
    char *value;

    if (body->fd < 0)
        return talloc_strndup(body->exchange, buffer_held(&body->memory).data + part->offset,
                              length);
    if (part->length > LIMIT_FORM)
        return NULL;
    value = talloc_zero_array(body->exchange, char, length + 1);
    if (value && pread(body->fd, value, length, part->offset) != (ssize_t)length)
        TALLOC_FREE(value);
    return value;
}

/* What of the body was uploaded, the whole of it or a part. */
static struct upload upload_of(const struct body *body, int64_t offset, int64_t length)
{
    struct upload upload = {.fd = body->fd, .offset = offset, .length = length};

    if (body->fd < 0)
        upload.memory = (struct bytes){buffer_held(&body->memory).data + offset, (size_t)length};
    return upload;
}

static bool keep_part(struct body *body, const struct http_part *read)
{
    struct exchange *exchange = body->exchange;
    struct exchange_part *part =
        array_grow(exchange, &exchange->parts, &exchange->part_count, sizeof(*part));

    if (!part)
        return false;
    *part = (struct exchange_part){.name = read->name,
                                   .upload = upload_of(body, read->offset, read->length)};
    part->upload.file_name = read->file_name;
    part->upload.type = read->type;
    /* a text that is too long for a field is read as a file */
    if (read->file_name || (body->fd >= 0 && read->length > LIMIT_FORM))
        return true;
    part->value = value_of(body, read);
    return part->value;
}

static unsigned keep_parts(struct body *body)
{
    const struct http_part *parts;
    size_t count;
    struct http_fault fault = http_multipart_finish(body->multipart, &parts, &count);

    for (size_t i = 0; !fault.status && i < count; i++)
        if (!keep_part(body, &parts[i]))
            return 413;
    return fault.status;
}

static unsigned keep_form(struct body *body)
{
    struct http_query *form = NULL;
    struct http_fault fault = http_query_read(body->exchange, buffer_held(&body->memory), &form);

    body->exchange->form = form;
    return fault.status;
}

/* A form without a file may be sent to where one is expected. */
static bool is_plain_form(const struct body *body)
{
    const char *type = http_request_field(body->exchange->request, "content-type");

    return type && http_value_is(bytes_of(type), "application/x-www-form-urlencoded");
}

static unsigned keep_whole(struct body *body)
{
    struct exchange *exchange = body->exchange;
    char *room;

    exchange->whole = upload_of(body, 0, body->length);
    exchange->whole.type = http_request_field(exchange->request, "content-type");
    exchange->has_whole = !is_plain_form(body);
    if (exchange->has_whole)
        return 0;
    if (body->fd < 0)
        return keep_form(body);
    if (body->length > LIMIT_FORM)
        return 413;
    room = buffer_room(body, &body->memory, (size_t)body->length);
    if (!room || pread(body->fd, room, (size_t)body->length, 0) != body->length)
        return 503;
    buffer_added(&body->memory, (size_t)body->length);
    return keep_form(body);
}

unsigned body_finish(struct body *body)
{
    if (body->multipart)
        return keep_parts(body);
    if (body->may_be_long)
        return keep_whole(body);
    if (body->exchange->match.route->body == ROUTE_FORM)
        return keep_form(body);
    body->exchange->body = buffer_held(&body->memory);
    return 0;
}
