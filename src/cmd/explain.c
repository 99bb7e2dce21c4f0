/* SPDX-License-Identifier: MIT */
/* explain.c - what is known of a code or a topic. */
#include "cmd/cmd.h"

#include <ctype.h>
#include <string.h>

#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/suggest.h"
#include "cmd/textout_options.h"
#include "render/json.h"
#include "render/kb_entry.h"
#include "render/text.h"

#define PART_LEAST     4 /* letters that tell which name they are a part of */
#define NAME_MAX_BYTES 64

static int show(const struct options *options, struct kb_entry *entry)
{
    struct textout_options out = textout_options_of(options);

    return options->json ? console_line(json_explain(entry, entry))
                         : console_text(text_explain(entry, entry, &out));
}

/* ---- names that are none --------------------------------------------------------------------- */

/* As codes are spelt: small letters, hyphens. */
static void as_code(const char *given, char code[NAME_MAX_BYTES + 1])
{
    size_t i = 0;

    for (; given[i]; i++)
        code[i] =
            (char)(given[i] == '_' || given[i] == ' ' ? '-' : tolower((unsigned char)given[i]));
    code[i] = '\0';
}

/* Names that are near, or that the word is a part of. */
static int unknown_name(const char *given)
{
    char code[NAME_MAX_BYTES + 1];
    struct suggestion near;
    char *wrong;
    int status;

    if (!*given || strlen(given) > NAME_MAX_BYTES)
        return console_usage("%s",
                             _("unknown code or topic; mtasts explain --list shows all of them"));
    as_code(given, code);
    near = suggest_begin(code);
    for (size_t i = 0; i < kb_entry_count(); i++) {
        if (strlen(code) >= PART_LEAST && strstr(kb_entry_name(i), code))
            suggest_offer_part(&near, kb_entry_name(i));
        else
            suggest_offer(&near, kb_entry_name(i));
    }
    wrong = talloc_asprintf(NULL, _("%s: unknown code or topic"), given);
    status = suggest_usage(&near, "", wrong ? wrong : given,
                           _("mtasts explain --list shows all of them"));
    talloc_free(wrong);
    return status;
}

static int explain_at(TALLOC_CTX *ctx, const struct options *options, size_t i)
{
    struct kb_entry *entry = kb_entry_new(ctx, i, options_example_time(options));
    int status = entry ? show(options, entry) : console_no_memory();

    talloc_free(entry);
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

/* Every entry that is called so. */
static int explain_called(TALLOC_CTX *ctx, const struct options *options, const char *name)
{
    struct kb_entry **entries = talloc_array(ctx, struct kb_entry *, kb_entry_count());
    size_t count = 0;
    int status;

    for (size_t i = 0; entries && i < kb_entry_count(); i++) {
        if (!kb_entry_is_called(i, name))
            continue;
        entries[count] = kb_entry_new(entries, i, options_example_time(options));
        if (!entries[count++])
            TALLOC_FREE(entries);
    }
    if (!entries)
        return console_no_memory();
    if (count == 1)
        status = show(options, entries[0]);
    else
        status = count ? explain_several(options, name, entries, count) : unknown_name(name);
    talloc_free(entries);
    return status;
}

static int explain_name(TALLOC_CTX *ctx, const struct options *options, const char *name)
{
    for (size_t i = 0; i < kb_entry_count(); i++)
        if (kb_entry_is_named(i, name))
            return explain_at(ctx, options, i);
    return explain_called(ctx, options, name);
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
