/* SPDX-License-Identifier: MIT */
/* etag.c - a tag out of the content. */
#include "serve/etag.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "serve/exchange.h"

/* FNV-1a, 64 bits: whoever makes two texts of one tag deceives himself only. */
static uint64_t hash_of(struct bytes text)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < text.length; i++)
        hash = (hash ^ (unsigned char)text.data[i]) * 0x100000001b3u;
    return hash;
}

void etag_of(struct bytes content, char tag[ETAG_SIZE])
{
    (void)snprintf(tag, ETAG_SIZE, "\"%016" PRIx64 "\"", hash_of(content));
}

bool etag_is_known(const struct exchange *exchange, const char *tag)
{
    const char *known = http_request_field(exchange_request(exchange), "if-none-match");

    return known && (!strcmp(known, "*") || strstr(known, tag));
}

void etag_answer(struct exchange *exchange, const char *type, struct bytes body)
{
    char tag[ETAG_SIZE];

    etag_of(body, tag);
    exchange_field(exchange, "ETag", tag);
    /* What somebody sees who is known is not for a cache that others ask, too. */
    exchange_field(exchange, "Cache-Control",
                   exchange_account(exchange) ? "private, no-cache" : "no-cache");
    exchange_field(exchange, "Vary", "Accept-Language");
    if (etag_is_known(exchange, tag))
        exchange_answer(exchange, 304, NULL, (struct bytes){"", 0});
    else
        exchange_answer(exchange, 200, type, body);
}
