/* SPDX-License-Identifier: MIT */
/* kb_find.c - names, other words for them, and what is near to an unknown one. */
#include "render/kb_find.h"

#include <string.h>

#include "base/ascii.h"
#include "render/kb_entry.h"

#define PART_LEAST 4 /* letters that tell which name they are a part of */

/* As codes are spelt: small letters, hyphens. */
static char *as_code(TALLOC_CTX *ctx, const char *word)
{
    char *code = talloc_strdup(ctx, word);

    for (char *c = code; c && *c; c++)
        if (*c == '_' || *c == ' ')
            *c = '-';
        else
            *c = ascii_lower(*c);
    return code;
}

/* Names that are near, or that the word is a part of. */
static enum sts_status find_near(TALLOC_CTX *ctx, const char *word, struct kb_found *ret)
{
    char *code;

    if (!*word || strlen(word) > KB_WORD_MAX)
        return STS_OK;
    code = as_code(ctx, word);
    if (!code)
        return STS_E_NOMEM;
    ret->near = suggest_begin(code);
    for (size_t i = 0; i < kb_entry_count(); i++) {
        if (strlen(code) >= PART_LEAST && strstr(kb_entry_name(i), code))
            suggest_offer_part(&ret->near, kb_entry_name(i));
        else
            suggest_offer(&ret->near, kb_entry_name(i));
    }
    return STS_OK;
}

static void find_all(const char *word, bool (*is_it)(size_t i, const char *given),
                     struct kb_found *ret)
{
    for (size_t i = 0; i < kb_entry_count(); i++)
        if (is_it(i, word))
            ret->entries[ret->count++] = i;
}

enum sts_status kb_find(TALLOC_CTX *ctx, const char *word, struct kb_found *ret)
{
    *ret = (struct kb_found){.near = suggest_begin(word)};
    ret->entries = talloc_array(ctx, size_t, (unsigned)kb_entry_count());
    if (!ret->entries)
        return STS_E_NOMEM;
    find_all(word, kb_entry_is_named, ret);
    if (ret->count) {
        ret->count = 1;
        return STS_OK;
    }
    find_all(word, kb_entry_is_called, ret);
    return ret->count ? STS_OK : find_near(ctx, word, ret);
}
