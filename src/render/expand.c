/* SPDX-License-Identifier: MIT */
/* expand.c - templates with named places, filled in. */
#include "render/expand.h"

#include <string.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/hname.h"
#include "base/text.h"
#include "base/zone.h"
#include "render/value_names.h"

#define PLACE_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789_"

#define FORM_CHARACTERS_NOT "{|}"

static size_t name_length(const char *name)
{
    size_t mark = *name == '!';

    return mark + strspn(name + mark, PLACE_CHARACTERS);
}

/* "|day|days" behind a name; 0: it has none. */
static size_t forms_length(const char *text)
{
    size_t length = 0;

    for (int i = 0; i < 2; i++) {
        if (text[length] != '|')
            return 0;
        length += 1 + strcspn(text + length + 1, FORM_CHARACTERS_NOT);
    }
    return length;
}

/* The length of the place at `text`, braces included; 0: there is none. */
static size_t place_length(const char *text)
{
    size_t name = *text == '{' ? name_length(text + 1) : 0;
    size_t length = name ? 1 + name + forms_length(text + 1 + name) : 0;

    return name > (text[1] == '!') && text[length] == '}' ? length + 1 : 0;
}

/* One thing, by its number, or one name, not a list of them? */
static bool is_one(const char *value)
{
    bool number = *value && value[strspn(value, "0123456789")] == '\0';

    return number ? strcmp(value, "1") == 0 : !strstr(value, ", ");
}

/* The word that agrees with the value; "": the place has no forms. */
static char *form_of(TALLOC_CTX *ctx, const char *place, const char *value)
{
    const char *one = place + name_length(place) + 1;
    size_t length = strcspn(one, FORM_CHARACTERS_NOT);

    if (one[-1] != '|')
        return talloc_strdup(ctx, "");
    if (is_one(value))
        return talloc_asprintf(ctx, " %.*s", (int)length, one);
    one += length + 1;
    return talloc_asprintf(ctx, " %.*s", (int)strcspn(one, FORM_CHARACTERS_NOT), one);
}

/* "2026-11-23T15:00:00Z", for people. */
static char *time_for_people(TALLOC_CTX *ctx, const char *value)
{
    int64_t when;

    if (strlen(value) != strlen("2026-11-23T15:00:00Z") || value[10] != 'T' ||
        !clock_parse(value, &when))
        return NULL;
    return talloc_asprintf(ctx, "%.10s %.5s UTC", value, value + 11);
}

static char *in_sentence(TALLOC_CTX *ctx, const char *place, size_t length, const char *value)
{
    char *time = time_for_people(ctx, value);
    char *text =
        time ? time : value_name_translated(ctx, talloc_strndup(ctx, place, length), value);
    char *form = form_of(ctx, place, value);

    return text && form ? talloc_asprintf(ctx, "%s%s", text, form) : NULL;
}

static char *place_as_word(TALLOC_CTX *ctx, const char *name, size_t length)
{
    char *word = talloc_strndup(ctx, name, length);

    for (char *c = word; c && *c; c++) {
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    }
    return word;
}

/* Where a value goes to. */
struct spot {
    const char *line; /* the template's, from its beginning */
    const char *at;   /* the place itself */
    char quote;       /* of the template, open here; '\0': none */
};

/* Would a program take it for an option, or dig for a server?  Quotes do not help with that. */
static bool begins_as_option(const char *value, const struct spot *spot)
{
    bool first = spot->at == spot->line || spot->at[-1] == ' ' || spot->at[-1] == spot->quote;

    return first && *value && strchr("-+@", *value);
}

/* The value as a word of the shell; between quotes of the template those are closed for it.  What
 * can be seen stands as it is. */
static char *quoted(TALLOC_CTX *ctx, const char *value, const struct spot *spot)
{
    char around[2] = {spot->quote, '\0'};
    size_t length = strlen(value);
    const char *shown = length <= EXPAND_VALUE_MAX && text_is_printable(value, length)
                            ? value
                            : text_printable(ctx, value, length, EXPAND_VALUE_MAX);
    char *word = shown && !begins_as_option(value, spot) ? text_shell_quote(ctx, shown) : NULL;

    if (word && spot->quote && strcmp(word, shown) == 0) /* what needs none stands in those */
        return word;
    return word ? talloc_asprintf(ctx, "%s%s%s", around, word, around) : NULL;
}

/* The open quote after one more character of the template; '\0': none. */
static char next_quote(char quote, char c)
{
    if (c != '"' && c != '\'')
        return quote;
    if (!quote)
        return c;
    return (char)(quote == c ? '\0' : quote);
}

/* What a line of a template is: the reader's language, a command, or text to copy. */
enum line_kind { LINE_SENTENCE, LINE_COMMAND, LINE_COPY };

/* Each line of the value on a line of its own: rules made it of what they checked. */
static char *copied_whole(TALLOC_CTX *ctx, const char *value, const struct spot *spot)
{
    char *out = talloc_strdup(ctx, "");

    (void)spot;
    for (size_t length; out && *value; value += length + (value[length] == '\n')) {
        char *line;

        length = strcspn(value, "\n");
        line = text_printable(ctx, value, length, EXPAND_VALUE_MAX);
        out =
            line ? talloc_asprintf_append_buffer(out, "%s%s", *out ? EXPAND_LINE : "", line) : NULL;
    }
    return out;
}

