/* SPDX-License-Identifier: MIT */
/* target.c - paths and hosts, so strict that there is one reading of them. */
#include "http/target.h"

#include <string.h>

#include "base/ascii.h"
#include "base/scanner.h"
#include "base/text.h"
#include "http/escape.h"
#include "http/grammar.h"
#include "http/limits.h"

bool http_is_target(unsigned char c)
{
    return c > 0x20 && c < 0x7f && c != '"' && c != '#' && c != '<' && c != '>';
}

/* ---- the path -------------------------------------------------------------------------------- */

static struct bytes path_of(struct bytes target)
{
    long end = bytes_find_char(target, '?');

    return end < 0 ? target : (struct bytes){target.data, (size_t)end};
}

/* A slash or a control character is none that a client needs to hide. */
static bool decode_escape(struct scanner *scanner, char *ret)
{
    return http_escape_take(scanner, ret) && *ret != '/' && !http_is_control((unsigned char)*ret);
}

static bool decode(struct bytes path, char *to)
{
    struct scanner scanner = scanner_begin(path);
    int c;

    for (; (c = scanner_peek(&scanner)) >= 0; to++) {
        if (c == '\\')
            return false;
        if (c != '%') {
            *to = (char)(unsigned char)c;
            scanner.at++;
        } else if (!decode_escape(&scanner, to)) {
            return false;
        }
    }
    *to = '\0';
    return true;
}

/* Whoever looked at the path before us may have taken such segments away, or not. */
static bool has_dots(const char *path)
{
    for (; *path; path += strcspn(path, "/")) {
        size_t length = strcspn(++path, "/");

        if ((length == 1 || length == 2) && strspn(path, ".") >= length)
            return true;
    }
    return false;
}

char *http_target_path(TALLOC_CTX *ctx, struct bytes target)
{
    struct bytes path = path_of(target);
    char *text;

    if (!bytes_begin(path, "/"))
        return NULL;
    text = talloc_size(ctx, path.length + 1);
    if (!text)
        return NULL;
    if (decode(path, text) && !has_dots(text) && text_is_utf8(text, strlen(text)))
        return text;
    talloc_free(text);
    return NULL;
}

char *http_target_query(TALLOC_CTX *ctx, struct bytes target)
{
    size_t path = path_of(target).length;
    struct bytes query = bytes_from(target, path < target.length ? path + 1 : path);

    return talloc_strndup(ctx, query.data, query.length);
}

/* ---- the host -------------------------------------------------------------------------------- */

static bool is_name(unsigned char c)
{
    return ascii_is_alnum(c) || c == '-' || c == '.' || c == '_';
}

static bool is_v6(unsigned char c)
{
    return http_hex(c) >= 0 || c == ':' || c == '.';
}

static bool take_v6(struct scanner *scanner)
{
    if (!scanner_try(scanner, '['))
        return false;
    if (!scanner_while(scanner, is_v6).length)
        scanner->failed = true;
    scanner_expect(scanner, ']');
    return true;
}

char *http_host(TALLOC_CTX *ctx, struct bytes value)
{
    struct scanner scanner = scanner_begin(value);
    size_t length;
    char *host;

    if (value.length > LIMIT_HOST)
        return NULL;
    if (!take_v6(&scanner))
        (void)scanner_while(&scanner, is_name);
    length = scanner.at;
    if (scanner_try(&scanner, ':'))
        (void)scanner_number(&scanner, 1, 5);
    if (length && value.data[length - 1] == '.')
        length--;
    if (!length || !scanner_finished(&scanner))
        return NULL;
    host = talloc_strndup(ctx, value.data, length);
    for (char *c = host; c && *c; c++)
        *c = ascii_lower(*c);
    return host;
}
