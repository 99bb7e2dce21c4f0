/* SPDX-License-Identifier: MIT */
/* html.c - HTML being written. */
#include "pages/html.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "pages/assets.h"
#include "pages/limits.h"

#define FIRST_ROOM 8192

struct html {
    struct html_site site;
    char *data;
    size_t length, room;
    bool broken;
};

/* ---- the buffer ------------------------------------------------------------------------------ */

struct html *html_new(TALLOC_CTX *ctx, const struct html_site *site)
{
    struct html *html = talloc_zero(ctx, struct html);

    if (html)
        html->site = *site;
    return html;
}

struct html *html_beside(TALLOC_CTX *ctx, const struct html *other)
{
    return html_new(ctx, &other->site);
}

bool html_is_whole(const struct html *html)
{
    return !html->broken;
}

struct bytes html_content(const struct html *html)
{
    return (struct bytes){html->data ? html->data : "", html->length};
}

void html_clear(struct html *html)
{
    html->length = 0;
}

/* Room for so many bytes more. */
static bool grow(struct html *html, size_t more)
{
    size_t room = html->room ? html->room : FIRST_ROOM;
    char *data;

    if (html->broken || more > PAGES_HTML_MAX - html->length) {
        html->broken = true;
        return false;
    }
    while (room < html->length + more)
        room *= 2;
    if (room == html->room)
        return true;
    data = talloc_realloc(html, html->data, char, room);
    if (!data) {
        html->broken = true;
        return false;
    }
    html->data = data;
    html->room = room;
    return true;
}

void html_markup(struct html *html, const char *literal, size_t length)
{
    if (!grow(html, length))
        return;
    memcpy(html->data + html->length, literal, length);
    html->length += length;
}

static void markup(struct html *html, const char *text)
{
    html_markup(html, text, strlen(text));
}

/* ---- escaping -------------------------------------------------------------------------------- */

/* What stands for a character of ASCII; NULL: itself. */
static const char *entity_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* Line ends and tabs are layout, in a text to copy for instance; a no-break space is ours. */
static bool can_be_seen(const char *character, size_t length)
{
    if (length == 1 && (*character == '\n' || *character == '\t'))
        return true;
    if (length == 2 && memcmp(character, "\xc2\xa0", 2) == 0)
        return true;
    return text_is_printable(character, length);
}

static void made_visible(struct html *html, const char *character, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        char shown[sizeof("\\xff")];

        (void)snprintf(shown, sizeof(shown), "\\x%02x", (unsigned char)character[i]);
        markup(html, shown);
    }
}

static bool is_plain(unsigned char c)
{
    return c >= ' ' && c < 0x7f && !entity_of((char)c);
}

/* How many bytes stand for themselves: nearly all. */
static size_t plain_run(const char *text, size_t length)
{
    size_t run = 0;

    while (run < length && is_plain((unsigned char)text[run]))
        run++;
    return run;
}

/* Of text and of an attribute between double quotes: the same five characters. */
static void escaped(struct html *html, const char *text, size_t length)
{
    for (size_t at = 0, size; at < length; at += size) {
        const char *entity;

        size = plain_run(text + at, length - at);
        html_markup(html, text + at, size);
        at += size;
        if (at == length)
            return;
        size = text_character(text + at, length - at);
        entity = size == 1 ? entity_of(text[at]) : NULL;
        if (entity)
            markup(html, entity);
        else if (can_be_seen(text + at, size))
            html_markup(html, text + at, size);
        else
            made_visible(html, text + at, size);
    }
}

/* ---- addresses ------------------------------------------------------------------------------- */

static void percent_encoded(struct html *html, const char *text)
{
    for (; *text; text++) {
        char shown[sizeof("%FF")];

        if (ascii_is_alnum((unsigned char)*text) || strchr("-._~", *text)) {
            html_markup(html, text, 1);
            continue;
        }
        (void)snprintf(shown, sizeof(shown), "%%%02X", (unsigned char)*text);
        markup(html, shown);
    }
}

/* The bytes before the colon of what could be a scheme: browsers skip blanks and controls before
 * and within it.  So whatever has a colon before the first of "/?#" counts as one. */
static size_t scheme_length(const char *url)
{
    size_t length = strcspn(url, ":/?#");

    return url[length] == ':' ? length : 0;
}

static bool is_address(const char *url)
{
    static const char *const schemes[] = {"http", "https", "mailto"};
    struct bytes scheme = {url, scheme_length(url)};

    if (*url == ':')
        return false;
    if (!scheme.length)
        return true;
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
        if (bytes_equal_nocase(scheme, schemes[i]))
            return true;
    return false;
}

