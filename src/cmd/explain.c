/* SPDX-License-Identifier: MIT */
/* explain.c - what is known of a code. */
#include "cmd/cmd.h"

#include <string.h>

#include "base/i18n.h"
#include "cmd/say.h"
#include "render/json.h"
#include "render/text.h"

#define NEAREST        3 /* names offered for one that does not exist */
#define NAME_MAX_BYTES 64

static int show(TALLOC_CTX *ctx, const struct options *options, enum finding_code code)
{
    struct page_options page = say_page_options(options);

    return options->json ? say_line(json_explain(ctx, code))
                         : say_text(text_explain(ctx, code, &page));
}

static int show_type(TALLOC_CTX *ctx, const struct options *options, const struct result_type *type)
{
    struct page_options page = say_page_options(options);

    return options->json ? say_line(json_explain_type(ctx, type))
                         : say_text(text_explain_type(ctx, type, &page));
}

/* The codes of findings, then the result types: one row of names. */
#define NAME_COUNT (FINDING_COUNT + result_type_count)

static const char *name_at(size_t i)
{
    return i < FINDING_COUNT ? finding_info((enum finding_code)i)->name
                             : result_types[i - FINDING_COUNT].name;
}

static int show_at(TALLOC_CTX *ctx, const struct options *options, size_t i)
{
    return i < FINDING_COUNT ? show(ctx, options, (enum finding_code)i)
                             : show_type(ctx, options, &result_types[i - FINDING_COUNT]);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many letters to add, drop or change to make one of the other. */
static size_t distance(const char *a, const char *b)
{
    size_t row[NAME_MAX_BYTES + 1];
    size_t columns = least(strlen(b), NAME_MAX_BYTES);

    for (size_t j = 0; j <= columns; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= columns; j++) {
            size_t changed = diagonal + (a[i - 1] != b[j - 1]);

            diagonal = row[j];
            row[j] = least(changed, least(row[j], row[j - 1]) + 1);
        }
    }
    return row[columns];
}

/* A part of a name is near it, however much is missing. */
static size_t strangeness(const char *given, const char *name)
{
    return strstr(name, given) ? 0 : distance(given, name);
}

static int unknown_name(const char *given)
{
    size_t far[NEAREST] = {0}, names[NEAREST] = {0}, count = 0;

    if (!*given || strlen(given) > NAME_MAX_BYTES)
        return say_usage("%s", _("no such code; mtasts explain --list shows them all"));
    for (size_t i = 0; i < NAME_COUNT; i++) {
        size_t strange = strangeness(given, name_at(i));
        size_t at = count;

        while (at && strange < far[at - 1])
            at--;
        if (at == NEAREST)
            continue;
        count = least(count + 1, NEAREST);
        memmove(far + at + 1, far + at, (count - at - 1) * sizeof(far[0]));
        memmove(names + at + 1, names + at, (count - at - 1) * sizeof(names[0]));
        far[at] = strange;
        names[at] = i;
    }
    return say_usage(_("%s: no such code; did you mean %s, %s or %s? --list shows them all"), given,
                     name_at(names[0]), name_at(names[1]), name_at(names[2]));
}

static int explain_all(TALLOC_CTX *ctx, const struct options *options)
{
    int status = 0;

    for (size_t i = 0; !status && i < NAME_COUNT; i++) {
        status = show_at(ctx, options, i);
        if (!status && !options->json && !options->quiet)
            status = say_text("\n");
    }
    return status;
}

static int explain_name(TALLOC_CTX *ctx, const struct options *options, const char *name)
{
    for (size_t i = 0; i < NAME_COUNT; i++) {
        if (strcmp(name_at(i), name) == 0)
            return show_at(ctx, options, i);
    }
    return unknown_name(name);
}

int cmd_explain(TALLOC_CTX *ctx, const struct options *options)
{
    int status = 0;

    if (options->list && options->operand_count)
        return say_usage(_("--list and a code (%s) exclude each other"), options->operands[0]);
    if (options->list)
        return explain_all(ctx, options);
    if (!options->operand_count)
        return say_usage("%s", _("name a code, or use --list"));
    for (size_t i = 0; !status && i < options->operand_count; i++)
        status = explain_name(ctx, options, options->operands[i]);
    return status;
}
