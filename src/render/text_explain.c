/* SPDX-License-Identifier: MIT */
/* text_explain.c - an entry of the knowledge base for a person. */
#include <stdint.h>
#include <string.h>

#include "base/i18n.h"
#include "render/text.h"

#define INDENT ((size_t)2)

static const char *severity_or_dash(enum severity severity)
{
    return severity == SEVERITY_NONE ? "-" : text_severity(severity);
}

static bool has_severity(const struct entry *entry)
{
    return entry->enforce != SEVERITY_NONE || entry->testing != SEVERITY_NONE ||
           entry->otherwise != SEVERITY_NONE;
}

static void show_severity(struct page *page, const struct entry *entry)
{
    page_wrap(
        page, INDENT, STYLE_FAINT, "", STYLE_FAINT,
        has_severity(entry)
            ? talloc_asprintf(page, _("Severity: %s in enforce, %s in testing, %s otherwise. %s."),
                              severity_or_dash(entry->enforce), severity_or_dash(entry->testing),
                              severity_or_dash(entry->otherwise), text_spec(page, entry->spec))
            : talloc_asprintf(page, "%s.", text_spec(page, entry->spec)));
}

static char *joined(struct page *page, char **list, const char *between)
{
    char *text = talloc_strdup(page, "");

    for (size_t i = 0; list[i] && text; i++)
        text = talloc_asprintf_append(text, "%s%s", i ? between : "", list[i]);
    return text;
}

static void show_relations(struct page *page, const struct entry *entry)
{
    bool is_type = strcmp(entry->kind, "result-type") == 0;

    if (*entry->result_types && !is_type)
        page_wrap(page, INDENT, STYLE_FAINT, _("Senders report it as: "), STYLE_FAINT,
                  entry->result_types);
    if (entry->findings[0])
        page_wrap(page, INDENT, STYLE_FAINT,
                  is_type ? _("A check reports it as: ") : _("Related findings: "), STYLE_FAINT,
                  joined(page, entry->findings, ", "));
}

char *text_explain(TALLOC_CTX *ctx, const struct entry *entry, const struct page_options *options)
{
    struct page *page = page_new(ctx, options);
    bool is_topic = strcmp(entry->kind, "topic") == 0;

    if (!page)
        return NULL;
    page_wrap(page, 0, STYLE_BOLD, talloc_asprintf(page, "%s: ", entry->code), STYLE_BOLD,
              entry->title);
    if (options->quiet)
        return page_end(page);
    show_severity(page, entry);
    show_relations(page, entry);
    page_wrap(page, INDENT, STYLE_PLAIN, "", STYLE_PLAIN, entry->meaning);
    text_listed(page, is_topic ? _("Common problems:") : _("Common causes:"), entry->causes);
    text_commands(page, entry->commands, SIZE_MAX);
    text_numbered(page, is_topic ? _("What to do:") : _("How to fix it:"), entry->fix);
    text_listed(page, _("Where senders differ:"), entry->differs);
    if (entry->topics[0])
        page_wrap(page, INDENT, STYLE_FAINT, "", STYLE_FAINT,
                  talloc_asprintf(page, _("More information: mtasts explain %s"),
                                  joined(page, entry->topics, " ")));
    return page_end(page);
}

char *text_explain_group(TALLOC_CTX *ctx, const char *group, const struct page_options *options)
{
    struct page *page = page_new(ctx, options);

    if (!page)
        return NULL;
    page_line(page, 0, STYLE_FAINT, talloc_asprintf(page, "== %s ==", group));
    page_blank(page);
    return page_end(page);
}
