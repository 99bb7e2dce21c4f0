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

static const char *sentence(struct textout *out, const struct ingest_page *from)
{
    char *counts =
        talloc_asprintf(out, _("%zu new, %zu already stored, %zu revised, %zu rejected"),
                        from->added, from->duplicates, from->revisions, from->rejected_count);

    if (!from->complete)
        return talloc_asprintf(
            out, _("interrupted; run it again (nothing is counted twice). So far: %s."), counts);
    if (!from->added && !from->duplicates && !from->revisions && !from->rejected_count)
        return _("no TLS report was found.");
    return talloc_asprintf(out, _("TLS reports: %s."), counts);
}

char *text_ingest(TALLOC_CTX *ctx, const struct ingest_page *from,
                  const struct textout_options *options)
{
    struct textout *out = textout_new(ctx, options);
    enum verdict verdict = verdict_of(from);

    if (!out)
        return NULL;
    textout_line(out, 0, text_verdict_style(verdict),
                 talloc_asprintf(out, "%s: %s", text_verdict_word(verdict), sentence(out, from)));
    if (options->quiet)
        return textout_end(out);
    text_show_rejected(out, from->rejected, from->listed);
    if (from->rejected_more)
        textout_line(out, 2, STYLE_FAINT,
                     talloc_asprintf(out, _("... and %zu more"), from->rejected_more));
    textout_blank(out);
    if (from->other_mails)
        textout_line(
            out, 0, STYLE_FAINT,
            talloc_asprintf(out, _("Other messages in the mailboxes: %zu"), from->other_mails));
    textout_line(out, 0, STYLE_FAINT,
                 talloc_asprintf(out, _("Store: %s"),
                                 text_printable(out, from->store, strlen(from->store), 0)));
    return textout_end(out);
}
