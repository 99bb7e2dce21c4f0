/* SPDX-License-Identifier: MIT */
/* body.c - where a body is kept until it is complete. */
#include "serve/body.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/array.h"
#include "serve/exchange_work.h"
#include "serve/limits.h"
#include "serve/standin.h"

struct body {
    struct exchange *exchange;
    struct buffer memory;
    int fd; /* -1: it is kept in memory */
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

static int open_nameless(void)
{
    const char *folder = getenv("TMPDIR");

    if (!folder || !*folder)
        folder = "/tmp";
    return open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}

struct body *body_new(struct exchange *exchange)
{
    struct body *body = talloc_zero(exchange, struct body);

    if (!body)
        return NULL;
    *body = (struct body){.exchange = exchange, .fd = -1, .limit = body_limit(exchange)};
    if (exchange->match.route->body == ROUTE_UPLOAD) {
        body->fd = open_nameless();
        if (body->fd < 0) {
            talloc_free(body);
            return NULL;
        }
    }
    talloc_set_destructor(body, body_drop);
    return body;
}

int64_t body_length(const struct body *body)
{
    return body->length;
}

static bool write_all(int fd, struct bytes piece)
{
    while (piece.length) {
        ssize_t n = write(fd, piece.data, piece.length);

        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            piece = bytes_from(piece, (size_t)n);
    }
    return true;
}

unsigned body_take(struct body *body, struct bytes piece)
{
    body->length += (int64_t)piece.length;
    if (body->length > body->limit)
        return 413;
    if (body->fd >= 0)
        return write_all(body->fd, piece) ? 0 : 503;
    return buffer_put(body, &body->memory, piece) ? 0 : 503;
}

/* ---- the end --------------------------------------------------------------------------------- */

static bool is_type(const char *type, const char *wanted)
{
    size_t length = strlen(wanted);

    return type && strncasecmp(type, wanted, length) == 0 &&
           strchr("; \t", type[length]); /* its end is one of them, too */
}

static bool keep_part(struct body *body, const struct standin_part *read, struct bytes all)
{
    struct exchange *exchange = body->exchange;
    struct exchange_part *part =
        array_grow(exchange, &exchange->parts, &exchange->part_count, sizeof(*part));

    if (!part)
        return false;
    *part = (struct exchange_part){.name = read->name ? read->name : ""};
    part->upload = (struct upload){body->fd, read->content.data - all.data,
                                   (int64_t)read->content.length, read->file_name, read->type};
    if (read->file_name)
        return true;
    part->value = talloc_strndup(exchange, read->content.data, read->content.length);
    return part->value;
}

static unsigned take_apart(struct body *body, struct bytes all, const char *type)
{
    size_t count;
    struct standin_part *parts = standin_parts(body->exchange, all, type, &count);
    bool good = true;

    for (size_t i = 0; good && i < count; i++)
        good = keep_part(body, &parts[i], all);
    return good ? 0 : 503;
}

static unsigned map_and_take_apart(struct body *body, const char *type)
{
    struct bytes all = {"", (size_t)body->length};
    void *map;
    unsigned status;

    if (!body->length)
        return 400;
    map = mmap(NULL, all.length, PROT_READ, MAP_PRIVATE, body->fd, 0);
    if (map == MAP_FAILED)
        return 503;
    all.data = map;
    status = take_apart(body, all, type);
    munmap(map, all.length);
    return status;
}

unsigned body_finish(struct body *body)
{
    struct exchange *exchange = body->exchange;
    const char *type = http_request_field(exchange->request, "content-type");
    bool upload = body->fd >= 0;

    if (is_type(type, "multipart/form-data"))
        return upload ? map_and_take_apart(body, type)
                      : take_apart(body, buffer_held(&body->memory), type);
    if (upload)
        exchange->whole = (struct upload){body->fd, 0, body->length, NULL, type};
    else if (exchange->match.route->body == ROUTE_FORM)
        exchange->form = buffer_held(&body->memory);
    else
        exchange->body = buffer_held(&body->memory);
    return 0;
}
