/* SPDX-License-Identifier: MIT */
/* expand.c - templates with named places, filled in. */
#include "render/expand.h"

#include <string.h>

#include "base/text.h"
#include "render/tokens.h"

#define PLACE_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789_"

/* The length of the place at `text`, braces included; 0: there is none. */
static size_t place_length(const char *text)
{
    size_t name = *text == '{' ? strspn(text + 1, PLACE_CHARACTERS) : 0;

    return name && text[name + 1] == '}' ? name + 2 : 0;
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

/* The printable value of a place; NULL: it has none. */
static char *value_of(TALLOC_CTX *ctx, const struct expand_params *params, const char *name,
                      size_t length)
{
    for (size_t i = 0; i < params->count; i++) {
        const struct param *param = &params->params[i];

        if (strlen(param->name) == length && strncmp(param->name, name, length) == 0)
            return text_printable(ctx, param->value, strlen(param->value), EXPAND_VALUE_MAX);
    }
    return params->name_missing ? place_as_word(ctx, name, length) : NULL;
}

/* The value as a word of the shell; between quotes of the template those are closed for it. */
static char *quoted(TALLOC_CTX *ctx, const char *value, char quote)
{
    char around[2] = {quote, '\0'};
    char *word = text_shell_quote(ctx, value);

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

static char *expand(TALLOC_CTX *ctx, const char *template, const struct expand_params *params,
                    bool command)
{
    TALLOC_CTX *scratch = talloc_new(ctx);
    char *out = scratch ? talloc_strdup(scratch, "") : NULL;
    char quote = '\0';

    for (const char *at = template; out && *at;) {
        size_t length = place_length(at);
        char *value;

        if (!length) {
            quote = next_quote(quote, *at);
            out = talloc_strndup_append_buffer(out, at++, 1);
            continue;
        }
        value = value_of(scratch, params, at + 1, length - 2);
        if (value && command)
            value = quoted(scratch, value, quote);
        else if (value)
            value = tokens_translated(scratch, talloc_strndup(scratch, at + 1, length - 2), value);
        out = value ? talloc_strdup_append_buffer(out, value) : NULL;
        at += length;
    }
    out = talloc_steal(ctx, out);
    talloc_free(scratch);
    return out;
}

char *expand_text(TALLOC_CTX *ctx, const char *template, struct expand_params params)
{
    return expand(ctx, template, &params, false);
}

char *expand_command(TALLOC_CTX *ctx, const char *template, struct expand_params params)
{
    return expand(ctx, template, &params, true);
}
