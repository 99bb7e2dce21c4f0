/* SPDX-License-Identifier: MIT */
/* textout.c - text for a terminal, built line by line. */
#include "render/textout.h"

#include <stdint.h>
#include <string.h>

#define QUOTED_MAX  60 /* bytes */
#define NARROWEST   20 /* columns left for text, however deep the indent */
#define COPY_INDENT 2  /* of lines to copy, below their sentence */

struct textout {
    struct textout_options options;
    TALLOC_CTX *ctx;
    char *text; /* NULL: memory ran out */
};

struct textout *textout_new(TALLOC_CTX *ctx, const struct textout_options *options)
{
    struct textout *out = talloc(ctx, struct textout);

    if (!out)
        return NULL;
    *out = (struct textout){*options, ctx, talloc_strdup(out, "")};
    return out;
}

const struct textout_options *textout_options(const struct textout *out)
{
    return &out->options;
}

char *textout_end(struct textout *out)
{
    char *text = talloc_steal(out->ctx, out->text);

    talloc_free(out);
    return text;
}

static void put(struct textout *out, const char *text, size_t length)
{
    if (out->text)
        out->text = talloc_strndup_append_buffer(out->text, text, length);
}

static void put_blanks(struct textout *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put(out, " ", 1);
}

static void put_styled(struct textout *out, enum style style, const char *text, size_t length)
{
    static const char *const codes[] = {
        [STYLE_PLAIN] = "",        [STYLE_BOLD] = "\x1b[1m",  [STYLE_FAINT] = "\x1b[2m",
        [STYLE_GOOD] = "\x1b[32m", [STYLE_WARN] = "\x1b[33m", [STYLE_BAD] = "\x1b[1;31m",
        [STYLE_ASK] = "\x1b[36m",
    };
    bool coloured = out->options.colour && style != STYLE_PLAIN && length;

    if (coloured)
        put(out, codes[style], strlen(codes[style]));
    put(out, text, length);
    if (coloured)
        put(out, "\x1b[0m", 4);
}

/* The code point of the (well-formed) character at text, 0 inside one. */
static uint32_t code_point(const char *text, size_t length)
{
    const uint8_t *bytes = (const uint8_t *)text;

    if ((bytes[0] & 0xc0) == 0x80)
        return 0;
    if (bytes[0] >= 0xc0 && bytes[0] < 0xe0 && length >= 2)
        return (bytes[0] & 0x1fu) << 6 | (bytes[1] & 0x3fu);
    if (bytes[0] >= 0xe0 && bytes[0] < 0xf0 && length >= 3)
        return (bytes[0] & 0x0fu) << 12 | (bytes[1] & 0x3fu) << 6 | (bytes[2] & 0x3fu);
    return bytes[0] >= 0xf0 ? 0x20000 : 1;
}

/* 0 inside a character, and for one that stands on the one before it. */
static size_t columns_at(const char *text, size_t length)
{
    uint32_t point = code_point(text, length);
    bool combining = point >= 0x0300 && point < 0x0370;
    bool wide = point >= 0x20000 || (point >= 0x2e80 && point < 0xd800) ||
                (point >= 0xf900 && point < 0xfb00) || (point >= 0xff01 && point < 0xff61);

    return point && !combining ? 1 + (size_t)wide : 0;
}

size_t textout_columns(const char *text, size_t length)
{
    size_t columns = 0;

    for (size_t i = 0; i < length; i++)
        columns += columns_at(text + i, length - i);
    return columns;
}

/* Without SGR sequences. */
static size_t shown_columns(const char *line, size_t length)
{
    size_t columns = 0;

    for (const char *at = line, *end = line + length; at < end;) {
        const char *escape = memchr(at, '\x1b', (size_t)(end - at));
        const char *stop = escape ? escape : end;

        columns += textout_columns(at, (size_t)(stop - at));
        at = stop;
        while (at < end && *at != 'm')
            at++;
        at += at < end;
    }
    return columns;
}

size_t textout_rows(const char *text, size_t width)
{
    size_t rows = 0;

    for (size_t length; *text; text += length + (text[length] == '\n')) {
        size_t columns;

        length = strcspn(text, "\n");
        columns = shown_columns(text, length);
        rows += !width || !columns ? 1 : (columns + width - 1) / width;
    }
    return rows;
}

size_t textout_fit(const char *text, size_t columns)
{
    size_t length = strlen(text), taken = 0;

    for (size_t i = 0; i < length; i++) {
        taken += columns_at(text + i, length - i);
        if (taken > columns)
            return i;
    }
    return length;
}

/* The end of the word at text: a short piece in quotation marks, which people copy, is not torn. */
static size_t word_length(const char *text)
{
    size_t end = strcspn(text, " ");
    const char *open = memchr(text, '"', end);
    const char *close = open ? strchr(open + 1, '"') : NULL;

    if (close && (size_t)(close - open) < QUOTED_MAX && (size_t)(close - text) > end)
        end = (size_t)(close - text) + strcspn(close, " ");
    return end;
}

/* How many bytes of the text go on a line of `room` columns: whole words, but one at least. */
static size_t line_length(const char *text, size_t room)
{
    size_t end = 0;

    while (text[end]) {
        size_t blanks = strspn(text + end, " ");
        size_t next = end + blanks + word_length(text + end + blanks);

        if (end && room && textout_columns(text, next) > room)
            break;
        end = next;
    }
    return end;
}

/* One paragraph: the first line stands where the cursor is, the others are indented. */
static void wrap(struct textout *out, size_t indent, enum style style, const char *text)
{
    size_t width = out->options.width;
    size_t room = !width ? 0 : width > indent + NARROWEST ? width - indent : NARROWEST;

    for (bool more = true; more;) {
        size_t length = line_length(text, room);

        put_styled(out, style, text, length);
        put(out, "\n", 1);
        text += length;
        text += strspn(text, " ");
        more = *text;
        if (more)
            put_blanks(out, indent);
    }
}

void textout_wrap(struct textout *out, size_t indent, enum style first_style, const char *first,
                  enum style style, const char *text)
{
    size_t below = indent + textout_columns(first, strlen(first));

    if (!text)
        return;
    put_blanks(out, indent);
    put_styled(out, first_style, first, strlen(first));
    for (bool begun = false;; begun = true) {
        size_t length = strcspn(text, "\n");
        char *line = talloc_strndup(out, text, length);

        if (line && *line == '\t') {
            textout_line(out, below + COPY_INDENT, STYLE_BOLD, line + 1);
        } else if (line) {
            put_blanks(out, begun ? below : 0);
            wrap(out, below, style, line);
        }
        talloc_free(line);
        if (!text[length])
            break;
        text += length + 1;
    }
}

void textout_line(struct textout *out, size_t indent, enum style style, const char *text)
{
    if (!text)
        return;
    put_blanks(out, indent);
    put_styled(out, style, text, strlen(text));
    put(out, "\n", 1);
}

void textout_piece(struct textout *out, enum style style, const char *text)
{
    if (text)
        put_styled(out, style, text, strlen(text));
}

void textout_blank(struct textout *out)
{
    put(out, "\n", 1);
}
