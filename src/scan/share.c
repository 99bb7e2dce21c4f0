/* SPDX-License-Identifier: MIT */
/* share.c - one shard in work. */
#include "scan/share.h"

#include <stdlib.h>
#include <string.h>

#include <mtasts/match.h>

#include "base/array.h"
#include "base/pasted.h"

static int by_domain(const void *one, const void *other)
{
    const struct store_scan_line *a = one, *b = other;

    return strcmp(a->domain, b->domain);
}

static bool add(struct share *share, const char *given, size_t length)
{
    struct store_scan_line *line =
        array_grow(share, &share->lines, &share->count, sizeof(*share->lines));
    char *text = talloc_strndup(share, given, length), ascii[STS_NAME_SIZE];
    enum pasted_form form;

    if (!line || !text)
        return false;
    /* What an older or a newer mtasts took for a domain is no less in the list. */
    line->domain = pasted_domain(text, ascii, &form) == STS_OK ? talloc_strdup(share, ascii) : text;
    share->left++;
    return line->domain;
}

struct share *share_new(TALLOC_CTX *ctx, const char *names)
{
    struct share *share = talloc_zero(ctx, struct share);
    bool added = share;

    while (added && *names) {
        size_t length = strcspn(names, "\n");

        added = add(share, names, length);
        names += length + (names[length] == '\n');
    }
    if (added && share->count)
        qsort(share->lines, share->count, sizeof(*share->lines), by_domain);
    if (!added)
        TALLOC_FREE(share);
    return share;
}

struct store_scan_line *share_find(struct share *share, const char *domain)
{
    const struct store_scan_line key = {.domain = domain};
    struct store_scan_line *found =
        share->count ? bsearch(&key, share->lines, share->count, sizeof(key), by_domain) : NULL;

    return found && !found->line ? found : NULL;
}

bool share_fill(struct share *share, struct store_scan_line *line, const char *text, size_t length)
{
    line->line = talloc_strndup(share, text, length);
    share->left--;
    return line->line;
}
