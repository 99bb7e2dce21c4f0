/* SPDX-License-Identifier: MIT */
/* text_ingest.c - what became of reports that were put into the store, for people. */
#include "render/ingest.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "render/text.h"

static enum verdict verdict_of(const struct ingest_page *from)
{
    if (!from->complete)
        return VERDICT_CRITICAL;
    return from->rejected_count ? VERDICT_WARNING : VERDICT_OK;
}

static const char *sentence(struct page *page, const struct ingest_page *from)
{
    char *counts =
        talloc_asprintf(page, _("%zu new, %zu already stored, %zu revised, %zu rejected"),
                        from->added, from->duplicates, from->revisions, from->rejected_count);

    if (!from->complete)
        return talloc_asprintf(
            page, _("interrupted; run it again (nothing is counted twice). So far: %s."), counts);
    if (!from->added && !from->duplicates && !from->revisions && !from->rejected_count)
        return _("no TLS report was found.");
    return talloc_asprintf(page, _("TLS reports: %s."), counts);
}

char *text_ingest(TALLOC_CTX *ctx, const struct ingest_page *from,
                  const struct page_options *options)
{
    struct page *page = page_new(ctx, options);
    enum verdict verdict = verdict_of(from);

    if (!page)
        return NULL;
    page_line(page, 0, text_verdict_style(verdict),
              talloc_asprintf(page, "%s: %s", text_verdict_word(verdict), sentence(page, from)));
    if (options->quiet)
        return page_end(page);
    text_show_rejected(page, from->rejected, from->listed);
    if (from->rejected_more)
        page_line(page, 2, STYLE_FAINT,
                  talloc_asprintf(page, _("... and %zu more"), from->rejected_more));
    page_blank(page);
    if (from->other_mails)
        page_line(
            page, 0, STYLE_FAINT,
            talloc_asprintf(page, _("Other messages in the mailboxes: %zu"), from->other_mails));
    page_line(page, 0, STYLE_FAINT,
              talloc_asprintf(page, _("Store: %s"),
                              text_printable(page, from->store, strlen(from->store), 0)));
    return page_end(page);
}
