/* SPDX-License-Identifier: MIT */
/* text_finding.c - one finding for a person. */
#include "render/text.h"

#include <stdint.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "render/finding_text.h"

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

/* Names and addresses are of no language. */
char *text_subject(struct textout *out, const struct finding *finding)
{
    const char *subject = finding->subject ? finding->subject : "";

    if (finding->line > 0 && strncmp(subject, "line ", 5) == 0)
        return talloc_asprintf(out, _("line %lld"), (long long)finding->line);
    return text_printable(out, subject, strlen(subject), 0);
}

static const char *fix_title(const struct finding *finding)
{
    return finding->severity == SEVERITY_INFO ? _("Good to know:") : _("How to fix it:");
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

/* One more finding of the code before: another line, another host.  What is the same is not said
 * twice. */
static void more_of_it(struct textout *out, const struct finding *finding,
                       const struct finding *before)
{
    struct expand_params params = finding_text_params(finding);
    char **seen =
        finding_text_lines(out, before->code, FINDING_TEXT_COMMANDS, finding_text_params(before));

    text_commands(
        out, unsaid(finding_text_lines(out, finding->code, FINDING_TEXT_COMMANDS, params), seen),
        textout_options(out)->verbose ? SIZE_MAX : 1);
    text_numbered(out, fix_title(finding),
                  unsaid(finding_text_fix(out, finding), finding_text_fix(out, before)));
}

static void whole(struct textout *out, const struct finding *finding)
{
    const struct finding_info *info = finding_info(finding->code);
    struct expand_params params = finding_text_params(finding);

    textout_wrap(out, INDENT, STYLE_PLAIN, "", STYLE_PLAIN, finding_text_meaning(out, finding));
    text_commands(out, finding_text_lines(out, finding->code, FINDING_TEXT_COMMANDS, params),
                  textout_options(out)->verbose ? SIZE_MAX : 1);
    text_numbered(out, fix_title(finding), finding_text_fix(out, finding));
    textout_line(out, INDENT, STYLE_FAINT,
                 talloc_asprintf(out, "[%s, %s]", info->name, text_spec(out, info->spec)));
}

/* before: the finding shown last, where it is of the same code; NULL. */
static void one_finding(struct textout *out, const struct finding *finding,
                        const struct finding *before)
{
    char *title = talloc_asprintf(out, "%s: %s (%s)", text_severity(finding->severity),
                                  finding_text_title(out, finding), text_subject(out, finding));

    textout_blank(out);
    textout_wrap(out, 0, text_mark_style(finding->severity), text_mark(out, finding->severity),
                 STYLE_BOLD, title);
    textout_wrap(out, INDENT, STYLE_PLAIN, "", STYLE_PLAIN, finding_text_detail(out, finding));
    if (before)
        more_of_it(out, finding, before);
    else
        whole(out, finding);
}

void text_show_findings(struct textout *out, const struct finding *findings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool again = i && findings[i - 1].code == findings[i].code &&
                     findings[i - 1].severity == findings[i].severity;

        one_finding(out, &findings[i], again ? &findings[i - 1] : NULL);
    }
}
