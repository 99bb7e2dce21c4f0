/* SPDX-License-Identifier: MIT */
/* text.c - strangers' text made fit for a terminal and for a shell. */
#include "base/text.h"

#include <stdint.h>
#include <string.h>

#include "base/ascii.h"

#define ELLIPSIS "\xe2\x80\xa6"

/* Code points that draw nothing or change how their neighbours are drawn: soft hyphen, joiners,
 * blanks that are none, fillers, bidirectional controls, line separators, variation selectors,
 * tags, non-characters. */
static const struct {
    uint32_t first, last;
} hidden[] = {
    {0x0000, 0x001F},   {0x007F, 0x009F},   {0x00A0, 0x00A0},   {0x00AD, 0x00AD}, {0x034F, 0x034F},
    {0x061C, 0x061C},   {0x115F, 0x1160},   {0x17B4, 0x17B5},   {0x1680, 0x1680}, {0x180B, 0x180F},
    {0x2000, 0x200F},   {0x2028, 0x202F},   {0x205F, 0x206F},   {0x3000, 0x3000}, {0x3164, 0x3164},
    {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB}, {0xFFFE, 0xFFFF},
    {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
};

/* The bytes of the UTF-8 character at the beginning, 0 where there is none. */
static size_t decode(const unsigned char *data, size_t length, uint32_t *ret_point)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t point = data[0];
    size_t size = point < 0x80             ? 1
                  : (point & 0xE0) == 0xC0 ? 2
                  : (point & 0xF0) == 0xE0 ? 3
                  : (point & 0xF8) == 0xF0 ? 4
                                           : 0;

    if (!size || size > length)
        return 0;
    if (size > 1)
        point &= 0x7FU >> size;
    for (size_t i = 1; i < size; i++) {
        if ((data[i] & 0xC0) != 0x80)
            return 0;
        point = point << 6 | (data[i] & 0x3FU);
    }
    if (point < least[size] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
        return 0;
    *ret_point = point;
    return size;
}

/* How many bytes of ASCII come first: nearly all text is, so eight are looked at together. */
static size_t ascii_run(const char *data, size_t length)
{
    size_t at = 0;
    uint64_t eight;

    for (; length - at >= sizeof(eight); at += sizeof(eight)) {
        memcpy(&eight, data + at, sizeof(eight));
        if (eight & 0x8080808080808080U)
            break;
    }
    while (at < length && (unsigned char)data[at] < 0x80)
        at++;
    return at;
}

bool text_is_utf8(const char *data, size_t length)
{
    for (size_t at = ascii_run(data, length), size; at < length;
         at += size + ascii_run(data + at + size, length - at - size)) {
        uint32_t point;

        size = decode((const unsigned char *)data + at, length - at, &point);
        if (!size)
            return false;
    }
    return true;
}

size_t text_character(const char *data, size_t length)
{
    uint32_t point;
    size_t size = decode((const unsigned char *)data, length, &point);

    return size ? size : 1;
}

static bool is_hidden(uint32_t point)
{
    for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
        if (point >= hidden[i].first && point <= hidden[i].last)
            return true;
    return false;
}

static char *put_escaped(char *out, const unsigned char *data, size_t count)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < count; i++) {
        *out++ = '\\';
        *out++ = 'x';
        *out++ = digits[data[i] >> 4];
        *out++ = digits[data[i] & 15];
    }
    return out;
}

char *text_printable(TALLOC_CTX *ctx, const char *data, size_t length, size_t limit)
{
    const unsigned char *in = (const unsigned char *)data;
    size_t end = limit && limit < length ? limit : length;
    char *text, *out;

    if (end > (SIZE_MAX - sizeof(ELLIPSIS)) / 4)
        return NULL;
    text = talloc_array(ctx, char, end * 4 + sizeof(ELLIPSIS));
    if (!text)
        return NULL;
    out = text;
    for (size_t at = 0, size; at < end; at += size) {
        uint32_t point = 0;

        size = decode(in + at, length - at, &point);
        if (size && at + size > end)
            break; /* the cut falls into this character */
        if (!size || is_hidden(point)) {
            size = size ? size : 1;
            out = put_escaped(out, in + at, size);
            continue;
        }
        if (point == '\\')
            *out++ = '\\';
        memcpy(out, in + at, size);
        out += size;
    }
    if (end < length) {
        memcpy(out, ELLIPSIS, strlen(ELLIPSIS));
        out += strlen(ELLIPSIS);
    }
    *out++ = '\0';
    return talloc_realloc(ctx, text, char, (size_t)(out - text));
}