static bool is_numbers(const char *value)
{
    for (; *value; value++)
        if (!ascii_is_alnum((unsigned char)*value) && *value != ' ')
            return false;
    return true;
}

/* A name, or several words such as the data of a TLSA record. */
static char *copied_to_zone(TALLOC_CTX *ctx, const char *value, const struct spot *spot)
{
    if (spot->quote)
        return zone_quoted(ctx, value);
    return *value && is_numbers(value) ? talloc_strdup(ctx, value) : zone_name(ctx, value);
}

static char *copied_to_policy(TALLOC_CTX *ctx, const char *value, const struct spot *spot)
{
    const char *name = strncmp(value, "*.", 2) ? value : value + 2;

    (void)spot;
    return hname_valid(bytes_of(name)) ? talloc_strdup(ctx, value) : NULL;
}

typedef char *(*copy_fn)(TALLOC_CTX *ctx, const char *value, const struct spot *spot);

/* The writer of a line to copy, by what stands in its template. */
static copy_fn copy_fn_of(const struct spot *spot)
{
    static const struct {
        const char *mark;
        copy_fn fn;
    } formats[] = {{" IN ", copied_to_zone}, {"mx: ", copied_to_policy}};
    size_t length = strcspn(spot->line, "\n");

    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
        if (memmem(spot->line, length, formats[i].mark, strlen(formats[i].mark)))
            return formats[i].fn;
    return copied_whole;
}

static const struct param *param_of(const struct expand_params *params, const char *name,
                                    size_t length)
{
    for (size_t i = 0; i < params->count; i++)
        if (strlen(params->params[i].name) == length &&
            strncmp(params->params[i].name, name, length) == 0)
            return &params->params[i];
    return NULL;
}

/* An example is one of several cases, and no diagnosis. */
static bool is_known(const struct expand_params *params, const char *name, size_t length)
{
    return !params->name_missing && param_of(params, name, length);
}

/* mtasts takes mta-sts.d for the policy host of d, unless @ says that it is a domain
 * (base/pasted.h). */
static bool is_domain_that_looks_like_a_policy_host(const struct spot *spot,
                                                    const struct param *param)
{
    return strncmp(spot->line, "mtasts ", strlen("mtasts ")) == 0 &&
           strcmp(param->name, "domain") == 0 &&
           strncmp(param->value, STS_POLICY_HOST_PREFIX, strlen(STS_POLICY_HOST_PREFIX)) == 0 &&
           hname_valid(bytes_of(param->value));
}

/* The value fit for the line that it goes to; NULL: the place has none. */
static char *filled(TALLOC_CTX *ctx, const struct expand_params *params, const struct spot *spot,
                    size_t length, enum line_kind kind)
{
    const char *name = spot->at + 1;
    const struct param *param = param_of(params, name, length);
    char *value;

    if (*name == '!') /* "{!right}": nothing, and only where `right` is unknown */
        return is_known(params, name + 1, length - 1) ? NULL : talloc_strdup(ctx, "");
    if (param && !param->value)
        return NULL;
    if (!param)
        return params->name_missing ? place_as_word(ctx, name, length) : NULL;
    if (kind == LINE_COPY)
        return copy_fn_of(spot)(ctx, param->value, spot);
    if (kind == LINE_COMMAND && is_domain_that_looks_like_a_policy_host(spot, param))
        return talloc_asprintf(ctx, "@%s", param->value);
    if (kind == LINE_COMMAND)
        return quoted(ctx, param->value, spot);
    value = text_printable(ctx, param->value, strlen(param->value), EXPAND_VALUE_MAX);
    return value ? in_sentence(ctx, name, length, value) : NULL;
}

/* Takes the mark off the beginning of a line. */
static enum line_kind kind_of(const char **at)
{
    enum line_kind kind = !strncmp(*at, "$ ", 2)   ? LINE_COMMAND
                          : !strncmp(*at, "| ", 2) ? LINE_COPY
                                                   : LINE_SENTENCE;

    *at += kind == LINE_SENTENCE ? 0 : 2;
    return kind;
}

static char *expand(TALLOC_CTX *ctx, const char *template, const struct expand_params *params,
                    enum line_kind kind)
{
    TALLOC_CTX *scratch = talloc_new(ctx);
    char *out = scratch ? talloc_strdup(scratch, "") : NULL;
    struct spot spot = {.line = template};

    for (const char *at = template; out && *at;) {
        size_t length = place_length(at);
        char *value;

        if (*at == '\n') {
            at++;
            kind = kind_of(&at);
            spot = (struct spot){.line = at};
            out = talloc_strdup_append_buffer(out, kind == LINE_SENTENCE ? "\n" : EXPAND_LINE);
        } else if (!length) {
            spot.quote = next_quote(spot.quote, *at);
            out = talloc_strndup_append_buffer(out, at++, 1);
        } else {
            spot.at = at;
            value = filled(scratch, params, &spot, name_length(at + 1), kind);
            out = value ? talloc_strdup_append_buffer(out, value) : NULL;
            at += length;
        }
    }
    out = talloc_steal(ctx, out);
    talloc_free(scratch);
    return out;
}

char *expand_text(TALLOC_CTX *ctx, const char *template, struct expand_params params)
{
    return expand(ctx, template, &params, LINE_SENTENCE);
}

char *expand_command(TALLOC_CTX *ctx, const char *template, struct expand_params params)
{
    return expand(ctx, template, &params, LINE_COMMAND);
}
