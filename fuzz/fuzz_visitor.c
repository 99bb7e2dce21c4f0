/* SPDX-License-Identifier: MIT */
/* fuzz_visitor.c - what a proxy says of the visitor, whatever it holds: the address that counts is
 * always one, and never one that only a stranger said. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/network.h"
#include "serve/base_url.h"
#include "serve/service.h"
#include "serve/visitor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void try_peer(const struct service *service, const struct http_request *request,
                     const char *peer)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const struct visitor_request wish = {service, request, peer, false, NULL};
    struct visitor visitor = visitor_find(ctx, &wish);
    unsigned char address[16];

    must(!*visitor.address || network_address(visitor.address, address));
    must(visitor.by_proxy || strcmp(visitor.address, peer) == 0);
    must(strcmp(visitor.language, "en") == 0 || strcmp(visitor.language, "de") == 0);
    talloc_free(ctx);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *value = talloc_strndup(NULL, (const char *)data, size);
    const struct http_field fields[] = {
        {"x-forwarded-for", value}, {"accept-language", value}, {"cookie", value}};
    const struct http_request request = {.fields = fields, .field_count = 3, .host = value};
    struct network proxies[2];
    const struct service service = {.proxies = proxies,
                                    .proxy_count = 2,
                                    .origin = "https://www.example.org",
                                    .host = "www.example.org"};
    struct base_url url;

    must(network_read("192.0.2.0/24", &proxies[0]) && network_read("2001:db8::/32", &proxies[1]));
    try_peer(&service, &request, "192.0.2.1");
    try_peer(&service, &request, "203.0.113.1");
    try_peer(&service, &request, "");
    if (base_url_read(value, value, &url))
        must(url.path[0] == '/' && url.path[strlen(url.path) - 1] == '/' && *url.host);
    talloc_free(value);
    return 0;
}
