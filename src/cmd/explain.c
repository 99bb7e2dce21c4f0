/* SPDX-License-Identifier: MIT */
/* explain.c - what is known of a code or a topic. */
#include "cmd/cmd.h"

#include <ctype.h>
#include <string.h>

#include "base/i18n.h"
#include "base/near.h"
#include "cmd/console.h"
#include "cmd/textout_options.h"
#include "render/json.h"
#include "render/kb_entry.h"
#include "render/text.h"

#define NEAREST        3 /* names offered for one that does not exist */
#define NAME_MAX_BYTES 64

static int show(const struct options *options, struct kb_entry *entry)
{
    struct textout_options out = textout_options_of(options);

    return options->json ? console_line(json_explain(entry, entry))
                         : console_text(text_explain(entry, entry, &out));
}

/* ---- names that are none --------------------------------------------------------------------- */

/* A part of a name is near it, however much is missing. */
static size_t strangeness(const char *given, const char *name)
{
    return strstr(name, given) ? 0 : near_distance(given, name);
}

/* As codes are spelt: small letters, hyphens. */
static void as_code(const char *given, char code[NAME_MAX_BYTES + 1])
{
    size_t i = 0;

    for (; given[i]; i++)
        code[i] =
            (char)(given[i] == '_' || given[i] == ' ' ? '-' : tolower((unsigned char)given[i]));
    code[i] = '\0';
}

static int unknown_name(const char *given)
{
    size_t far[NEAREST] = {0}, names[NEAREST] = {0}, count = 0;
    char code[NAME_MAX_BYTES + 1];

    if (!*given || strlen(given) > NAME_MAX_BYTES)
        return console_usage("%s",
                             _("unknown code or topic; mtasts explain --list shows all of them"));
    as_code(given, code);
    for (size_t i = 0; i < kb_entry_count(); i++) {
        size_t strange = strangeness(code, kb_entry_name(i));
        size_t at = count;

        while (at && strange < far[at - 1])
            at--;
        if (at == NEAREST)
            continue;
        count = count < NEAREST ? count + 1 : NEAREST;
        memmove(far + at + 1, far + at, (count - at - 1) * sizeof(far[0]));
        memmove(names + at + 1, names + at, (count - at - 1) * sizeof(names[0]));
        far[at] = strange;
        names[at] = i;
    }
    return console_usage(
        _("%s: unknown code or topic; did you mean %s, %s or %s? --list shows all of them"), given,
        kb_entry_name(names[0]), kb_entry_name(names[1]), kb_entry_name(names[2]));
}

static int explain_at(TALLOC_CTX *ctx, const struct options *options, size_t i)
{
    struct kb_entry *entry = kb_entry_new(ctx, i, options_example_time(options));
    int status = entry ? show(options, entry) : console_no_memory();

    talloc_free(entry);
    return status;
}

/* What leads on to each of them; a program gets them all. */
static int explain_variants(const struct options *options, const char *name,
                            struct kb_entry **entries, size_t count)
{
    struct textout_options out = textout_options_of(options);
    int status = 0;

    if (!options->json && !options->quiet)
        return console_text(text_explain_variants(entries, name, entries, count, &out));
    for (size_t i = 0; !status && i < count; i++)
        status = show(options, entries[i]);
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
        status = count ? explain_variants(options, name, entries, count) : unknown_name(name);
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
