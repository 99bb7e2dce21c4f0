/* SPDX-License-Identifier: MIT */
/* page.c - what is around a page, and its way out. */
#include "serve/page.h"

#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/i18n.h"
#include "serve/account_session.h"
#include "serve/etag.h"
#include "serve/exchange.h"
#include "serve/route.h"
#include "serve/service.h"

#define HTML_TYPE "text/html; charset=utf-8"

/* ---- the frame ------------------------------------------------------------------------------- */

char *page_encoded(TALLOC_CTX *ctx, const char *path)
{
    char *text = talloc_strdup(ctx, "");

    for (; text && *path; path++)
        text = talloc_asprintf_append_buffer(
            text, ascii_is_alnum((unsigned char)*path) || strchr("-._~/", *path) ? "%c" : "%%%02X",
            (unsigned char)*path);
    return text;
}

/* The query without the language, which would win over the one that is chosen then. */
static char *append_query(char *path, const char *query)
{
    char sign = '?';

    while (path && *query) {
        size_t length = strcspn(query, "&");

        if (length && strncmp(query, "lang=", 5) != 0) {
            path = talloc_asprintf_append_buffer(path, "%c%.*s", sign, (int)length, query);
            sign = '&';
        }
        query += length + (query[length] == '&');
    }
    return path;
}

/* Navigation leads only to what is there. */
bool page_is_served(const char *pattern)
{
    for (size_t i = 0; i < route_table_count; i++)
        for (size_t j = 0; j < route_tables[i]->count; j++)
            if (route_tables[i]->routes[j].method == HTTP_GET &&
                strcmp(route_tables[i]->routes[j].pattern, pattern) == 0)
                return true;
    return false;
}

struct frame page_frame(struct exchange *exchange, const char *title, enum frame_entry entry)
{
    const struct visitor *visitor = exchange_visitor(exchange);
    const struct http_request *request = exchange_request(exchange);
    const struct account *account = exchange_account(exchange);
    bool again = request->method == HTTP_GET || request->method == HTTP_HEAD;

    return (struct frame){
        .title = title,
        .language = visitor->language,
        .theme = visitor->theme,
        .path = again
                    ? append_query(page_encoded(exchange, request->path + (*request->path == '/')),
                                   request->query)
                    : "",
        .entry = entry,
        .texts = page_is_served("/tools/lint"),
        .reports = page_is_served("/tools/report"),
        .overview = page_is_served("/overview"),
        .user = account ? account->name : NULL,
        .accounts = exchange_service(exchange)->accounts != NULL,
        .administers = account && account_is_anywhere(account, STORE_ROLE_VIEWER),
    };
}

/* ---- the answer ------------------------------------------------------------------------------ */

static void fail(struct exchange *exchange)
{
    exchange_answer(exchange, 500, "text/plain; charset=utf-8",
                    bytes_of("500 Internal Server Error\n"));
}

struct html *page_begin(struct exchange *exchange)
{
    const struct html_site site = {.base = exchange_service(exchange)->base_path,
                                   .token = account_session_form_token(exchange)};
    struct html *html = html_new(exchange, &site);

    if (!html)
        fail(exchange);
    return html;
}

void page_answer(struct exchange *exchange, unsigned status, struct html *html)
{
    if (html_is_whole(html))
        exchange_answer(exchange, status, HTML_TYPE, html_content(html));
    else
        fail(exchange);
}

void page_answer_kept(struct exchange *exchange, const char *tag, struct bytes content)
{
    exchange_field(exchange, "ETag", tag);
    exchange_field(exchange, "Vary", "Accept-Language, Cookie");
    exchange_field(exchange, "Cache-Control", "private, no-cache");
    if (etag_is_known(exchange, tag))
        exchange_answer(exchange, 304, NULL, (struct bytes){"", 0});
    else
        exchange_answer(exchange, 200, HTML_TYPE, content);
}

void page_answer_lasting(struct exchange *exchange, struct html *html)
{
    char tag[ETAG_SIZE];

    if (!html_is_whole(html)) {
        fail(exchange);
        return;
    }
    etag_of(html_content(html), tag);
    page_answer_kept(exchange, tag, html_content(html));
}
