/* SPDX-License-Identifier: MIT */
/* text_finding.c - one finding for a person, and what `explain` knows of a code. */
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

/* Steps are numbered where there are several. */
static void numbered(struct page *page, const char *title, char **lines)
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

static void listed(struct page *page, const char *title, char **lines)
{
    if (!lines || !lines[0])
        return;
    heading(page, title);
    for (size_t i = 0; lines[i]; i++)
        page_wrap(page, 2 * INDENT, STYLE_PLAIN, "- ", STYLE_PLAIN, lines[i]);
}

/* Commands are never wrapped: they are there to be copied. */
static void commands(struct page *page, char **lines, size_t limit)
{
    if (!lines || !lines[0])
        return;
    heading(page, _("See it yourself:"));
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

static void one_finding(struct page *page, const struct finding *finding)
{
    const struct finding_info *info = finding_info(finding->code);
    struct expand_params params = words_params(finding);
    char *title = talloc_asprintf(page, "%s: %s (%s)", text_severity(finding->severity),
                                  words_title(page, finding), subject_of(page, finding));

    page_blank(page);
    page_wrap(page, 0, text_mark_style(finding->severity), text_mark(page, finding->severity),
              STYLE_BOLD, title);
    page_wrap(page, INDENT, STYLE_PLAIN, "", STYLE_PLAIN, words_detail(page, finding));
    page_wrap(page, INDENT, STYLE_PLAIN, "", STYLE_PLAIN, words_meaning(page, finding));
    commands(page, words_lines(page, finding->code, WORDS_COMMANDS, params),
             page_options(page)->verbose ? SIZE_MAX : 1);
    numbered(page, _("How to put it right:"), words_fix(page, finding));
    page_line(page, INDENT, STYLE_FAINT, talloc_asprintf(page, "[%s, %s]", info->name, info->spec));
}

void text_show_findings(struct page *page, const struct finding *findings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        one_finding(page, &findings[i]);
}

/* ---- explain --------------------------------------------------------------------------------- */

static const char *severity_or_dash(enum severity severity)
{
    return severity == SEVERITY_NONE ? "-" : text_severity(severity);
}

char *text_explain(TALLOC_CTX *ctx, enum finding_code code, const struct page_options *options)
{
    const struct finding_info *info = finding_info(code);
    const struct advice *advice = advice_for(code);
    struct expand_params params = words_example();
    struct page *page = page_new(ctx, options);

    if (!page)
        return NULL;
    page_wrap(page, 0, STYLE_BOLD, talloc_asprintf(page, "%s: ", info->name), STYLE_BOLD,
              _(info->title));
    if (options->quiet)
        return page_end(page);
    page_wrap(page, INDENT, STYLE_FAINT, "", STYLE_FAINT,
              talloc_asprintf(page, _("Severity: %s in enforce, %s in testing, %s otherwise. %s."),
                              severity_or_dash(info->enforce), severity_or_dash(info->testing),
                              severity_or_dash(info->otherwise), info->spec));
    if (*info->result_types)
        page_wrap(page, INDENT, STYLE_FAINT, _("Reported by senders as: "), STYLE_FAINT,
                  info->result_types);
    if (advice && advice->meaning)
        page_wrap(page, INDENT, STYLE_PLAIN, "", STYLE_PLAIN,
                  expand_text(page, _(advice->meaning), params));
    listed(page, _("Usual causes:"), words_lines(page, code, WORDS_CAUSES, params));
    commands(page, words_lines(page, code, WORDS_COMMANDS, params), SIZE_MAX);
    numbered(page, _("How to put it right:"), words_lines(page, code, WORDS_FIX, params));
    return page_end(page);
}

/* The findings that senders report so. */
static char **causes_of(TALLOC_CTX *ctx, const char *type)
{
    char **lines = talloc_zero_array(ctx, char *, FINDING_COUNT + 1);
    size_t count = 0;

    for (int code = 0; lines && code < FINDING_COUNT; code++) {
        const struct finding_info *info = finding_info((enum finding_code)code);

        if (result_type_of(info, type))
            lines[count++] = talloc_asprintf(lines, "%s (%s)", _(info->title), info->name);
    }
    return lines;
}

char *text_explain_type(TALLOC_CTX *ctx, const struct result_type *type,
                        const struct page_options *options)
{
    struct expand_params params = words_example();
    struct page *page = page_new(ctx, options);

    if (!page)
        return NULL;
    page_wrap(page, 0, STYLE_BOLD, talloc_asprintf(page, "%s: ", type->name), STYLE_BOLD,
              _(type->title));
    if (options->quiet)
        return page_end(page);
    page_wrap(page, INDENT, STYLE_FAINT, "", STYLE_FAINT,
              _("A result type of TLS reports, RFC 8460 section 4.3."));
    page_wrap(page, INDENT, STYLE_PLAIN, "", STYLE_PLAIN, _(type->meaning));
    listed(page, _("Usual causes:"), causes_of(page, type->name));
    commands(page, (char *[]){expand_command(page, type->command, params), NULL}, 1);
    numbered(page, _("How to put it right:"),
             (char *[]){expand_text(page, _(type->fix), params), NULL});
    return page_end(page);
}
