/* SPDX-License-Identifier: MIT */
/* base_url.c - a URL of http or https, taken apart. */
#include "serve/base_url.h"

#include <string.h>

#include "base/ascii.h"
#include "base/scanner.h"

static bool is_of_host(unsigned char c)
{
    return ascii_is_alnum(c) || c == '.' || c == '-';
}

static bool is_of_address(unsigned char c)
{
    return ascii_is_alnum(c) || c == ':' || c == '.';
}

static bool is_of_path(unsigned char c)
{
    return ascii_is_alnum(c) || strchr("/-._~", c);
}

static char *lower(TALLOC_CTX *ctx, struct bytes text)
{
    char *own = talloc_strndup(ctx, text.data, text.length);

    for (char *c = own; c && *c; c++)
        *c = ascii_lower(*c);
    return own;
}

/* "host" or "[address]". */
static struct bytes take_host(struct scanner *scanner)
{
    struct bytes host = {scanner->text.data + scanner->at, 0};

    if (scanner_try(scanner, '[')) {
        host.length = scanner_while(scanner, is_of_address).length + 2;
        scanner_expect(scanner, ']');
    } else
        host.length = scanner_while(scanner, is_of_host).length;
    return host;
}

/* ":port", but not the one of the scheme. */
static struct bytes take_port(struct scanner *scanner, long long usual)
{
    struct bytes port = {scanner->text.data + scanner->at, 0};
    size_t from = scanner->at;
    long long number;

    if (!scanner_try(scanner, ':'))
        return port;
    number = scanner_number(scanner, 1, 5);
    scanner->failed |= number < 1 || number > 65535;
    if (number != usual)
        port.length = scanner->at - from;
    return port;
}

static bool is_plain_path(struct bytes path)
{
    for (size_t i = 0; i + 1 < path.length; i++)
        if (path.data[i] == '/' && (path.data[i + 1] == '/' || path.data[i + 1] == '.'))
            return false;
    return true;
}

static char *path_of(TALLOC_CTX *ctx, struct bytes path)
{
    bool ends = path.length && path.data[path.length - 1] == '/';

    return talloc_asprintf(ctx, "%.*s%s", (int)path.length, path.data, ends ? "" : "/");
}

bool base_url_read(TALLOC_CTX *ctx, const char *text, struct base_url *ret)
{
    struct scanner scanner = scanner_begin(bytes_of(text));
    struct bytes host, port, path = {"", 0};
    bool tls = scanner_try_text(&scanner, "https://");

    if (!tls && !scanner_try_text(&scanner, "http://"))
        return false;
    host = take_host(&scanner);
    port = take_port(&scanner, tls ? 443 : 80);
    if (scanner_peek(&scanner) == '/')
        path = scanner_while(&scanner, is_of_path);
    if (!host.length || !scanner_finished(&scanner) || !is_plain_path(path))
        return false;
    *ret = (struct base_url){.host = lower(ctx, host), .path = path_of(ctx, path), .tls = tls};
    if (ret->host)
        ret->origin = talloc_asprintf(ctx, "http%s://%s%.*s", tls ? "s" : "", ret->host,
                                      (int)port.length, port.data);
    return ret->origin && ret->path;
}