/* An address as a whole keeps its own percent signs and separators. */
static void address(struct html *html, const char *url)
{
    if (is_address(url))
        escaped(html, url, strlen(url));
    else
        markup(html, "#");
}

/* ---- values ---------------------------------------------------------------------------------- */

struct html_value html_of_string(const char *text)
{
    return (struct html_value){.kind = HTML_STRING, .text = text};
}

struct html_value html_of_number(long long number)
{
    return (struct html_value){.kind = HTML_NUMBER, .number = number};
}

struct html_value html_of_unsigned(unsigned long long number)
{
    return (struct html_value){.kind = HTML_UNSIGNED, .size = number};
}

struct html_value html_of_made(struct html_text made)
{
    return (struct html_value){.kind = HTML_MADE, .made = made};
}

static void put_string(struct html *html, enum html_place place, const char *text)
{
    if (!text)
        return;
    if (place == HTML_URL)
        address(html, text);
    else if (place == HTML_URL_PART)
        percent_encoded(html, text);
    else
        escaped(html, text, strlen(text));
}

/* In addresses and attributes it is for programs. */
static void put_number(struct html *html, enum html_place place, int64_t number)
{
    char text[I18N_NUMBER_SIZE];

    if (place == HTML_TEXT)
        i18n_number(number, text);
    else
        (void)snprintf(text, sizeof(text), "%" PRId64, number);
    markup(html, text);
}

static void put_unsigned(struct html *html, enum html_place place, unsigned long long number)
{
    char text[sizeof("18446744073709551615")];

    if (number <= INT64_MAX) {
        put_number(html, place, (int64_t)number);
        return;
    }
    (void)snprintf(text, sizeof(text), "%llu", number);
    markup(html, text);
}

void html_put(struct html *html, enum html_place place, struct html_value value)
{
    if (value.kind == HTML_STRING)
        put_string(html, place, value.text);
    else if (value.kind == HTML_NUMBER)
        put_number(html, place, value.number);
    else if (value.kind == HTML_UNSIGNED)
        put_unsigned(html, place, value.size);
    else if (place == HTML_TEXT)
        html_put_made(html, value.made);
}

void html_put_made(struct html *html, struct html_text made)
{
    if (!made.made)
        return;
    html->broken = html->broken || made.made->broken;
    html_markup(html, html_content(made.made).data, made.made->length);
}

void html_put_time(struct html *html, int64_t when)
{
    char exact[CLOCK_TEXT_SIZE], shown[CLOCK_TEXT_SIZE];

    if (!when)
        return;
    clock_format(when, exact);
    clock_format_minute(when, shown);
    markup(html, "<time datetime=\"");
    markup(html, exact);
    markup(html, "\">");
    markup(html, shown);
    markup(html, " UTC</time>");
}

/* ---- sentences ------------------------------------------------------------------------------- */

/* The value for the place "{name}" at `at`; NULL: there is no place, or none of that name. */
static const struct html_named *named_at(const char *at, const struct html_named *values,
                                         size_t count)
{
    size_t length = strcspn(at + 1, "{}");

    if (*at != '{' || at[1 + length] != '}')
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (strlen(values[i].name) == length && memcmp(values[i].name, at + 1, length) == 0)
            return &values[i];
    return NULL;
}

void html_put_sentence(struct html *html, enum html_place place, const char *sentence,
                       const struct html_named *values, size_t count)
{
    while (*sentence) {
        const struct html_named *named = named_at(sentence, values, count);
        size_t length = named ? 0 : 1 + strcspn(sentence + 1, "{");

        escaped(html, sentence, length);
        sentence += length;
        if (named) {
            html_put(html, place, named->value);
            sentence += strlen(named->name) + strlen("{}");
        }
    }
}

bool html_is(const char *text, const char *other)
{
    return text && strcmp(text, other) == 0;
}

/* ---- of the site ----------------------------------------------------------------------------- */

void html_put_base(struct html *html)
{
    put_string(html, HTML_URL, html->site.base);
}

void html_put_asset(struct html *html, const char *name)
{
    const struct asset *asset = asset_named(name);

    html_put_base(html);
    markup(html, ASSET_FOLDER);
    put_string(html, HTML_URL_PART, asset ? asset->file : name);
}

void html_put_token(struct html *html)
{
    if (!html->site.token)
        return;
    markup(html, "<input type=\"hidden\" name=\"token\" value=\"");
    put_string(html, HTML_ATTRIBUTE, html->site.token);
    markup(html, "\">");
}
