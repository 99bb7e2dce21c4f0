/* SPDX-License-Identifier: MIT */
/* text_finding.c - one finding for a person. */
#include "render/text.h"

#include <stdint.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "render/words.h"

#define INDENT ((size_t)2)

static void heading(struct page *page, const char *text)
{
    page_line(page, INDENT, STYLE_FAINT, text);
}

void text_numbered(struct page *page, const char *title, char **lines)
{
    if (!lines || !lines[0])
        return;
    heading(page, title);
    for (size_t i = 0; lines[i]; i++) {
        char *number = lines[1] ? talloc_asprintf(page, "%zu. ", i + 1) : talloc_strdup(page, "");

        if (number)
            page_wrap(page, 2 * INDENT, STYLE_PLAIN, number, STYLE_PLAIN, lines[i]);
    }
}

void text_listed(struct page *page, const char *title, char **lines)
{
    if (!lines || !lines[0])
        return;
    heading(page, title);
    for (size_t i = 0; lines[i]; i++)
        page_wrap(page, 2 * INDENT, STYLE_PLAIN, "- ", STYLE_PLAIN, lines[i]);
}

void text_commands(struct page *page, char **lines, size_t limit)
{
    if (!lines || !lines[0])
        return;
    heading(page, _("Verify it yourself:"));
    for (size_t i = 0; lines[i] && i < limit; i++)
        page_line(page, 2 * INDENT, STYLE_BOLD, lines[i]);
}

/* A line of the policy is named in the user's language; names and addresses are nobody's. */
static char *subject_of(struct page *page, const struct finding *finding)
{
    const char *subject = finding->subject ? finding->subject : "";

    if (finding->line > 0 && strncmp(subject, "line ", 5) == 0)
        return talloc_asprintf(page, _("line %lld"), (long long)finding->line);
    return text_printable(page, subject, strlen(subject), 0);
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
static void more_of_it(struct page *page, const struct finding *finding,
                       const struct finding *before)
{
    struct expand_params params = words_params(finding);
    char **seen = words_lines(page, before->code, WORDS_COMMANDS, words_params(before));

    text_commands(page, unsaid(words_lines(page, finding->code, WORDS_COMMANDS, params), seen),
                  page_options(page)->verbose ? SIZE_MAX : 1);
    text_numbered(page, fix_title(finding),
                  unsaid(words_fix(page, finding), words_fix(page, before)));
}

static void whole(struct page *page, const struct finding *finding)
{
    const struct finding_info *info = finding_info(finding->code);
    struct expand_params params = words_params(finding);

    page_wrap(page, INDENT, STYLE_PLAIN, "", STYLE_PLAIN, words_meaning(page, finding));
    text_commands(page, words_lines(page, finding->code, WORDS_COMMANDS, params),
                  page_options(page)->verbose ? SIZE_MAX : 1);
    text_numbered(page, fix_title(finding), words_fix(page, finding));
    page_line(page, INDENT, STYLE_FAINT,
              talloc_asprintf(page, "[%s, %s]", info->name, text_spec(page, info->spec)));
}

/* before: the finding shown last, where it is of the same code; NULL. */
static void one_finding(struct page *page, const struct finding *finding,
                        const struct finding *before)
{
    char *title = talloc_asprintf(page, "%s: %s (%s)", text_severity(finding->severity),
                                  words_title(page, finding), subject_of(page, finding));

    page_blank(page);
    page_wrap(page, 0, text_mark_style(finding->severity), text_mark(page, finding->severity),
              STYLE_BOLD, title);
    page_wrap(page, INDENT, STYLE_PLAIN, "", STYLE_PLAIN, words_detail(page, finding));
    if (before)
        more_of_it(page, finding, before);
    else
        whole(page, finding);
}

void text_show_findings(struct page *page, const struct finding *findings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool again = i && findings[i - 1].code == findings[i].code &&
                     findings[i - 1].severity == findings[i].severity;

        one_finding(page, &findings[i], again ? &findings[i - 1] : NULL);
    }
}
