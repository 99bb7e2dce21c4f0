/* SPDX-License-Identifier: MIT */
/* issue_text.c - the sentence about an issue, with its places filled in. */
#include <stdio.h>
#include <string.h>

#include <talloc.h>

#include "base/text.h"
#include "sts/issue_parts.h"

#define VALUE_MAX 160 /* bytes of a value that are shown */

struct issue_sentence {
    char *text;
    size_t length, size;
    bool no_memory;
};

/* Cut between characters. */
static void put(struct issue_sentence *out, const char *text, size_t length)
{
    size_t room = out->size - 1 - out->length, fits = 0;

    while (fits < length) {
        size_t size = text_character(text + fits, length - fits);

        if (fits + size > room)
            break;
        fits += size;
    }
    memcpy(out->text + out->length, text, fits);
    out->length += fits;
    if (fits < length)
        out->size = out->length + 1; /* nothing behind the cut */
}

static void put_untrusted(struct issue_sentence *out, struct bytes text)
{
    char *shown = text_printable(NULL, text.data, text.length, VALUE_MAX);

    if (shown)
        put(out, shown, strlen(shown));
    else
        out->no_memory = true;
    talloc_free(shown);
}

static void put_number(struct issue_sentence *out, unsigned number)
{
    char digits[12];

    snprintf(digits, sizeof(digits), "%u", number);
    put(out, digits, strlen(digits));
}

/* The place that the text begins with, filled in; returns the bytes it took, 0: it begins none. */
static size_t put_place(struct issue_sentence *out, struct bytes text,
                        const struct sts_issue *issue, const struct issue_parts *parts,
                        struct bytes whole)
{
    const struct {
        const char *name;
        struct bytes value;
        unsigned number;
    } places[] = {
        {"{line}", {0}, issue->line},
        {"{column}", {0}, issue->column},
        {"{text}", whole, 0},
        {"{line_text}", parts->line, 0},
        {"{found}", parts->found, 0},
        {"{key}", parts->key, 0},
        {"{wanted}", bytes_of(parts->wanted ? parts->wanted : ""), 0},
        {"{character}", bytes_of(parts->character ? parts->character : ""), 0},
    };

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (!bytes_begin(text, places[i].name))
            continue;
        if (places[i].value.data)
            put_untrusted(out, places[i].value);
        else
            put_number(out, places[i].number);
        return strlen(places[i].name);
    }
    return 0;
}

enum sts_status sts_issue_text(const struct sts_issue *issue, const char *sentence,
                               const char *text, size_t length, char *buffer, size_t size)
{
    struct bytes whole = {text ? text : "", length}, left = bytes_of(sentence);
    struct issue_parts parts = issue_parts(issue, whole);
    struct issue_sentence out = {.text = buffer, .size = size};

    if (!size)
        return STS_E_INVALID;
    while (left.length) {
        long brace = bytes_find_char(left, '{');
        size_t plain = brace < 0 ? left.length : (size_t)brace, place;

        put(&out, left.data, plain);
        left = bytes_from(left, plain);
        place = left.length ? put_place(&out, left, issue, &parts, whole) : 0;
        if (left.length && !place)
            put(&out, left.data, 1);
        left = bytes_from(left, place ? place : left.length > 0);
    }
    buffer[out.length] = '\0';
    return out.no_memory ? STS_E_NOMEM : STS_OK;
}
