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

void etag_answer(struct exchange *exchange, const char *type, struct bytes body)
{
    const char *known = http_request_field(exchange_request(exchange), "if-none-match");
    char tag[24];

    (void)snprintf(tag, sizeof(tag), "\"%016" PRIx64 "\"", hash_of(body));
    exchange_field(exchange, "ETag", tag);
    exchange_field(exchange, "Cache-Control", "no-cache");
    exchange_field(exchange, "Vary", "Accept-Language");
    if (known && (!strcmp(known, "*") || strstr(known, tag)))
        exchange_answer(exchange, 304, NULL, (struct bytes){"", 0});
    else
        exchange_answer(exchange, 200, type, body);
}
