/* SPDX-License-Identifier: MIT */
/* html.h - HTML being written: a buffer that grows up to a ceiling, and writers that escape for the
 * place a value goes to.
 *
 * Templates (*.html, see tools/compile-page) are compiled to functions that call these.  What goes
 * in is anybody's text: whatever is not UTF-8, a control character or changes the order in which
 * its neighbours are read is shown as \xNN.  Errors of memory are swallowed; html_is_whole() tells
 * them. */
#ifndef PAGES_HTML_H
#define PAGES_HTML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include "base/bytes.h"

struct html;

/* What has been escaped already: the content of another buffer, since only writers fill one. */
struct html_text {
    const struct html *made;
};

/* What pages need of the service and of the session; borrowed. */
struct html_site {
    const char *base;  /* the path that every address begins with: "/", "/a/b/" */
    const char *token; /* against forged forms; NULL: there is none */
};

/* NULL: no memory. */
struct html *html_new(TALLOC_CTX *ctx, const struct html_site *site);
/* Another buffer for the same site, such as one whose content becomes a value of the other. */
struct html *html_beside(TALLOC_CTX *ctx, const struct html *other);
/* False: memory ran out or the ceiling was reached, and the content is not to be sent. */
bool html_is_whole(const struct html *html);
/* Borrowed until the next call. */
struct bytes html_content(const struct html *html);
/* Empty again, for the next piece of a page that is sent as it becomes known. */
void html_clear(struct html *html);

/* Markup as it is: literals of templates, and of C that writes SVG. */
void html_markup(struct html *html, const char *literal, size_t length);
#define HTML_LITERAL(html, literal) html_markup(html, "" literal, sizeof(literal) - 1)

enum html_place {
    HTML_TEXT,
    HTML_ATTRIBUTE, /* between double quotes */
    HTML_URL,       /* the beginning of an address in an attribute, or all of it: "#" instead, where
                       it has a scheme other than http, https and mailto */
    HTML_URL_PART   /* within an address: a segment of the path or a value of the query */
};

enum html_kind { HTML_STRING, HTML_NUMBER, HTML_UNSIGNED, HTML_MADE };
struct html_value {
    enum html_kind kind;
    const char *text; /* NULL: nothing is written */
    long long number;
    unsigned long long size;
    struct html_text made; /* only into text */
};
struct html_value html_of_string(const char *text);
struct html_value html_of_number(long long number);
struct html_value html_of_unsigned(unsigned long long number);
struct html_value html_of_made(struct html_text made);

/* A value by its C type; others do not compile. */
#define HTML_TYPES                                                                                 \
    char * : html_of_string,                                                                       \
             const char * : html_of_string,                                                        \
                            short : html_of_number,                                                \
                                    unsigned short : html_of_unsigned,                             \
                                                     int : html_of_number,                         \
                                                           unsigned : html_of_unsigned,            \
                                                                      long : html_of_number,       \
                                                                             unsigned long         \
        : html_of_unsigned,                                                                        \
          long long : html_of_number,                                                              \
                      unsigned long long : html_of_unsigned
#define HTML_VALUE(x)         _Generic((x), HTML_TYPES)(x)
#define HTML_VALUE_OR_MADE(x) _Generic((x), HTML_TYPES, struct html_text : html_of_made)(x)

void html_put(struct html *html, enum html_place place, struct html_value value);
void html_put_made(struct html *html, struct html_text made);
/* <time datetime="2026-11-30T11:00:00Z">2026-11-30 11:00 UTC</time>; nothing for 0. */
void html_put_time(struct html *html, int64_t when);

/* "Checked {when}.", translated already, with values for its places. */
struct html_named {
    const char *name;
    struct html_value value;
};
void html_put_sentence(struct html *html, enum html_place place, const char *sentence,
                       const struct html_named *values, size_t count);

/* For conditions: the same text, and not NULL? */
bool html_is(const char *text, const char *other);

/* The base, and the address of an asset of that name (assets.h), in an attribute. */
void html_put_base(struct html *html);
void html_put_asset(struct html *html, const char *name);
/* The hidden field of a form that tells it from a forged one. */
void html_put_token(struct html *html);

#endif
