/* SPDX-License-Identifier: MIT */
/* text_finding.c - one finding for a person. */
#include "render/text.h"

#include <stdint.h>

#include "base/i18n.h"
#include "render/shown_finding.h"

#define INDENT ((size_t)2)

static void heading(struct textout *out, const char *text)
{
    textout_line(out, INDENT, STYLE_FAINT, text);
}

void text_numbered(struct textout *out, const char *title, char **lines)
{
    if (!lines || !lines[0])
        return;
    heading(out, title);
    for (size_t i = 0; lines[i]; i++) {
        char *number = lines[1] ? talloc_asprintf(out, "%zu. ", i + 1) : talloc_strdup(out, "");

        if (number)
            textout_wrap(out, 2 * INDENT, STYLE_PLAIN, number, STYLE_PLAIN, lines[i]);
    }
}

void text_listed(struct textout *out, const char *title, char **lines)
{
    if (!lines || !lines[0])
        return;
    heading(out, title);
    for (size_t i = 0; lines[i]; i++)
        textout_wrap(out, 2 * INDENT, STYLE_PLAIN, "- ", STYLE_PLAIN, lines[i]);
}

void text_commands(struct textout *out, char **lines, size_t limit)
{
    if (!lines || !lines[0])
        return;
    heading(out, _("Verify it yourself:"));
    for (size_t i = 0; lines[i] && i < limit; i++)
        textout_line(out, 2 * INDENT, STYLE_BOLD, lines[i]);
}

/* The first command says most; the others are for who wants it all. */
static void show(struct textout *out, const struct shown_finding *shown)
{
    textout_blank(out);
    textout_wrap(
        out, 0, text_mark_style(shown->finding->severity), text_mark(out, shown->finding->severity),
        STYLE_BOLD,
        talloc_asprintf(out, "%s: %s (%s)", shown->severity, shown->title, shown->subject));
    textout_wrap(out, INDENT, STYLE_PLAIN, "", STYLE_PLAIN, shown->detail);
    if (!shown->again)
        textout_wrap(out, INDENT, STYLE_PLAIN, "", STYLE_PLAIN, shown->meaning);
    text_commands(out, shown->commands, textout_options(out)->verbose ? SIZE_MAX : 1);
    text_numbered(out, shown->fix_title, shown->fix);
    if (!shown->again)
        textout_line(out, INDENT, STYLE_FAINT,
                     talloc_asprintf(out, "[%s, %s]", shown->info->name, shown->spec));
}

void text_show_findings(struct textout *out, const struct finding *findings, size_t count)
{
    const struct shown_finding *shown = shown_findings_new(out, findings, count);

    for (size_t i = 0; shown && i < count; i++)
        show(out, &shown[i]);
}
