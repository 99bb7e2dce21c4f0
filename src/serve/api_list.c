/* SPDX-License-Identifier: MIT */
/* api_list.c - a page of a list. */
#include "serve/api_list.h"

#include <string.h>

#include "base/ascii.h"
#include "base/i18n.h"
#include "serve/account_pages.h"
#include "serve/etag.h"
#include "serve/exchange.h"
#include "serve/limits.h"

/* ---- which page ------------------------------------------------------------------------------ */

void api_list_wrong(struct exchange *exchange, const char *name, const char *detail)
{
    const char *text = talloc_asprintf(exchange, "%s: %s", name, detail);

    exchange_problem(exchange, 422, "wrong-member", text ? text : detail);
}

void api_list_no_cursor(struct exchange *exchange)
{
    api_list_wrong(exchange, "cursor", _("expected a cursor from an earlier answer"));
}

bool api_page_read(struct exchange *exchange, size_t otherwise, struct api_page *ret)
{
    const char *limit = exchange_query(exchange, "limit");
    const char *cursor = exchange_query(exchange, "cursor");
    int64_t number = limit && *limit ? exchange_query_number(exchange, "limit") : 0;

    *ret = (struct api_page){otherwise, cursor && *cursor ? cursor : NULL};
    if (!limit || !*limit)
        return true;
    if (number < 1 || number > LIMIT_API_LIST) {
        api_list_wrong(exchange, "limit", _("expected an integer from 1 to 500"));
        return false;
    }
    ret->limit = (size_t)number;
    return true;
}

bool api_page_below(struct exchange *exchange, const struct api_page *list, int64_t *ret)
{
    *ret = list->cursor ? exchange_query_number(exchange, "cursor") : INT64_MAX;
    if (*ret < 1)
        api_list_no_cursor(exchange);
    return *ret >= 1;
}

/* ---- the next one ---------------------------------------------------------------------------- */

/* What is no character of a query is escaped; what is escaped stays so. */
static char *append(char *link, const char *text, size_t length)
{
    for (size_t i = 0; link && i < length; i++)
        link = talloc_asprintf_append_buffer(
            link,
            ascii_is_alnum((unsigned char)text[i]) || strchr("-._~%+=", text[i]) ? "%c" : "%%%02X",
            (unsigned char)text[i]);
    return link;
}

static bool is_cursor(const char *field, size_t length)
{
    static const char name[] = "cursor=";

    return length >= strlen(name) && !strncmp(field, name, strlen(name));
}

static char *link_of(struct exchange *exchange, const char *path, const char *next)
{
    const char *field = exchange_request(exchange)->query;
    char *link = talloc_asprintf(exchange, "%s?", path);

    while (*field) {
        size_t length = strcspn(field, "&");

        if (length && !is_cursor(field, length)) {
            link = append(link, field, length);
            link = link ? talloc_strdup_append_buffer(link, "&") : NULL;
        }
        field += length + (field[length] == '&');
    }
    link = link ? talloc_strdup_append_buffer(link, "cursor=") : NULL;
    return append(link, next, strlen(next));
}

void api_list_link(struct exchange *exchange, const char *path, const char *next)
{
    char *link = link_of(exchange, path, next);
    char *address = link ? exchange_address(exchange, link) : NULL;
    char *field = address ? talloc_asprintf(exchange, "<%s>; rel=\"next\"", address) : NULL;

    if (field)
        exchange_field(exchange, "Link", field);
}

/* ---- the answer ------------------------------------------------------------------------------ */

static void answer(struct exchange *exchange, struct bytes body, const char *path, const char *next)
{
    if (next)
        api_list_link(exchange, path, next);
    etag_answer(exchange, "application/json", body);
}

void api_list_begin(struct json_writer *json)
{
    json_write_begin(json, NULL, '{');
    json_write_begin(json, "items", '[');
}

void api_list_end(struct exchange *exchange, struct json_writer *json, const char *path,
                  const char *next)
{
    json_write_end(json, ']');
    if (next)
        json_write_string(json, "next", next);
    else
        json_write_null(json, "next");
    json_write_end(json, '}');
    if (json->no_memory)
        account_pages_no_room(exchange);
    else
        answer(exchange, (struct bytes){json->text, json->length}, path, next);
}

void api_list_answer(struct exchange *exchange, const char *text, const char *path,
                     const char *next)
{
    if (text)
        answer(exchange, bytes_of(text), path, next);
    else
        account_pages_no_room(exchange);
}
