/* SPDX-License-Identifier: MIT */
/* catalogue.c - the format is told in the manual of gettext, "The Format of GNU MO Files":
 *
 *     0 magic   4 revision   8 N   12 offset of the msgids' table   16 of the translations' table
 *
 * A table has N rows of length and offset; the text has a NUL behind it, which the length does not
 * count.  Plural forms stand in one text, with a NUL between them. */
#include "base/catalogue.h"

#include <string.h>

#define MAGIC     0x950412deu
#define HEAD_SIZE 28u
#define ROW_SIZE  8u

static uint32_t number_at(const struct catalogue *catalogue, size_t at)
{
    const unsigned char *four = (const unsigned char *)catalogue->file.data + at;

    return catalogue->big_endian ? (uint32_t)four[0] << 24 | (uint32_t)four[1] << 16 |
                                       (uint32_t)four[2] << 8 | four[3]
                                 : (uint32_t)four[3] << 24 | (uint32_t)four[2] << 16 |
                                       (uint32_t)four[1] << 8 | four[0];
}

static bool holds_table(const struct catalogue *catalogue, uint32_t at)
{
    size_t length = catalogue->file.length;

    return at <= length && catalogue->count <= (length - at) / ROW_SIZE;
}

bool catalogue_read(struct bytes file, struct catalogue *ret)
{
    struct catalogue catalogue = {.file = file};

    if (file.length < HEAD_SIZE)
        return false;
    catalogue.big_endian = number_at(&catalogue, 0) != MAGIC;
    if (number_at(&catalogue, 0) != MAGIC || number_at(&catalogue, 4) >> 16)
        return false;
    catalogue.count = number_at(&catalogue, 8);
    catalogue.msgids = number_at(&catalogue, 12);
    catalogue.translations = number_at(&catalogue, 16);
    if (!holds_table(&catalogue, catalogue.msgids) ||
        !holds_table(&catalogue, catalogue.translations))
        return false;
    *ret = catalogue;
    return true;
}

/* NULL where a row leads out of the file or to a text without an end. */
static const char *text_of(const struct catalogue *catalogue, uint32_t table, uint32_t row,
                           uint32_t *ret_length)
{
    size_t at = table + (size_t)row * ROW_SIZE, size = catalogue->file.length;
    uint32_t length = number_at(catalogue, at), offset = number_at(catalogue, at + 4);

    if (offset >= size || length >= size - offset || catalogue->file.data[offset + length])
        return NULL;
    *ret_length = length;
    return catalogue->file.data + offset;
}

static const char *form_of(const char *text, uint32_t length, unsigned form)
{
    const char *end = text + length;

    while (form && text <= end) {
        text += strlen(text) + 1;
        form--;
    }
    return text <= end ? text : NULL;
}

const char *catalogue_find(const struct catalogue *catalogue, const char *msgid, unsigned form)
{
    uint32_t from = 0, to = catalogue->count, length;

    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        const char *text = text_of(catalogue, catalogue->msgids, middle, &length);
        int order = text ? strcmp(msgid, text) : 0;

        if (text && !order)
            text = text_of(catalogue, catalogue->translations, middle, &length);
        if (!text || !order)
            return text ? form_of(text, length, form) : NULL;
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return NULL;
}
