/* SPDX-License-Identifier: MIT */
/* pasted.c - the domain in what people paste.
 *
 * Each step cuts something off the piece of the text that is left: what stands around the whole,
 * then the parts of a URL or an address, then labels that are no part of a mail domain.  What is
 * left must be a domain name, so a step need not be strict. */
#include "base/pasted.h"

#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/hname.h"
#include "mtasts/names.h"

#define PASTED_MAX 4096 /* bytes: long URLs are */

static void cut_front(struct bytes *piece, size_t length)
{
    piece->data += length;
    piece->length -= length;
}

static bool begins(struct bytes piece, const char *prefix)
{
    return piece.length >= strlen(prefix) && !strncasecmp(piece.data, prefix, strlen(prefix));
}

/* Up to the first of these characters. */
static void cut_from(struct bytes *piece, const char *characters)
{
    for (size_t i = 0; i < piece->length; i++)
        if (strchr(characters, piece->data[i]))
            piece->length = i;
}

/* ---- around the whole ------------------------------------------------------------------------ */

/* The length of a blank at that place: ASCII, no-break and zero-width spaces, the mark of UTF-8. */
static size_t blank_at(const char *at, size_t length)
{
    static const char *const others[] = {"\302\240", "\342\200\213", "\357\273\277"};

    if (length && strchr(" \t\r\n", *at))
        return 1;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (length >= strlen(others[i]) && !memcmp(at, others[i], strlen(others[i])))
            return strlen(others[i]);
    return 0;
}

static void cut_blanks(struct bytes *piece)
{
    size_t length;

    while ((length = blank_at(piece->data, piece->length)))
        cut_front(piece, length);
    for (length = 1; length <= 3 && length <= piece->length; length++) {
        if (blank_at(piece->data + piece->length - length, length) != length)
            continue;
        piece->length -= length;
        length = 0;
    }
}

static bool cut_pair(struct bytes *piece, const char *open, const char *close)
{
    size_t before = strlen(open), behind = strlen(close);

    if (piece->length < before + behind || memcmp(piece->data, open, before) != 0 ||
        memcmp(piece->data + piece->length - behind, close, behind) != 0)
        return false;
    cut_front(piece, before);
    piece->length -= behind;
    return true;
}

/* Quotes and brackets, as long as they are a pair; the comma or semicolon of a list behind. */
static void cut_around(struct bytes *piece)
{
    /* Those of German, English and French as word processors set them, too. */
    static const char *const pairs[][2] = {
        {"\"", "\""},
        {"'", "'"},
        {"<", ">"},
        {"(", ")"},
        {"`", "`"},
        {"\342\200\234", "\342\200\235"},
        {"\342\200\230", "\342\200\231"},
        {"\342\200\236", "\342\200\234"},
        {"\342\200\236", "\342\200\235"},
        {"\342\200\232", "\342\200\230"},
        {"\302\253", "\302\273"},
        {"\302\273", "\302\253"},
    };
    bool cut = true;

    cut_blanks(piece);
    while (piece->length && strchr(",;", piece->data[piece->length - 1]))
        piece->length--;
    while (cut) {
        cut = false;
        cut_blanks(piece);
        for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
            cut |= cut_pair(piece, pairs[i][0], pairs[i][1]);
    }
}

/* "Name <a@d>": what is in the last brackets, if they end the text. */
static void take_bracketed(struct bytes *piece)
{
    const char *open = memrchr(piece->data, '<', piece->length);

    if (!open || piece->data[piece->length - 1] != '>')
        return;
    cut_front(piece, (size_t)(open + 1 - piece->data));
    piece->length--;
    cut_blanks(piece);
}

/* ---- URLs and addresses ---------------------------------------------------------------------- */

/* "https://user@d:443/path" becomes "d:443", "d/path" too. */
static void take_authority(struct bytes *piece)
{
    const char *scheme = memmem(piece->data, piece->length, "://", 3), *user;

    if (scheme)
        cut_front(piece, (size_t)(scheme + 3 - piece->data));
    else if (begins(*piece, "//"))
        cut_front(piece, 2);
    cut_from(piece, "/?#\\");
    user = scheme && piece->length ? memrchr(piece->data, '@', piece->length) : NULL;
    if (user)
        cut_front(piece, (size_t)(user + 1 - piece->data));
}

/* What stands behind the @ of one address; more than one is not clear. */
static bool take_host_of_address(struct bytes *piece)
{
    const char *at = piece->length ? memrchr(piece->data, '@', piece->length) : NULL;

    if (!at)
        return false;
    cut_front(piece, (size_t)(at + 1 - piece->data));
    return true;
}

static void cut_port(struct bytes *piece)
{
    size_t digits = 0;

    while (digits < piece->length && strchr("0123456789", piece->data[piece->length - digits - 1]))
        digits++;
    if (digits && digits <= 5 && digits < piece->length &&
        piece->data[piece->length - digits - 1] == ':')
        piece->length -= digits + 1;
}

/* ---- labels ---------------------------------------------------------------------------------- */

/* Of a wildcard, a search list, a service: "*.", ".", "_mta-sts.". */
static void cut_labels(struct bytes *piece)
{
    const char *dot;

    while (piece->length && strchr("*_.", piece->data[0]) &&
           (dot = memchr(piece->data, '.', piece->length)))
        cut_front(piece, (size_t)(dot + 1 - piece->data));
}

/* Is it a host below a domain, not a domain of that name (mta-sts.com)? */
static bool is_policy_host(const char *name)
{
    return !strncmp(name, STS_POLICY_HOST_PREFIX, strlen(STS_POLICY_HOST_PREFIX)) &&
           hname_registered(name) != name;
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* Whether it was an address. */
static bool take_host(struct bytes *piece)
{
    bool address = false;

    cut_around(piece);
    take_bracketed(piece);
    if (begins(*piece, "mailto:")) {
        cut_front(piece, strlen("mailto:"));
        cut_from(piece, "?");
        address = take_host_of_address(piece);
    } else if (memmem(piece->data, piece->length, "://", 3) ||
               !memchr(piece->data, '@', piece->length)) {
        take_authority(piece);
    } else {
        address = take_host_of_address(piece);
    }
    cut_port(piece);
    cut_labels(piece);
    return address;
}

enum sts_status pasted_domain(const char *text, char name[STS_NAME_SIZE],
                              enum pasted_form *ret_form)
{
    struct bytes piece = bytes_of(text);
    char host[PASTED_MAX + 1];
    enum sts_status status;
    bool address;

    if (piece.length > PASTED_MAX)
        return STS_E_INVALID;
    address = take_host(&piece);
    memcpy(host, piece.data, piece.length);
    host[piece.length] = '\0';
    status = sts_name_from_user(host, name);
    if (status)
        return status;
    if (piece.length < strlen(text) && (!strcmp(name, "http") || !strcmp(name, "https")))
        return STS_E_INVALID; /* "http//example.com" */
    *ret_form = piece.length == strlen(text) ? PASTED_PLAIN : PASTED_TAKEN;
    if (!address && is_policy_host(name)) {
        const char *rest = name + strlen(STS_POLICY_HOST_PREFIX);

        memmove(name, rest, strlen(rest) + 1);
        *ret_form = PASTED_POLICY_HOST;
    }
    return STS_OK;
}
