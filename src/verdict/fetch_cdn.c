/* SPDX-License-Identifier: MIT */
/* fetch_cdn.c - answers that a CDN gives itself, in place of the policy host behind it. */
#include "verdict/fetch.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"

#define CODE_MAX 64 /* bytes of the word that names an error */

static struct bytes header_of(const struct https_fetch *fetch, const char *name)
{
    for (size_t i = 0; i < fetch->header_count; i++)
        if (!strcmp(fetch->headers[i].name, name))
            return fetch->headers[i].value;
    return (struct bytes){NULL, 0};
}

struct bytes fetch_coding(const struct https_fetch *fetch)
{
    struct bytes coding = header_of(fetch, "content-encoding");

    return coding.length == 8 && !strncasecmp(coding.data, "identity", 8) ? (struct bytes){NULL, 0}
                                                                          : coding;
}

/* Where the text stands, in any case; NULL: nowhere. */
static const char *find(struct bytes in, const char *text)
{
    size_t length = strlen(text);

    for (size_t i = 0; i + length <= in.length; i++)
        if (!strncasecmp(in.data + i, text, length))
            return in.data + i;
    return NULL;
}

/* ---- challenges ------------------------------------------------------------------------------ */

bool fetch_is_page(const struct https_fetch *fetch)
{
    size_t at = 0;

    while (at < fetch->body.length && ascii_is_space((unsigned char)fetch->body.data[at]))
        at++;
    return at < fetch->body.length && fetch->body.data[at] == '<';
}

/* Found in nothing but such pages. */
static const char *const marks[] = {"_cf_chl_opt", "_Incapsula_Resource", "captcha-delivery.com",
                                    "px-captcha", "awsWafCookieDomainList"};

static bool has_mark(struct bytes body)
{
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (find(body, marks[i]))
            return true;
    return false;
}

bool fetch_is_challenge(const struct https_fetch *fetch)
{
    struct bytes amazon = header_of(fetch, "x-amzn-waf-action");

    if (find(header_of(fetch, "cf-mitigated"), "challenge") || find(amazon, "challenge") ||
        find(amazon, "captcha"))
        return true;
    if (!fetch_is_page(fetch))
        return false;
    /* A form with a captcha stands on many a page: it counts where access is denied. */
    return has_mark(fetch->body) ||
           ((fetch->status == 403 || fetch->status == 429 || fetch->status == 503) &&
            find(fetch->body, "captcha"));
}

bool fetch_lacks_certificate(const struct https_fetch *fetch)
{
    return fetch->status == 400 && find(fetch->body, "No required SSL certificate was sent");
}

/* ---- object stores --------------------------------------------------------------------------- */

/* Headers that each store sends with every answer, errors among them. */
static const struct {
    const char *header, *value; /* value NULL: any */
    enum object_store store;
} store_headers[] = {
    {"server", "AmazonS3", STORE_S3},
    {"x-amz-request-id", NULL, STORE_S3}, /* also where a CDN hides the server */
    {"x-guploader-uploadid", NULL, STORE_GCS},
    {"server", "UploadServer", STORE_GCS},
    {"x-ms-error-code", NULL, STORE_AZURE},
    {"server", "Windows-Azure-Blob", STORE_AZURE},
};

/* The word between <Code> and </Code>: all three write their errors in the same XML. */
static struct bytes code_of(struct bytes body)
{
    const char *at = find(body, "<Code>"), *end;
    size_t left;

    if (!at)
        return (struct bytes){NULL, 0};
    at += strlen("<Code>");
    left = body.length - (size_t)(at - body.data);
    end = memchr(at, '<', left < CODE_MAX ? left : CODE_MAX);
    return end ? (struct bytes){at, (size_t)(end - at)} : (struct bytes){NULL, 0};
}

enum object_store fetch_store(const struct https_fetch *fetch)
{
    if (fetch->status < 400)
        return STORE_NONE;
    for (size_t i = 0; i < sizeof(store_headers) / sizeof(store_headers[0]); i++) {
        struct bytes value = header_of(fetch, store_headers[i].header);

        if (value.length && (!store_headers[i].value || find(value, store_headers[i].value)))
            return store_headers[i].store;
    }
    return STORE_NONE;
}

struct bytes fetch_store_error(const struct https_fetch *fetch)
{
    struct bytes code = code_of(fetch->body);

    if (fetch_store(fetch) == STORE_NONE)
        return (struct bytes){NULL, 0};
    return code.length ? code : header_of(fetch, "x-ms-error-code");
}

bool fetch_store_says(const struct https_fetch *fetch, const char *error)
{
    struct bytes code = fetch_store_error(fetch);

    return code.data && code.length == strlen(error) && !strncmp(code.data, error, code.length);
}

/* ---- Cloudflare's own errors ----------------------------------------------------------------- */

static bool from_cloudflare(const struct https_fetch *fetch)
{
    struct bytes server = header_of(fetch, "server");

    return (server.length == 10 && find(server, "cloudflare")) ||
           header_of(fetch, "cf-ray").length > 0;
}

/* "error code: 1016", "Error 1016": four digits from 1000 on. */
static int64_t number_after(struct bytes body, const char *words)
{
    const char *at = find(body, words);
    int64_t number = 0;

    if (!at)
        return 0;
    at += strlen(words);
    for (int i = 0; i < 4; i++, at++) {
        if (at >= body.data + body.length || !ascii_is_digit((unsigned char)*at))
            return 0;
        number = number * 10 + (*at - '0');
    }
    return number >= 1000 && number < 2000 ? number : 0;
}

int64_t fetch_cloudflare_error(const struct https_fetch *fetch)
{
    int64_t number;

    if (fetch->status < 400 || !from_cloudflare(fetch))
        return 0;
    number = number_after(fetch->body, "error code: ");
    if (!number)
        number = number_after(fetch->body, "error ");
    if (!number && fetch->status >= 520 && fetch->status <= 530)
        number = fetch->status;
    return number;
}
