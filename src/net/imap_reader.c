/* SPDX-License-Identifier: MIT */
/* imap_reader.c - lines, and the literals in them. */
#include "net/imap_reader.h"

#include <string.h>

#include "base/ascii.h"
#include "base/scanner.h"
#include "net/limits.h"

static bool make_room(TALLOC_CTX *ctx, struct imap_reader *reader, size_t more)
{
    size_t room = reader->room ? reader->room : 1024;
    char *grown;

    while (room < reader->length + more)
        room *= 2;
    if (room == reader->room)
        return true;
    grown = talloc_realloc_size(ctx, reader->text, room);
    if (!grown)
        return false;
    reader->text = grown;
    reader->room = room;
    return true;
}

static enum imap_read keep(TALLOC_CTX *ctx, struct imap_reader *reader, const char *data,
                           size_t length)
{
    if (reader->length + length > LIMIT_IMAP_RESPONSE)
        return IMAP_READ_LIMIT;
    if (!make_room(ctx, reader, length))
        return IMAP_READ_NOMEM;
    memcpy(reader->text + reader->length, data, length);
    reader->length += length;
    return IMAP_READ_MORE;
}

/* ---- literals -------------------------------------------------------------------------------- */

/* Where the text ends with "{5}", without its line end: its number, and where it begins. */
static bool ends_with_literal(struct bytes text, uint32_t *ret_size, size_t *ret_begin)
{
    size_t at = text.length;
    struct scanner s;
    long long size;

    if (!at || text.data[at - 1] != '}')
        return false;
    while (at && text.data[at - 1] != '{')
        at--;
    if (!at)
        return false;
    s = scanner_begin(bytes_from(text, at));
    size = scanner_number(&s, 1, 10);
    scanner_expect(&s, '}');
    if (!scanner_finished(&s) || size > UINT32_MAX)
        return false;
    *ret_size = (uint32_t)size;
    *ret_begin = at - 1;
    return true;
}

/* "* 5 FETCH (... BODY[] ", the last of it no part of a literal. */
static bool before_body(struct bytes text, size_t fixed)
{
    static const char item[] = "BODY[] ";
    struct scanner s = scanner_begin(text);

    scanner_try_text(&s, "* ");
    scanner_while(&s, ascii_is_digit);
    return bytes_begin_nocase(bytes_from(text, s.at), " FETCH (") &&
           text.length >= s.at + strlen(" FETCH (") + strlen(item) &&
           text.length >= fixed + strlen(item) &&
           bytes_equal_nocase(bytes_from(text, text.length - strlen(item)), item);
}

/* The line has ended: what follows belongs to the response where it ends with a literal's size. */
static enum imap_read end_line(TALLOC_CTX *ctx, struct imap_reader *reader)
{
    struct bytes text = imap_reader_text(reader);
    size_t begin;
    uint32_t size;

    if (!ends_with_literal(text, &size, &begin) || begin < reader->fixed)
        return IMAP_READ_RESPONSE;
    reader->literal = size;
    reader->body = before_body((struct bytes){text.data, begin}, reader->fixed);
    reader->fixed = reader->length + reader->literal;
    if (!reader->body)
        return reader->literal <= LIMIT_IMAP_LITERAL ? IMAP_READ_MORE : IMAP_READ_LIMIT;
    reader->length = begin;
    reader->fixed = begin + 3;
    return keep(ctx, reader, "NIL", 3);
}

static enum imap_read take_literal(TALLOC_CTX *ctx, struct imap_reader *reader, const char *data,
                                   size_t length)
{
    reader->literal -= (uint32_t)length;
    if (!reader->body)
        return keep(ctx, reader, data, length);
    reader->bodies += length;
    if (reader->bodies > LIMIT_IMAP_BODY)
        reader->too_large = true;
    else
        reader->take(reader->arg, data, length);
    return IMAP_READ_MORE;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static size_t literal_in(const struct imap_reader *reader, struct bytes bytes)
{
    return bytes.length < reader->literal ? bytes.length : reader->literal;
}

enum imap_read imap_reader_feed(TALLOC_CTX *ctx, struct imap_reader *reader, struct bytes *bytes)
{
    enum imap_read read = IMAP_READ_MORE;

    while (read == IMAP_READ_MORE && bytes->length) {
        long end = reader->literal ? -1 : bytes_find_char(*bytes, '\n');
        size_t length = reader->literal ? literal_in(reader, *bytes)
                        : end < 0       ? bytes->length
                                        : (size_t)end + 1;

        read = reader->literal ? take_literal(ctx, reader, bytes->data, length)
                               : keep(ctx, reader, bytes->data, length);
        *bytes = bytes_from(*bytes, length);
        if (read == IMAP_READ_MORE && end >= 0)
            read = end_line(ctx, reader);
    }
    return read;
}

struct bytes imap_reader_text(const struct imap_reader *reader)
{
    struct bytes text = {reader->text, reader->length};

    if (text.length && text.data[text.length - 1] == '\n')
        text.length--;
    if (text.length && text.data[text.length - 1] == '\r')
        text.length--;
    return text;
}

void imap_reader_next(struct imap_reader *reader)
{
    reader->length = reader->fixed = 0;
    reader->bodies = 0;
    reader->too_large = false;
}
