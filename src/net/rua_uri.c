/* SPDX-License-Identifier: MIT */
/* rua_uri.c - where a reporting URI of scheme https leads. */
#include "net/rua_uri.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <mtasts/match.h>

#define SCHEME   "https://"
#define PORT_MAX 65535

static bool has_strange_bytes(const char *uri)
{
    for (const unsigned char *c = (const unsigned char *)uri; *c; c++)
        if (*c <= ' ' || *c >= 0x7f)
            return true;
    return false;
}

/* ":" and digits, of which there may be none (RFC 3986 section 3.2.3). */
static bool read_port(const char *text, size_t length, int64_t *ret)
{
    int64_t port = 0;

    for (size_t i = 1; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        port = port * 10 + (text[i] - '0');
        if (port > PORT_MAX)
            return false;
    }
    *ret = port;
    return length < 2 || port > 0;
}

bool rua_uri_read(TALLOC_CTX *ctx, const char *uri, struct rua_uri *ret)
{
    char name[STS_NAME_SIZE];
    const char *start, *rest;
    char *text;
    size_t host_length, port_length;

    if (strncasecmp(uri, SCHEME, strlen(SCHEME)) != 0 || has_strange_bytes(uri))
        return false;
    start = uri + strlen(SCHEME);
    host_length = strcspn(start, ":/?#");
    port_length = strcspn(start + host_length, "/?#");
    rest = start + host_length + port_length;
    if (!read_port(start + host_length, port_length, &ret->port))
        return false;
    text = talloc_strndup(ctx, start, host_length);
    if (!text || sts_name_from_user(text, name) != STS_OK)
        return false;
    ret->host = talloc_strdup(ctx, name);
    ret->path =
        talloc_asprintf(ctx, "%s%.*s", *rest == '/' ? "" : "/", (int)strcspn(rest, "#"), rest);
    return ret->host && ret->path;
}
