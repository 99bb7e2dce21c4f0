/* SPDX-License-Identifier: MIT */
/* shown_finding.c - findings as people see them. */
#include "render/shown_finding.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "render/finding_text.h"
#include "render/severity_text.h"

char *shown_spec(TALLOC_CTX *ctx, const char *spec)
{
    static const char word[] = " section ";
    const char *at = strstr(spec, word);

    if (!at)
        return talloc_strdup(ctx, spec);
    return talloc_asprintf(ctx, _("%.*s section %s"), (int)(at - spec), spec, at + strlen(word));
}

/* Names and addresses are of no language. */
char *shown_subject(TALLOC_CTX *ctx, const struct finding *finding)
{
    const char *subject = finding->subject ? finding->subject : "";

    if (finding->line > 0 && strncmp(subject, "line ", 5) == 0)
        return talloc_asprintf(ctx, _("line %lld"), (long long)finding->line);
    return text_printable(ctx, subject, strlen(subject), 0);
}

static bool is_among(char **lines, const char *line)
{
    for (; lines && *lines; lines++)
        if (strcmp(*lines, line) == 0)
            return true;
    return false;
}

/* The lines that the finding before has not said already. */
static char **unsaid(char **lines, char **said)
{
    size_t kept = 0;

    for (size_t i = 0; lines && lines[i]; i++)
        if (!is_among(said, lines[i]))
            lines[kept++] = lines[i];
    if (lines)
        lines[kept] = NULL;
    return lines;
}

static char **lines_of(TALLOC_CTX *ctx, const struct finding *finding, enum finding_text_list which)
{
    return finding_text_lines(ctx, finding->code, which, finding_text_params(finding));
}

/* before: the finding above it, where it is of the same code; NULL. */
static void show(TALLOC_CTX *ctx, const struct finding *before, struct shown_finding *shown)
{
    const struct finding *finding = shown->finding;

    shown->info = finding_info(finding->code);
    shown->again = before;
    shown->severity = text_severity(finding->severity);
    shown->title = finding_text_title(ctx, finding);
    shown->subject = shown_subject(ctx, finding);
    shown->detail = finding_text_detail(ctx, finding);
    shown->commands = lines_of(ctx, finding, FINDING_TEXT_COMMANDS);
    shown->fix = finding_text_fix(ctx, finding);
    shown->fix_title =
        finding->severity == SEVERITY_INFO ? _("Good to know:") : _("How to fix it:");
    if (before) {
        shown->commands = unsaid(shown->commands, lines_of(ctx, before, FINDING_TEXT_COMMANDS));
        shown->fix = unsaid(shown->fix, finding_text_fix(ctx, before));
        return;
    }
    shown->meaning = finding_text_meaning(ctx, finding);
    shown->causes = lines_of(ctx, finding, FINDING_TEXT_CAUSES);
    shown->spec = shown_spec(ctx, shown->info->spec);
}

struct shown_finding *shown_findings_new(TALLOC_CTX *ctx, const struct finding *findings,
                                         size_t count)
{
    struct shown_finding *shown =
        count ? talloc_zero_array(ctx, struct shown_finding, count) : NULL;

    for (size_t i = 0; shown && i < count; i++) {
        bool again = i && findings[i - 1].code == findings[i].code &&
                     findings[i - 1].severity == findings[i].severity;

        shown[i].finding = &findings[i];
        show(shown, again ? &findings[i - 1] : NULL, &shown[i]);
    }
    return shown;
}
