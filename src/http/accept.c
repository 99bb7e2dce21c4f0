/* SPDX-License-Identifier: MIT */
/* accept.c - lists of wishes with their weights. */
#include "http/accept.h"

#include <string.h>

#include "base/ascii.h"
#include "base/scanner.h"
#include "http/grammar.h"

#define WHOLE 1000 /* a weight of 1 */

struct wish {
    struct bytes what;
    int weight; /* 0: not at all; up to WHOLE */
};

/* "0.8" or "1"; what is none of that counts as nothing. */
static int weight_of(struct bytes text)
{
    struct scanner scanner = scanner_begin(text);
    int weight = (int)scanner_number(&scanner, 1, 1) * WHOLE;
    int place = WHOLE / 10;

    if (scanner_try(&scanner, '.'))
        for (; place && !scanner_at_end(&scanner); place /= 10)
            weight += (int)scanner_number(&scanner, 1, 1) * place;
    return scanner_finished(&scanner) && weight <= WHOLE ? weight : 0;
}

/* Takes "gzip;q=0.8" from the front of a list. */
static bool next_wish(struct bytes *list, struct wish *ret)
{
    struct bytes member;
    struct scanner scanner;

    if (!http_list_next(list, &member))
        return false;
    scanner = scanner_begin(member);
    *ret = (struct wish){bytes_trim(scanner_until(&scanner, ';')), WHOLE};
    while (scanner_try(&scanner, ';')) {
        struct bytes parameter = bytes_trim(scanner_until(&scanner, ';'));

        if (bytes_begin_nocase(parameter, "q="))
            ret->weight = weight_of(bytes_from(parameter, 2));
    }
    return true;
}

/* ---- languages ------------------------------------------------------------------------------- */

/* "de-AT" and "de" fit "de"; "*" fits all. */
static bool language_fits(struct bytes range, const char *language)
{
    size_t length = strlen(language);

    if (bytes_equal(range, "*"))
        return true;
    return bytes_begin_nocase(range, language) &&
           (range.length == length || range.data[length] == '-');
}

size_t http_accept_language(const char *value, const char *const *languages, size_t count)
{
    struct bytes list = bytes_of(value ? value : "");
    size_t best = 0;
    int weight = 0;
    struct wish wish;

    while (next_wish(&list, &wish))
        for (size_t i = 0; i < count; i++)
            if (wish.weight > weight && language_fits(wish.what, languages[i])) {
                weight = wish.weight;
                best = i;
            }
    return best;
}

/* ---- encodings ------------------------------------------------------------------------------- */

bool http_accept_gzip(const char *value)
{
    struct bytes list = bytes_of(value ? value : "");
    int named = -1, others = 0;
    struct wish wish;

    while (next_wish(&list, &wish)) {
        if (bytes_equal_nocase(wish.what, "gzip") || bytes_equal_nocase(wish.what, "x-gzip"))
            named = wish.weight;
        else if (bytes_equal(wish.what, "*"))
            others = wish.weight;
    }
    return (named < 0 ? others : named) > 0;
}

/* ---- media types ----------------------------------------------------------------------------- */

/* How closely a range names the type: 3 itself, 2 "text/" and a star, 1 all; 0: not at all. */
static int closeness(struct bytes range, const char *type)
{
    struct bytes whole = bytes_of(type), kind = whole;

    if (bytes_equal(range, "*/*"))
        return 1;
    if (bytes_equal_nocase(range, type))
        return 3;
    kind.length = strcspn(type, "/") + 1;
    return range.length == kind.length + 1 && range.data[kind.length] == '*' &&
                   strncasecmp(range.data, kind.data, kind.length) == 0
               ? 2
               : 0;
}

/* By the range that names it most closely. */
static int type_weight(struct bytes list, const char *type)
{
    int closest = 0, weight = 0;
    struct wish wish;

    while (next_wish(&list, &wish)) {
        int close = closeness(wish.what, type);

        if (close > closest) {
            closest = close;
            weight = wish.weight;
        }
    }
    return weight;
}

size_t http_accept_type(const char *value, const char *const *types, size_t count)
{
    size_t best = count;
    int weight = 0;

    for (size_t i = 0; i < count; i++) {
        int liked = value && *value ? type_weight(bytes_of(value), types[i]) : WHOLE;

        if (liked > weight) {
            weight = liked;
            best = i;
        }
    }
    return best;
}
