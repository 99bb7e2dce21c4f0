/* SPDX-License-Identifier: MIT */
/* framing.c - one function a field that is heeded. */
#include "http/framing.h"

#include "base/ascii.h"
#include "base/scanner.h"
#include "http/grammar.h"
#include "http/target.h"

#define LENGTH_DIGITS 18 /* of a Content-Length; what is longer is beyond every limit */

static const struct http_fault fine = {0, NULL};

static struct http_fault bad(const char *why)
{
    return (struct http_fault){400, why};
}

static struct http_fault take_host(struct framing *framing, struct http_request *request,
                                   struct bytes value)
{
    (void)framing;
    if (request->host)
        return bad("there are two Host fields");
    request->host = http_host(request, value);
    return request->host ? fine : bad("the Host is no host");
}

static struct http_fault take_length(struct framing *framing, struct http_request *request,
                                     struct bytes value)
{
    struct scanner scanner = scanner_begin(value);

    if (framing->has_length)
        return bad("there are two Content-Length fields");
    framing->has_length = true;
    if (!scanner_while(&scanner, ascii_is_digit).length || !scanner_finished(&scanner))
        return bad("the Content-Length is no number");
    if (value.length > LENGTH_DIGITS)
        return (struct http_fault){413, "the Content-Length is beyond every limit"};
    scanner = scanner_begin(value);
    request->length = scanner_number(&scanner, 1, LENGTH_DIGITS);
    return fine;
}

/* RFC 9112 section 6.1: 501 to a coding that is not known.  Other spellings of "chunked" are a
 * means of smuggling requests past proxies, so none of them is known. */
static struct http_fault take_coding(struct framing *framing, struct http_request *request,
                                     struct bytes value)
{
    (void)request;
    if (framing->chunked)
        return bad("there are two Transfer-Encoding fields");
    if (!bytes_equal(value, "chunked"))
        return (struct http_fault){501, "the Transfer-Encoding is not \"chunked\""};
    framing->chunked = true;
    return fine;
}

static struct http_fault take_expect(struct framing *framing, struct http_request *request,
                                     struct bytes value)
{
    (void)request;
    if (framing->has_expect || !bytes_equal_nocase(value, "100-continue"))
        return (struct http_fault){417, "the Expect is not \"100-continue\""};
    framing->has_expect = true;
    return fine;
}

static struct http_fault take_connection(struct framing *framing, struct http_request *request,
                                         struct bytes value)
{
    struct bytes option;

    (void)request;
    while (http_list_next(&value, &option)) {
        framing->says_close |= bytes_equal_nocase(option, "close");
        framing->says_keep_alive |= bytes_equal_nocase(option, "keep-alive");
    }
    return fine;
}

struct http_fault framing_field(struct framing *framing, struct http_request *request,
                                struct bytes name, struct bytes value)
{
    static const struct {
        const char *name;
        struct http_fault (*take)(struct framing *, struct http_request *, struct bytes);
    } heeded[] = {
        {"host", take_host},
        {"content-length", take_length},
        {"transfer-encoding", take_coding},
        {"expect", take_expect},
        {"connection", take_connection},
    };

    for (size_t i = 0; i < sizeof(heeded) / sizeof(heeded[0]); i++)
        if (bytes_equal(name, heeded[i].name))
            return heeded[i].take(framing, request, value);
    return fine;
}

struct http_fault framing_finish(const struct framing *framing, struct http_request *request)
{
    if (!request->host)
        return bad("there is no Host field");
    if (framing->chunked && framing->has_length)
        return bad("there are Transfer-Encoding and Content-Length");
    if (framing->chunked && request->minor == 0)
        return bad("HTTP/1.0 has no Transfer-Encoding");
    if (framing->chunked)
        request->length = -1;
    /* RFC 9110 section 10.1.1: not of a client of 1.0, nor where no body follows */
    request->expects_continue = framing->has_expect && request->minor > 0 && request->length != 0;
    request->keep_alive = !framing->says_close && (request->minor > 0 || framing->says_keep_alive);
    return fine;
}
