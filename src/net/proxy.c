/* SPDX-License-Identifier: MIT */
/* proxy.c - the proxy that a network may want for connections to other people's web servers. */
#include "net/proxy.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define URL_MAX      1024
#define PORT_MAX     65535
#define PORT_DIGITS  5
#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"

/* A name is resolved by the proxy: what we know of addresses need not be what it sees. */
static const struct scheme {
    const char *name, *used;
    int port; /* where the URL names none */
} schemes[] = {
    {"http", "http", 80},
    {"socks5", "socks5h", 1080},
    {"socks5h", "socks5h", 1080},
};

/* NULL: another one.  *text is moved behind "://". */
static const struct scheme *scheme_of(const char **text)
{
    const char *end = strstr(*text, "://");
    size_t length = end ? (size_t)(end - *text) : 0;

    if (!end)
        return &schemes[0];
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        if (strlen(schemes[i].name) == length && !strncasecmp(*text, schemes[i].name, length)) {
            *text = end + strlen("://");
            return &schemes[i];
        }
    return NULL;
}

/* How long the host at the head of the text is, brackets included; 0: there is none. */
static size_t host_length(const char *text)
{
    size_t inside;

    if (*text != '[')
        return strspn(text, NAME_LETTERS);
    inside = strspn(text + 1, "0123456789abcdefABCDEF:.");
    return inside && text[1 + inside] == ']' ? inside + 2 : 0;
}

/* ":3128" and perhaps a slash; -1: neither. */
static long port_of(const char *text, int otherwise)
{
    size_t digits;
    long port = otherwise;

    if (*text == ':') {
        digits = strspn(++text, "0123456789");
        port = digits && digits <= PORT_DIGITS ? strtol(text, NULL, 10) : -1;
        text += digits;
    }
    if (*text == '/')
        text++;
    return *text || port < 1 || port > PORT_MAX ? -1 : port;
}

static bool is_printable(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] <= ' ' || (unsigned char)text[i] >= 0x7f)
            return false;
    return true;
}

enum sts_status proxy_read(TALLOC_CTX *ctx, const char *text, struct proxy **ret)
{
    const struct scheme *scheme = scheme_of(&text);
    const char *host = strrchr(text, '@');
    size_t user, length;
    struct proxy *proxy;
    long port;

    host = host ? host + 1 : text;
    user = (size_t)(host - text);
    length = host_length(host);
    if (!scheme || !length || strlen(text) > URL_MAX || !is_printable(text, user))
        return STS_E_INVALID;
    port = port_of(host + length, scheme->port);
    if (port < 0)
        return STS_E_INVALID;
    proxy = talloc_zero(ctx, struct proxy);
    if (!proxy)
        return STS_E_NOMEM;
    proxy->name = talloc_asprintf(proxy, "%.*s:%ld", (int)length, host, port);
    proxy->url = talloc_asprintf(proxy, "%s://%.*s%s", scheme->used, (int)user, text, proxy->name);
    if (!proxy->name || !proxy->url) {
        talloc_free(proxy);
        return STS_E_NOMEM;
    }
    *ret = proxy;
    return STS_OK;
}

bool proxy_is_valid(const char *text)
{
    struct proxy *proxy = NULL;
    enum sts_status status = proxy_read(NULL, text, &proxy);

    talloc_free(proxy);
    return status != STS_E_INVALID;
}

/* ---- exceptions ------------------------------------------------------------------------------ */

static bool covers(const char *name, size_t length, const char *host)
{
    size_t host_size = strlen(host);

    if (length == 1 && *name == '*')
        return true;
    if (length && *name == '.') {
        name++;
        length--;
    }
    if (length && name[length - 1] == '.')
        length--;
    if (!length || length > host_size || strncasecmp(host + host_size - length, name, length) != 0)
        return false;
    return length == host_size || host[host_size - length - 1] == '.';
}

bool proxy_is_passed_by(const char *list, const char *host)
{
    static const char between[] = ", \t";

    while (list && *list) {
        size_t length = strcspn(list, between);

        if (covers(list, length, host))
            return true;
        list += length;
        list += strspn(list, between);
    }
    return false;
}
