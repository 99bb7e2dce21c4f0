/* SPDX-License-Identifier: MIT */
/* cookie.c - "a=b; c=d" read, "a=b; Path=/; ..." written. */
#include "http/cookie.h"

#include <inttypes.h>
#include <string.h>

#include "base/ascii.h"
#include "base/scanner.h"
#include "http/grammar.h"

/* RFC 6265 section 4.1.1: cookie-octet */
static bool is_cookie(unsigned char c)
{
    return c > 0x20 && c < 0x7f && !strchr("\",;\\", c);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Takes the next "name=value" of a Cookie field. */
static bool take_pair(struct scanner *scanner, struct bytes *ret_name, struct bytes *ret_value)
{
    struct scanner pair;

    if (scanner_at_end(scanner))
        return false;
    pair = scanner_begin(bytes_trim(scanner_until(scanner, ';')));
    (void)scanner_try(scanner, ';');
    *ret_name = scanner_until(&pair, '=');
    (void)scanner_try(&pair, '=');
    *ret_value = bytes_from(pair.text, pair.at);
    return true;
}

static char *value_of(TALLOC_CTX *ctx, struct bytes value)
{
    struct scanner scanner = scanner_begin(value);
    bool quoted = scanner_try(&scanner, '"');
    struct bytes content = scanner_while(&scanner, is_cookie);

    if (quoted)
        scanner_expect(&scanner, '"');
    return scanner_finished(&scanner) ? talloc_strndup(ctx, content.data, content.length) : NULL;
}

char *http_cookie(TALLOC_CTX *ctx, const struct http_request *request, const char *name)
{
    for (size_t i = 0; i < request->field_count; i++) {
        struct scanner scanner = scanner_begin(bytes_of(request->fields[i].value));
        struct bytes found, value;

        if (strcmp(request->fields[i].name, "cookie") != 0)
            continue;
        while (take_pair(&scanner, &found, &value))
            if (bytes_equal(found, name))
                return value_of(ctx, value);
    }
    return NULL;
}

/* ---- writing --------------------------------------------------------------------------------- */

static bool all_are(const char *text, bool (*is)(unsigned char))
{
    struct scanner scanner = scanner_begin(bytes_of(text));

    (void)scanner_while(&scanner, is);
    return scanner_finished(&scanner);
}

static bool usable(const struct http_cookie *cookie)
{
    bool host = bytes_begin(bytes_of(cookie->name), "__Host-");
    bool secure = host || bytes_begin(bytes_of(cookie->name), "__Secure-");

    return *cookie->name && all_are(cookie->name, http_is_token) &&
           all_are(cookie->value, is_cookie) && cookie->path[0] == '/' &&
           all_are(cookie->path, is_cookie) && (!host || strcmp(cookie->path, "/") == 0) &&
           (!secure || cookie->secure);
}

char *http_set_cookie(TALLOC_CTX *ctx, const struct http_cookie *cookie)
{
    char *text;

    if (!usable(cookie))
        return NULL;
    text = talloc_asprintf(ctx, "%s=%s; Path=%s", cookie->name, cookie->value, cookie->path);
    if (text && cookie->max_age >= 0)
        text = talloc_asprintf_append_buffer(text, "; Max-Age=%" PRId64, cookie->max_age);
    if (!text)
        return NULL;
    return talloc_asprintf_append_buffer(
        text, "%s%s; SameSite=%s", cookie->secure ? "; Secure" : "",
        cookie->for_scripts ? "" : "; HttpOnly",
        cookie->same_site == HTTP_SAME_SITE_STRICT ? "Strict" : "Lax");
}
