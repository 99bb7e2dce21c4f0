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
    size_t mark = *text == '{' && text[1] == '!';
    size_t name = *text == '{' ? strspn(text + 1 + mark, PLACE_CHARACTERS) : 0;

    return name && text[mark + name + 1] == '}' ? mark + name + 2 : 0;
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

/* What a line of a template is: the reader's language, a command, or text to copy. */
enum line_kind { LINE_SENTENCE, LINE_COMMAND, LINE_COPY };

/* Each line of the value on a line of its own. */
static char *copied(TALLOC_CTX *ctx, const char *value)
{
    char *out = talloc_strdup(ctx, "");

    for (size_t length; out && *value; value += length + (value[length] == '\n')) {
        char *line;

        length = strcspn(value, "\n");
        line = text_printable(ctx, value, length, EXPAND_VALUE_MAX);
        out =
            line ? talloc_asprintf_append_buffer(out, "%s%s", *out ? EXPAND_LINE : "", line) : NULL;
    }
    return out;
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

/* The value fit for the line that it goes to; NULL: the place has none. */
static char *filled(TALLOC_CTX *ctx, const struct expand_params *params, const char *name,
                    size_t length, enum line_kind kind, char quote)
{
    const struct param *param = param_of(params, name, length);
    char *value;

    if (*name == '!') /* "{!right}": nothing, and only where `right` is unknown */
        return param_of(params, name + 1, length - 1) ? NULL : talloc_strdup(ctx, "");
    if (!param)
        return params->name_missing ? place_as_word(ctx, name, length) : NULL;
    if (kind == LINE_COPY)
        return copied(ctx, param->value);
    value = text_printable(ctx, param->value, strlen(param->value), EXPAND_VALUE_MAX);
    if (!value)
        return NULL;
    return kind == LINE_COMMAND ? quoted(ctx, value, quote)
                                : tokens_translated(ctx, talloc_strndup(ctx, name, length), value);
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
    char quote = '\0';

    for (const char *at = template; out && *at;) {
        size_t length = place_length(at);
        char *value;

        if (*at == '\n') {
            at++;
            kind = kind_of(&at);
            quote = '\0';
            out = talloc_strdup_append_buffer(out, kind == LINE_SENTENCE ? "\n" : EXPAND_LINE);
        } else if (!length) {
            quote = next_quote(quote, *at);
            out = talloc_strndup_append_buffer(out, at++, 1);
        } else {
            value = filled(scratch, params, at + 1, length - 2, kind, quote);
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