char *text_printable_lines(TALLOC_CTX *ctx, struct bytes text, size_t limit)
{
    char *shown = talloc_strdup(ctx, "");
    size_t left = text.length < limit ? text.length : limit;

    for (const char *at = text.data; shown && left;) {
        const char *end = memchr(at, '\n', left);
        size_t length = end ? (size_t)(end - at) : left;
        size_t bare = end && length && at[length - 1] == '\r' ? length - 1 : length;
        char *line = text_printable(shown, at, bare, 0);

        shown = line ? talloc_asprintf_append_buffer(shown, "%s%s", line, end ? "\n" : "") : NULL;
        talloc_free(line);
        at += length + (end != NULL);
        left -= length + (end != NULL);
    }
    return shown;
}

bool text_is_printable(const char *data, size_t length)
{
    for (size_t at = 0, size; at < length; at += size) {
        uint32_t point;

        size = decode((const unsigned char *)data + at, length - at, &point);
        if (!size || is_hidden(point))
            return false;
    }
    return true;
}

/* ---- JSON ------------------------------------------------------------------------------------ */

#define UNIT_SIZE 6 /* \uXXXX */

static char *put_unit(char *out, uint32_t unit)
{
    static const char digits[] = "0123456789abcdef";

    *out++ = '\\';
    *out++ = 'u';
    for (int shift = 12; shift >= 0; shift -= 4)
        *out++ = digits[unit >> shift & 15];
    return out;
}

/* RFC 8259 section 7: what is beyond the first plane is two units. */
static char *put_units(char *out, uint32_t point)
{
    if (point < 0x10000)
        return put_unit(out, point);
    point -= 0x10000;
    return put_unit(put_unit(out, 0xD800 | point >> 10), 0xDC00 | (point & 0x3FF));
}

/* The bytes it takes; `out` NULL: they are only counted. */
static size_t escape_hidden(const char *json, size_t length, char *out)
{
    size_t written = 0;

    for (size_t at = 0, size; at < length; at += size) {
        uint32_t point = 0;
        size_t decoded = decode((const unsigned char *)json + at, length - at, &point);
        bool hide = decoded && is_hidden(point);
        size_t room;

        size = decoded ? decoded : 1;
        room = !hide ? size : point < 0x10000 ? UNIT_SIZE : (size_t)2 * UNIT_SIZE;
        if (out && hide)
            put_units(out + written, point);
        else if (out)
            memcpy(out + written, json + at, size);
        written += room;
    }
    return written;
}

char *text_json(TALLOC_CTX *ctx, const char *json)
{
    size_t length = strlen(json), needed;
    char *text;

    if (ascii_run(json, length) == length && !strchr(json, 0x7F))
        return talloc_strdup(ctx, json);
    needed = escape_hidden(json, length, NULL);
    text = talloc_array(ctx, char, needed + 1);
    if (!text)
        return NULL;
    escape_hidden(json, length, text);
    text[needed] = '\0';
    return text;
}

/* ---- a shell --------------------------------------------------------------------------------- */

static bool is_plain(const char *text)
{
    if (text[0] == '\0' || text[0] == '-')
        return false;
    for (; *text; text++)
        if (!ascii_is_alnum((unsigned char)*text) && !strchr("@%+=:,./_-", *text))
            return false;
    return true;
}

char *text_shell_quote(TALLOC_CTX *ctx, const char *text)
{
    size_t length = strlen(text);
    char *word, *out;

    if (is_plain(text))
        return talloc_strdup(ctx, text);
    if (length > (SIZE_MAX - 3) / 4)
        return NULL;
    word = talloc_array(ctx, char, length * 4 + 3);
    if (!word)
        return NULL;
    out = word;
    *out++ = '\'';
    for (; *text; text++) {
        if (*text == '\'') { /* close, a quoted quote, open again */
            memcpy(out, "'\\''", 4);
            out += 4;
        } else {
            *out++ = *text;
        }
    }
    *out++ = '\'';
    *out++ = '\0';
    return talloc_realloc(ctx, word, char, (size_t)(out - word));
}
