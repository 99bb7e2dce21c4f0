/* SPDX-License-Identifier: MIT */
/* documents.c - which documents a text holds. */
#include "app/documents.h"

#include <string.h>

#include "facts/facts_json.h"

struct documents {
    TALLOC_CTX *ctx;
    bool (*seen)(void *arg, TALLOC_CTX *unit, const struct facts *facts);
    void *arg;
    struct documents_end *end;
    bool enough;
};

static enum sts_status read_one(struct documents *documents, const char *text, size_t length)
{
    TALLOC_CTX *unit = talloc_new(documents->ctx);
    struct facts *facts;
    char *why = NULL;
    enum sts_status status = unit ? facts_read(unit, text, length, &facts, &why) : STS_E_NOMEM;

    if (!status)
        documents->enough = !documents->seen(documents->arg, unit, facts);
    else
        documents->end->why = talloc_steal(documents->ctx, why);
    talloc_free(unit);
    return status;
}

static bool is_document(TALLOC_CTX *ctx, const char *text, size_t length)
{
    TALLOC_CTX *unit = talloc_new(ctx);
    struct facts *facts;
    char *why;
    bool good = unit && facts_read(unit, text, length, &facts, &why) == STS_OK;

    talloc_free(unit);
    return good;
}

/* The first line, without its end, is taken off; a NUL ends none. */
static struct bytes take_line(struct bytes *text)
{
    const char *end = text->length ? memchr(text->data, '\n', text->length) : NULL;
    size_t length = end ? (size_t)(end - text->data) : text->length;
    struct bytes line = {text->data, length};

    length += end ? 1 : 0;
    *text = (struct bytes){text->data + length, text->length - length};
    return line;
}

static bool is_blank(struct bytes line)
{
    size_t i = 0;

    while (i < line.length && strchr(" \t\r", line.data[i]) && line.data[i])
        i++;
    return i == line.length;
}

static enum sts_status read_lines(struct documents *documents, struct bytes text)
{
    enum sts_status status = STS_OK;

    while (!status && text.length && !documents->enough) {
        struct bytes line = take_line(&text);

        documents->end->line++;
        if (!is_blank(line))
            status = read_one(documents, line.data, line.length);
    }
    return status;
}

enum sts_status documents_read(TALLOC_CTX *ctx, struct bytes text,
                               bool (*seen)(void *arg, TALLOC_CTX *unit, const struct facts *facts),
                               void *arg, struct documents_end *ret)
{
    struct documents documents = {ctx, seen, arg, ret, false};
    struct bytes rest = text, first = take_line(&rest);

    *ret = (struct documents_end){0, NULL};
    if (rest.length && is_document(ctx, first.data, first.length))
        return read_lines(&documents, text);
    return read_one(&documents, text.data, text.length);
}

enum sts_status documents_read_any(TALLOC_CTX *ctx, struct bytes text,
                                   bool (*seen)(void *arg, TALLOC_CTX *unit,
                                                const struct facts *facts),
                                   void *arg, struct documents_end *ret)
{
    struct documents documents = {ctx, seen, arg, ret, false};
    enum sts_status status;

    *ret = (struct documents_end){0, NULL};
    status = read_one(&documents, text.data, text.length);
    if (status != STS_E_INVALID)
        return status;
    TALLOC_FREE(ret->why);
    return read_lines(&documents, text);
}
