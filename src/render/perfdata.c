/* SPDX-License-Identifier: MIT */
/* perfdata.c - performance data of monitoring plugins. */
#include "render/perfdata.h"

#include <stdbool.h>
#include <string.h>

#define PLAIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

/* "=" ends a label and "|" the text before it, quoted or not; nor may a line end be there. */
static bool is_forbidden(char c)
{
    return c == '=' || c == '|' || (unsigned char)c < ' ' || c == 0x7f;
}

/* In single quotes where it is not plain; a quote is doubled. */
static char *label_text(TALLOC_CTX *ctx, const char *label)
{
    char *made, *at;

    if (*label && !label[strspn(label, PLAIN)])
        return talloc_strdup(ctx, label);
    made = talloc_size(ctx, 2 * strlen(label) + 3);
    if (!made)
        return NULL;
    at = made;
    *at++ = '\'';
    for (; *label; label++) {
        if (*label == '\'')
            *at++ = '\'';
        *at++ = *label;
        if (is_forbidden(*label))
            at[-1] = '_';
    }
    *at++ = '\'';
    *at = '\0';
    return made;
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

char *perfdata_text(TALLOC_CTX *ctx, const struct perfdatum *datum)
{
    char *label = label_text(ctx, datum->label);
    char *text =
        label ? talloc_asprintf(ctx, "%s=%s%s;%s;%s;%s;%s", label, datum->value,
                                or_empty(datum->unit), or_empty(datum->warn), or_empty(datum->crit),
                                or_empty(datum->min), or_empty(datum->max))
              : NULL;
    size_t length = text ? strlen(text) : 0;

    while (length && text[length - 1] == ';') /* what is empty at the end may be left out */
        text[--length] = '\0';
    talloc_free(label);
    return text;
}
