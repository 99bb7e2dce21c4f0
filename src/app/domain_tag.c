/* SPDX-License-Identifier: MIT */
/* domain_tag.c - tags as they are stored. */
#include "app/domain_tag.h"

#include <string.h>

#include "base/ascii.h"
#include "base/scanner.h"
#include "base/text.h"

static bool is_letter(unsigned char c)
{
    return ascii_is_alnum(c) || c >= 0x80;
}

static bool is_within(unsigned char c)
{
    return is_letter(c) || (c && strchr("-_.:/", c));
}

char *domain_tag(TALLOC_CTX *ctx, struct bytes typed)
{
    struct scanner scanner = scanner_begin(typed);
    char *tag;

    if (typed.length == 0 || typed.length > DOMAIN_TAG_MAX ||
        !is_letter((unsigned char)*typed.data) || !text_is_printable(typed.data, typed.length))
        return NULL;
    (void)scanner_while(&scanner, is_within);
    if (!scanner_finished(&scanner))
        return NULL;
    tag = talloc_strndup(ctx, typed.data, typed.length);
    for (char *at = tag; at && *at; at++)
        *at = ascii_lower(*at);
    return tag;
}

static bool is_between(unsigned char c)
{
    return ascii_is_space(c) || c == ',' || c == ';';
}

static bool is_word(unsigned char c)
{
    return !is_between(c);
}

/* Is it among those, which have a blank before and behind each? */
static bool is_among(TALLOC_CTX *ctx, const char *tags, const char *tag)
{
    char *word = talloc_asprintf(ctx, " %s ", tag);
    bool is = word && strstr(tags, word);

    talloc_free(word);
    return is;
}

static char *add(TALLOC_CTX *ctx, char *tags, struct bytes word, size_t *count)
{
    char *tag = tags ? domain_tag(ctx, word) : NULL;

    if (!tag)
        return NULL;
    if (!is_among(ctx, tags, tag)) {
        tags = ++*count > DOMAIN_TAGS_MAX ? NULL : talloc_asprintf_append(tags, "%s ", tag);
    }
    talloc_free(tag);
    return tags;
}

char *domain_tags(TALLOC_CTX *ctx, struct bytes typed)
{
    TALLOC_CTX *work = talloc_new(ctx);
    struct scanner scanner = scanner_begin(typed);
    char *tags = talloc_strdup(work, " "), *all = NULL;
    size_t count = 0;

    (void)scanner_while(&scanner, is_between);
    while (tags && !scanner_at_end(&scanner)) {
        tags = add(work, tags, scanner_while(&scanner, is_word), &count);
        (void)scanner_while(&scanner, is_between);
    }
    if (tags)
        all = talloc_strndup(ctx, tags + 1, strlen(tags) > 1 ? strlen(tags) - 2 : 0);
    talloc_free(work);
    return all;
}
