/* SPDX-License-Identifier: MIT */
/* parameters.c - names, tokens and quoted strings. */
#include "http/parameters.h"

#include "base/ascii.h"
#include "base/scanner.h"
#include "http/grammar.h"

bool http_value_is(struct bytes value, const char *what)
{
    struct scanner scanner = scanner_begin(value);

    return bytes_equal_nocase(bytes_trim(scanner_until(&scanner, ';')), what);
}

/* Takes the rest of a quoted string with its end, which is left out of what is given back. */
static struct bytes take_quoted(struct scanner *scanner)
{
    size_t from = scanner->at;
    bool escaped = false;
    int c;

    while ((c = scanner_peek(scanner)) >= 0 && (c != '"' || escaped)) {
        escaped = c == '\\' && !escaped;
        scanner->at++;
    }
    scanner_expect(scanner, '"');
    return (struct bytes){scanner->text.data + from, scanner->at - from - !scanner->failed};
}

/* Takes NAME=VALUE behind a ';'. */
static bool take_parameter(struct scanner *scanner, struct bytes *ret_name, struct bytes *ret_value,
                           bool *ret_quoted)
{
    (void)scanner_until(scanner, ';');
    scanner_expect(scanner, ';');
    (void)scanner_while(scanner, ascii_is_blank);
    *ret_name = scanner_while(scanner, http_is_token);
    scanner_expect(scanner, '=');
    *ret_quoted = scanner_try(scanner, '"');
    *ret_value = *ret_quoted ? take_quoted(scanner) : scanner_while(scanner, http_is_token);
    return !scanner->failed;
}

static char *unquoted(TALLOC_CTX *ctx, struct bytes value)
{
    char *text = talloc_size(ctx, value.length + 1), *to = text;

    if (!text)
        return NULL;
    for (size_t i = 0; i < value.length; i++) {
        if (value.data[i] == '\\' && i + 1 < value.length && value.data[i + 1] == '"')
            i++;
        *to++ = value.data[i];
    }
    *to = '\0';
    return text;
}

bool http_parameter(TALLOC_CTX *ctx, struct bytes value, const char *name, char **ret)
{
    struct scanner scanner = scanner_begin(value);
    struct bytes found, content;
    bool quoted;

    *ret = NULL;
    while (take_parameter(&scanner, &found, &content, &quoted)) {
        if (!bytes_equal_nocase(found, name))
            continue;
        *ret = quoted ? unquoted(ctx, content) : talloc_strndup(ctx, content.data, content.length);
        return *ret;
    }
    return true;
}
