/* SPDX-License-Identifier: MIT */
/* uri.c - mailto: and https: URIs of a "rua" (RFC 3986, RFC 6068). */
#include "sts/uri.h"

#include <string.h>

#include "base/ascii.h"
#include "base/hidden.h"
#include "base/hname.h"
#include "base/scanner.h"

static bool is_hex(int c)
{
    return c >= 0 && (ascii_is_digit((unsigned char)c) ||
                      (ascii_lower((char)c) >= 'a' && ascii_lower((char)c) <= 'f'));
}

/* Characters of a URI, without those RFC 8460 wants percent-encoded. */
static bool is_uri_char(unsigned char c)
{
    return ascii_is_alnum(c) || (c && strchr("-._~:/?#[]@$&'()*+=%", c));
}

static struct extension_fault character_fault(struct bytes uri)
{
    for (size_t i = 0; i < uri.length; i++) {
        unsigned char c = (unsigned char)uri.data[i];

        if (ascii_is_space(c))
            return (struct extension_fault){STS_REASON_URI_SPACE, i, 1};
        if (hidden_at(bytes_from(uri, i)))
            return (struct extension_fault){STS_REASON_HIDDEN_CHARACTER, i,
                                            strlen(hidden_at(bytes_from(uri, i))->bytes)};
        if (!is_uri_char(c))
            return (struct extension_fault){STS_REASON_URI_UNENCODED, 0, uri.length};
        if (c == '%' && !(i + 2 < uri.length && is_hex((unsigned char)uri.data[i + 1]) &&
                          is_hex((unsigned char)uri.data[i + 2])))
            return (struct extension_fault){STS_REASON_URI_MALFORMED, i, 1};
    }
    return (struct extension_fault){STS_REASON_NONE, 0, 0};
}

/* local@domain, and header fields behind a '?' */
static bool mailto_valid(struct bytes rest)
{
    struct scanner scanner = scanner_begin(rest);
    struct bytes address = scanner_until(&scanner, '?');
    long at = bytes_find_char(address, '@');

    return at > 0 && !bytes_begin(address, "/") && hname_valid(bytes_from(address, (size_t)at + 1));
}

/* host, :port, then anything */
static bool https_valid(struct bytes rest)
{
    struct scanner scanner;
    struct bytes host;
    size_t end = 0;

    while (end < rest.length && rest.data[end] != '/' && rest.data[end] != '?' &&
           rest.data[end] != '#')
        end++;
    rest.length = end;
    if (bytes_find_char(rest, '@') >= 0)
        rest = bytes_from(rest, (size_t)bytes_find_char(rest, '@') + 1);
    scanner = scanner_begin(rest);
    if (scanner_peek(&scanner) == '[') {
        host = scanner_until(&scanner, ']');
        host.length++;
        scanner_expect(&scanner, ']');
    } else {
        host = scanner_until(&scanner, ':');
    }
    if (scanner_try(&scanner, ':'))
        scanner_while(&scanner, ascii_is_digit);
    return scanner_finished(&scanner) && (hname_valid(host) || hname_is_address(host));
}

static bool has_scheme(struct bytes uri)
{
    for (size_t i = 0; i < uri.length; i++) {
        unsigned char c = (unsigned char)uri.data[i];

        if (c == ':')
            return i > 0;
        if (!ascii_is_alpha(c) && !(i > 0 && (ascii_is_digit(c) || (c && strchr("+-", c)))))
            return false;
    }
    return false;
}

struct extension_fault uri_fault(struct bytes uri)
{
    struct extension_fault fault;
    bool valid;

    if (!uri.length)
        return (struct extension_fault){STS_REASON_EMPTY_VALUE, 0, 0};
    if (!has_scheme(uri))
        return (struct extension_fault){STS_REASON_URI_NO_SCHEME, 0, uri.length};
    if (!bytes_begin_nocase(uri, "mailto:") && !bytes_begin_nocase(uri, "https:"))
        return (struct extension_fault){STS_REASON_URI_SCHEME, 0, uri.length};
    fault = character_fault(uri);
    if (fault.reason)
        return fault;
    if (bytes_begin_nocase(uri, "mailto:"))
        valid = mailto_valid(bytes_from(uri, strlen("mailto:")));
    else
        valid =
            bytes_begin_nocase(uri, "https://") && https_valid(bytes_from(uri, strlen("https://")));
    if (!valid)
        return (struct extension_fault){STS_REASON_URI_MALFORMED, 0, uri.length};
    return fault;
}
