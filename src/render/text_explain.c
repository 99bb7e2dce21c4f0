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

static bool has_severity(const struct kb_entry *entry)
{
    return entry->enforce != SEVERITY_NONE || entry->testing != SEVERITY_NONE ||
           entry->otherwise != SEVERITY_NONE;
}

static void show_severity(struct textout *out, const struct kb_entry *entry)
{
    textout_wrap(
        out, INDENT, STYLE_FAINT, "", STYLE_FAINT,
        has_severity(entry)
            ? talloc_asprintf(out, _("Severity: %s in enforce, %s in testing, %s otherwise. %s."),
                              severity_or_dash(entry->enforce), severity_or_dash(entry->testing),
                              severity_or_dash(entry->otherwise), text_spec(out, entry->spec))
            : talloc_asprintf(out, "%s.", text_spec(out, entry->spec)));
}

static char *joined(struct textout *out, char **list, const char *between)
{
    char *text = talloc_strdup(out, "");

    for (size_t i = 0; list[i] && text; i++)
        text = talloc_asprintf_append(text, "%s%s", i ? between : "", list[i]);
    return text;
}

static void show_relations(struct textout *out, const struct kb_entry *entry)
{
    bool is_type = strcmp(entry->kind, "result-type") == 0;

    if (*entry->result_types && !is_type)
        textout_wrap(out, INDENT, STYLE_FAINT, _("Senders report it as: "), STYLE_FAINT,
                     entry->result_types);
    if (entry->findings[0])
        textout_wrap(out, INDENT, STYLE_FAINT,
                     is_type ? _("A check reports it as: ") : _("Related findings: "), STYLE_FAINT,
                     joined(out, entry->findings, ", "));
}

char *text_explain(TALLOC_CTX *ctx, const struct kb_entry *entry,
                   const struct textout_options *options)
{
    struct textout *out = textout_new(ctx, options);
    bool is_topic = strcmp(entry->kind, "topic") == 0;

    if (!out)
        return NULL;
    textout_wrap(out, 0, STYLE_BOLD, talloc_asprintf(out, "%s: ", entry->code), STYLE_BOLD,
                 entry->title);
    if (options->quiet)
        return textout_end(out);
    show_severity(out, entry);
    show_relations(out, entry);
    textout_wrap(out, INDENT, STYLE_PLAIN, "", STYLE_PLAIN, entry->meaning);
    text_listed(out, is_topic ? _("Common problems:") : _("Common causes:"), entry->causes);
    text_commands(out, entry->commands, SIZE_MAX);
    text_numbered(out, is_topic ? _("What to do:") : _("How to fix it:"), entry->fix);
    text_listed(out, _("Where senders differ:"), entry->differs);
    if (entry->topics[0])
        textout_wrap(out, INDENT, STYLE_FAINT, "", STYLE_FAINT,
                     talloc_asprintf(out, _("More information: mtasts explain %s"),
                                     joined(out, entry->topics, " ")));
    return textout_end(out);
}

char *text_explain_group(TALLOC_CTX *ctx, const char *group, const struct textout_options *options)
{
    struct textout *out = textout_new(ctx, options);

    if (!out)
        return NULL;
    textout_line(out, 0, STYLE_FAINT, talloc_asprintf(out, "== %s ==", group));
    textout_blank(out);
    return textout_end(out);
}
