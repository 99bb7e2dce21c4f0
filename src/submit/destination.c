/* SPDX-License-Identifier: MIT */
/* destination.c - the URIs of a record, read as far as we need them. */
#include "submit/destination.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include <mtasts/match.h>
#include <mtasts/record.h>

#include "alerts/mail.h"
#include "base/array.h"
#include "base/ascii.h"
#include "base/bytes.h"
#include "net/rua_uri.h"
#include "submit/limits.h"

#define MAILTO "mailto:"

static int hexadecimal(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, ascii_lower(c)) : NULL;

    return at ? (int)(at - digits) : -1;
}

/* In place; what is no percent-encoding stays. */
static void decode(char *text)
{
    char *to = text;

    for (const char *at = text; *at; at++) {
        int high = *at == '%' ? hexadecimal(at[1]) : -1;
        int low = high < 0 ? -1 : hexadecimal(at[2]);

        if (low < 0) {
            *to++ = *at;
            continue;
        }
        *to++ = (char)(high * 16 + low);
        at += 2;
    }
    *to = '\0';
}

/* An address whose domain is an A-label, or can become one. */
static enum sts_status read_mail(TALLOC_CTX *ctx, const char *text, struct destination *ret)
{
    char *address = talloc_strndup(ctx, text, strcspn(text, "?"));
    char domain[STS_NAME_SIZE];
    const char *at;

    if (!address)
        return STS_E_NOMEM;
    decode(address);
    at = strrchr(address, '@');
    if (!at || sts_name_from_user(at + 1, domain) != STS_OK)
        return STS_OK;
    address = talloc_asprintf(ctx, "%.*s@%s", (int)(at - address), address, domain);
    if (!address)
        return STS_E_NOMEM;
    if (!mail_is_address(address))
        return STS_OK;
    ret->kind = DESTINATION_MAIL;
    ret->address = address;
    ret->host = strrchr(address, '@') + 1;
    return STS_OK;
}

static enum sts_status read_post(TALLOC_CTX *ctx, const char *uri, struct destination *ret)
{
    struct rua_uri read;

    if (!rua_uri_read(ctx, uri, &read))
        return STS_OK;
    ret->url = read.port ? talloc_asprintf(ctx, "https://%s:%" PRId64 "%s", read.host, read.port,
                                           read.path)
                         : talloc_asprintf(ctx, "https://%s%s", read.host, read.path);
    ret->host = read.host;
    ret->kind = DESTINATION_POST;
    return ret->url ? STS_OK : STS_E_NOMEM;
}

enum sts_status destination_read(TALLOC_CTX *ctx, const char *uri, struct destination *ret)
{
    *ret = (struct destination){.kind = DESTINATION_UNUSABLE, .uri = uri, .host = ""};
    if (bytes_begin_nocase(bytes_of(uri), MAILTO))
        return read_mail(ctx, uri + strlen(MAILTO), ret);
    return read_post(ctx, uri, ret);
}

static const char *place_of(const struct destination *destination)
{
    if (destination->kind == DESTINATION_MAIL)
        return destination->address;
    return destination->kind == DESTINATION_POST ? destination->url : destination->uri;
}

static bool is_among(const struct destination *list, size_t count, const struct destination *one)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].kind == one->kind && !strcmp(place_of(&list[i]), place_of(one)))
            return true;
    return false;
}

static enum sts_status add(TALLOC_CTX *ctx, const char *uri, struct destination **list,
                           size_t *count)
{
    char *copy = talloc_strdup(ctx, uri);
    struct destination one, *place;
    enum sts_status status = copy ? destination_read(ctx, copy, &one) : STS_E_NOMEM;

    if (status || is_among(*list, *count, &one))
        return status;
    place = array_grow(ctx, list, count, sizeof(*place));
    if (!place)
        return STS_E_NOMEM;
    *place = one;
    return STS_OK;
}

enum sts_status destinations_of(TALLOC_CTX *ctx, const char *record, struct destination **ret,
                                size_t *ret_count)
{
    struct sts_tlsrpt_record *read;
    const char *const *uris;
    size_t count;
    enum sts_status status = sts_tlsrpt_record_parse(record, strlen(record), &read);

    *ret = NULL;
    *ret_count = 0;
    if (status)
        return status == STS_E_LIMIT ? STS_OK : status;
    uris = sts_tlsrpt_record_rua(read, &count);
    if (!sts_tlsrpt_record_usable(read))
        count = 0;
    for (size_t i = 0; !status && i < count && *ret_count < LIMIT_DESTINATIONS; i++)
        status = add(ctx, uris[i], ret, ret_count);
    sts_tlsrpt_record_free(read);
    return status;
}
