/* SPDX-License-Identifier: MIT */
/* lint.c - the lines of a text, and which of them are wrong. */
#include "pages/lint.h"

#include <string.h>

#include "base/array.h"
#include "base/i18n.h"

static bool is_wrong(const struct lint *lint, size_t number)
{
    for (size_t i = 0; i < lint->finding_count; i++)
        if (lint->findings[i].line == (int64_t)number)
            return true;
    return false;
}

static void add_rows(TALLOC_CTX *ctx, struct lint_page *page, const struct lint *lint)
{
    const char *at = page->text;

    while (at && *at) {
        size_t length = strcspn(at, "\n"), shown = length;
        struct lint_row *row = array_grow(ctx, &page->rows, &page->row_count, sizeof(*row));

        if (!row)
            return;
        if (shown && at[shown - 1] == '\r')
            shown--;
        *row = (struct lint_row){page->row_count, talloc_strndup(ctx, at, shown),
                                 is_wrong(lint, page->row_count)};
        at += length + (at[length] == '\n');
    }
}

void lint_page_fill(TALLOC_CTX *ctx, struct lint_page *page, const struct lint *lint)
{
    page->lint = lint;
    page->verdict = lint->valid ? _("This text complies with the standard.")
                                : _("This text does not comply with the standard.");
    add_rows(ctx, page, lint);
    page->findings = findings_page_of(ctx, lint->findings, lint->finding_count);
}
