/* SPDX-License-Identifier: MIT */
/* admission.c - is the request for us, by a name that is ours, and from our own pages? */
#include "serve/admission.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/network.h"
#include "serve/exchange_work.h"
#include "serve/service.h"
#include "serve/visitor.h"

#define ID_MAX 64

/* ---- names ----------------------------------------------------------------------------------- */

static bool is_literal(const char *host)
{
    unsigned char address[16];
    char inside[64];
    size_t length = strlen(host);

    if (host[0] != '[')
        return network_address(host, address);
    if (length < 3 || length >= sizeof(inside))
        return false;
    memcpy(inside, host + 1, length - 2);
    inside[length - 2] = '\0';
    return network_address(inside, address);
}

static bool is_localhost(const char *host)
{
    size_t length = strlen(host);

    return strcmp(host, "localhost") == 0 ||
           (length > 10 && strcmp(host + length - 10, ".localhost") == 0);
}

/* A page elsewhere may have its own name lead here (DNS rebinding), and then read what we answer;
 * it cannot do so by an address, or by a name that is only this machine's.  Who says no base URL
 * and stands behind a proxy leaves names to that. */
static bool knows_host(const struct exchange *exchange)
{
    const struct service *service = exchange->service;
    const char *host = exchange->request->host;

    if (is_literal(host) || is_localhost(host))
        return true;
    if (!*service->host)
        return exchange->visitor.by_proxy;
    return strcmp(host, service->host) == 0;
}

/* ---- where a form comes from ----------------------------------------------------------------- */

static bool is_change(enum http_method method)
{
    return method != HTTP_GET && method != HTTP_HEAD && method != HTTP_OPTIONS;
}

/* "https://host:port" is this service: by the base URL, or by the Host it was asked with. */
static bool is_own_origin(const struct exchange *exchange, const char *origin)
{
    const char *host = http_request_field(exchange->request, "host");
    const char *name = strstr(origin, "://");

    if (*exchange->service->origin && strcasecmp(origin, exchange->service->origin) == 0)
        return true;
    return name && host && strcasecmp(name + 3, host) == 0;
}

/* Every browser of today says one of the two with a form, and no page can change it.  Who says
 * neither is none, and has no cookies of anybody. */
static bool is_forged(const struct exchange *exchange)
{
    const char *site = http_request_field(exchange->request, "sec-fetch-site");
    const char *origin = http_request_field(exchange->request, "origin");

    if (site)
        return strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0;
    if (origin)
        return !is_own_origin(exchange, origin);
    return false;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static bool is_id(const char *text)
{
    size_t length =
        strspn(text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_");

    return length && length <= ID_MAX && !text[length];
}

static void set_id(struct exchange *exchange)
{
    const char *given = http_request_field(exchange->request, "x-request-id");
    unsigned long long chance;

    arc4random_buf(&chance, sizeof(chance));
    exchange->id = exchange->visitor.by_proxy && given && is_id(given)
                       ? talloc_strdup(exchange, given)
                       : talloc_asprintf(exchange, "%016llx", chance);
    if (exchange->id)
        exchange_field(exchange, "X-Request-Id", exchange->id);
}

/* With the path of the base URL in front or without it: a proxy may take it away. */
static void strip_base(const struct service *service, struct http_request *request)
{
    size_t length = strlen(service->base_path);

    if (strncmp(request->path, service->base_path, length) == 0)
        request->path += length - 1;
    else if (strlen(request->path) == length - 1 &&
             strncmp(request->path, service->base_path, length - 1) == 0)
        request->path = "/";
}

static unsigned read_query(struct exchange *exchange)
{
    struct http_query *query = NULL;
    struct http_fault fault = http_query_read(exchange, bytes_of(exchange->request->query), &query);

    exchange->query = query;
    return fault.status;
}

unsigned admission_check(struct exchange *exchange, const char *peer, bool over_tls)
{
    struct http_request *request = exchange->request;
    unsigned fault = read_query(exchange);

    exchange->visitor =
        visitor_find(exchange, &(struct visitor_request){exchange->service, request, peer, over_tls,
                                                         exchange_query(exchange, "lang")});
    set_id(exchange);
    strip_base(exchange->service, request);
    if (!exchange->id || !exchange->visitor.address ||
        !router_find(
            exchange,
            &(struct route_wish){exchange->service, request->method, request->path, exchange->role},
            &exchange->match))
        return 503;
    if (fault)
        return fault;
    if (!knows_host(exchange))
        return 421;
    if (exchange->match.kind == ROUTE_PAGE && is_change(request->method) && is_forged(exchange))
        return 403;
    return 0;
}
