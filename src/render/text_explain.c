/* SPDX-License-Identifier: MIT */
/* text_explain.c - an entry of the knowledge base for a person. */
#include <stdint.h>
#include <string.h>

#include "base/i18n.h"
#include "render/shown_finding.h"
#include "render/text.h"

#define INDENT ((size_t)2)

static bool has_severity(const struct kb_entry *entry)
{
    return entry->enforce != SEVERITY_NONE || entry->testing != SEVERITY_NONE ||
           entry->otherwise != SEVERITY_NONE;
}

static void show_severity(struct textout *out, const struct kb_entry *entry)
{
    const char *spec = shown_spec(out, entry->spec);
    const char *severities = text_severities(out, entry->enforce, entry->testing, entry->otherwise);

    textout_wrap(out, INDENT, STYLE_FAINT, "", STYLE_FAINT,
                 has_severity(entry)
                     ? talloc_asprintf(out, _("Severity: %s. %s."), severities, spec)
                     : talloc_asprintf(out, "%s.", spec));
}

static char *joined(struct textout *out, char **list, const char *between)
{
    char *text = talloc_strdup(out, "");

    for (size_t i = 0; list[i] && text; i++)
        text = talloc_asprintf_append(text, "%s%s", i ? between : "", list[i]);
    return text;
}

/* The short definition of a term is its title; here is the rest. */
static void show_meaning(struct textout *out, const struct kb_entry *entry)
{
    bool is_topic = strcmp(entry->kind, "topic") == 0;

    textout_line(out, INDENT, STYLE_FAINT, is_topic ? _("In detail:") : _("What it means:"));
    textout_wrap(out, 2 * INDENT, STYLE_PLAIN, "", STYLE_PLAIN, entry->meaning);
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
    if (entry->variants[0])
        textout_wrap(out, INDENT, STYLE_FAINT, "", STYLE_FAINT,
                     talloc_asprintf(out, _("Other variants: mtasts explain %s"),
                                     joined(out, entry->variants, " ")));
    if (entry->topics[0])
        textout_wrap(out, INDENT, STYLE_FAINT, "", STYLE_FAINT,
                     talloc_asprintf(out, _("More information: mtasts explain %s"),
                                     joined(out, entry->topics, " ")));
}

/* ---- what some topics have besides ------------------------------------------------------------
 */

static size_t longest_type(const struct kb_entry *entry)
{
    size_t longest = 0;

    for (size_t i = 0; i < entry->type_count; i++)
        if (strlen(entry->types[i].code) > longest)
            longest = strlen(entry->types[i].code);
    return longest;
}

/* Padded by columns, not by bytes. */
static char *cell(struct textout *out, const char *text, size_t width)
{
    size_t columns = textout_columns(text, strlen(text));

    return talloc_asprintf(out, "%s%*s", text, (int)(columns < width ? width - columns : 0), "");
}

#define SEVERITY_COLUMNS ((size_t)10)

static void show_types(struct textout *out, const struct kb_entry *entry)
{
    size_t width = longest_type(entry) + 2;

    for (size_t i = 0; i < entry->type_count; i++) {
        const struct kb_entry_type *type = &entry->types[i];
        const char *severity = text_severities(out, type->enforce, type->testing, type->otherwise);

        textout_wrap(out, 2 * INDENT, STYLE_PLAIN,
                     talloc_asprintf(out, "%s%s", cell(out, type->code, width),
                                     cell(out, severity, SEVERITY_COLUMNS)),
                     STYLE_PLAIN, type->title);
    }
}

/* How many bytes of the text, up to a blank, fit into so many columns; at least a word. */
static size_t fitting(const char *text, size_t columns)
{
    size_t fits = strcspn(text, " ");

    for (size_t end = fits; columns && text[end];) {
        end += 1 + strcspn(text + end + 1, " ");
        if (textout_columns(text, end) > columns)
            return fits;
        fits = end;
    }
    return columns ? fits : strlen(text);
}

/* A note of a sample, each of its lines with "# ", so that they can be told from the sample. */
static void show_note(struct textout *out, size_t indent, const char *note)
{
    size_t width = textout_options(out)->width,
           columns = width > indent + 2 ? width - indent - 2 : 0;

    for (size_t length; *note; note += length + (note[length] == ' ')) {
        length = fitting(note, columns);
        textout_line(out, indent, STYLE_FAINT, talloc_asprintf(out, "# %.*s", (int)length, note));
    }
}

/* Each line below its note: the lines without "# " are the report. */
static void show_sample(struct textout *out, const struct kb_entry *entry)
{
    for (size_t i = 0; i < entry->sample_count; i++) {
        const struct kb_entry_sample_line *line = &entry->sample[i];
        size_t indent = 2 * INDENT + strspn(line->text, " ");

        if (line->note)
            show_note(out, indent, line->note);
        textout_line(out, 2 * INDENT, STYLE_BOLD, line->text);
    }
}

static void show_appendix(struct textout *out, const struct kb_entry *entry)
{
    if (entry->type_count) {
        textout_line(out, INDENT, STYLE_FAINT, _("Result types, their severity and meaning:"));
        show_types(out, entry);
    }
    if (entry->sample_count) {
        textout_line(out, INDENT, STYLE_FAINT,
                     _("A sample (without the lines that begin with #):"));
        show_sample(out, entry);
    }
}

/* ---- an entry ---------------------------------------------------------------------------------
 */

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
    show_appendix(out, entry);
    text_numbered(out, is_topic ? _("What to do:") : _("How to fix it:"), entry->fix);
    show_meaning(out, entry);
    text_listed(out, is_topic ? _("Common problems:") : _("Common causes:"), entry->causes);
    text_commands(out, entry->commands, SIZE_MAX);
    text_listed(out, _("Where senders differ:"), entry->differs);
    show_relations(out, entry);
    return textout_end(out);
}

/* ---- several by one word ----------------------------------------------------------------------
 */

/* Which one is it, what does it need, and where is more? */
static void show_variant(struct textout *out, const struct kb_entry *entry)
{
    textout_wrap(out, INDENT, STYLE_BOLD, talloc_asprintf(out, "%s: ", entry->code), STYLE_BOLD,
                 entry->title);
    if (entry->recognized)
        textout_wrap(out, 2 * INDENT, STYLE_PLAIN, "", STYLE_PLAIN, entry->recognized);
    if (entry->policy_lines)
        textout_wrap(out, 2 * INDENT, STYLE_PLAIN, _("Policy: "), STYLE_PLAIN, entry->policy_lines);
    textout_line(out, 2 * INDENT, STYLE_BOLD,
                 talloc_asprintf(out, "mtasts explain %s", entry->code));
}

char *text_explain_variants(TALLOC_CTX *ctx, const char *word, struct kb_entry *const *entries,
                            size_t count, const struct textout_options *options)
{
    struct textout *out = textout_new(ctx, options);

    if (!out)
        return NULL;
    textout_wrap(out, 0, STYLE_BOLD, talloc_asprintf(out, "%s: ", word), STYLE_BOLD,
                 _("there are several variants; your DNS shows which one applies."));
    if (entries[0]->commands[0])
        textout_line(out, INDENT, STYLE_BOLD, entries[0]->commands[0]);
    for (size_t i = 0; i < count; i++) {
        textout_blank(out);
        show_variant(out, entries[i]);
    }
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
