/* SPDX-License-Identifier: MIT */
/* explain.c - what is known of a code or a topic. */
#include "cmd/cmd.h"

#include <string.h>

#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/suggest.h"
#include "cmd/textout_options.h"
#include "render/json.h"
#include "render/kb_entry.h"
#include "render/kb_find.h"
#include "render/text.h"

static int show(const struct options *options, struct kb_entry *entry)
{
    struct textout_options out = textout_options_of(options);

    return options->json ? console_line(json_explain(entry, entry))
                         : console_text(text_explain(entry, entry, &out));
}

static int unknown_name(const char *given, const struct kb_found *found)
{
    char *wrong;
    int status;

    if (!*given || strlen(given) > KB_WORD_MAX)
        return console_usage("%s",
                             _("unknown code or topic; mtasts explain --list shows all of them"));
    wrong = talloc_asprintf(NULL, _("%s: unknown code or topic"), given);
    status = suggest_usage(&found->near, "", wrong ? wrong : given,
                           _("mtasts explain --list shows all of them"));
    talloc_free(wrong);
    return status;
}

/* What leads on to each variant of a provider; of findings, and for a program, all. */
static int explain_several(const struct options *options, const char *name,
                           struct kb_entry **entries, size_t count)
{
    struct textout_options out = textout_options_of(options);
    bool variants = strcmp(entries[0]->kind, "topic") == 0;
    int status = 0;

    if (variants && !options->json && !options->quiet)
        return console_text(text_explain_variants(entries, name, entries, count, &out));
    for (size_t i = 0; !status && i < count; i++) {
        if (i && !options->json && !options->quiet)
            console_text("\n");
        status = show(options, entries[i]);
    }
    return status;
}

static int explain_found(TALLOC_CTX *ctx, const struct options *options, const char *name,
                         const struct kb_found *found)
{
    struct kb_entry **entries = talloc_array(ctx, struct kb_entry *, (unsigned)found->count);

    if (!entries)
        return console_no_memory();
    for (size_t i = 0; i < found->count; i++) {
        entries[i] = kb_entry_new(ctx, found->entries[i], options_example_time(options));
        if (!entries[i])
            return console_no_memory();
    }
    return found->count == 1 ? show(options, entries[0])
                             : explain_several(options, name, entries, found->count);
}

static int explain_name(TALLOC_CTX *parent, const struct options *options, const char *name)
{
    TALLOC_CTX *ctx = talloc_new(parent);
    struct kb_entry *error = kb_entry_error(ctx, name, options_example_time(options));
    struct kb_found found;
    int status;

    if (ctx && error)
        status = show(options, error);
    else if (!ctx || kb_find(ctx, name, &found) != STS_OK)
        status = console_no_memory();
    else
        status =
            found.count ? explain_found(ctx, options, name, &found) : unknown_name(name, &found);
    talloc_free(ctx);
    return status;
}

/* ---- all of them ----------------------------------------------------------------------------- */

/* Where a group begins, its heading; else the blank line between two entries. */
static int begin_text(const struct options *options, struct kb_entry *entry, const char *group)
{
    struct textout_options out = textout_options_of(options);
    bool new_group = !group || strcmp(group, entry->group) != 0;
    int status = group && (new_group || !options->quiet) ? console_text("\n") : 0;

    if (status || !new_group)
        return status;
    return console_text(text_explain_group(entry, entry->group, &out));
}

static int explain_all(TALLOC_CTX *ctx, const struct options *options)
{
    struct kb_entry *entry = NULL;
    int status = 0;

    for (size_t i = 0; !status && i < kb_entry_count(); i++) {
        struct kb_entry *before = entry;

        entry = kb_entry_new(ctx, i, options_example_time(options));
        if (!entry)
            return console_no_memory();
        if (!options->json)
            status = begin_text(options, entry, before ? before->group : NULL);
        talloc_free(before);
        if (!status)
            status = show(options, entry);
    }
    return status;
}

/* What there is to ask for, a line each. */
static int explain_index(TALLOC_CTX *ctx, const struct options *options)
{
    struct options index = *options;

    index.quiet = true;
    return explain_all(ctx, &index);
}

int cmd_explain(TALLOC_CTX *ctx, const struct options *options)
{
    int status = 0;

    if (options->list && options->operand_count)
        return console_usage(_("--list and a code (%s) cannot be combined"), options->operands[0]);
    if (options->list)
        return explain_all(ctx, options);
    if (!options->operand_count)
        return explain_index(ctx, options);
    for (size_t i = 0; !status && i < options->operand_count; i++)
        status = explain_name(ctx, options, options->operands[i]);
    return status;
}
