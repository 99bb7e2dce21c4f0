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

static int unknown_code(TALLOC_CTX *ctx, const char *given)
{
    size_t best[NEAREST];
    enum finding_code codes[NEAREST];
    size_t count = 0;

    if (strlen(given) > NAME_MAX_BYTES)
        return say_usage("%s", _("no such code; mtasts explain --list shows them all"));
    for (int code = 0; code < FINDING_COUNT; code++) {
        size_t far = strangeness(given, finding_info((enum finding_code)code)->name);
        size_t at = count;

        while (at && far < best[at - 1])
            at--;
        if (at == NEAREST)
            continue;
        count = least(count + 1, NEAREST);
        memmove(best + at + 1, best + at, (count - at - 1) * sizeof(best[0]));
        memmove(codes + at + 1, codes + at, (count - at - 1) * sizeof(codes[0]));
        best[at] = far;
        codes[at] = (enum finding_code)code;
    }
    return say_usage(_("%s: no such code; did you mean %s, %s or %s? --list shows them all"), given,
                     finding_info(codes[0])->name, finding_info(codes[1])->name,
                     finding_info(codes[2])->name);
}

static int explain_all(TALLOC_CTX *ctx, const struct options *options)
{
    int status = 0;

    for (int code = 0; !status && code < FINDING_COUNT; code++) {
        status = show(ctx, options, (enum finding_code)code);
        if (!status && !options->json && !options->quiet)
            status = say_text("\n");
    }
    return status;
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
    for (size_t i = 0; !status && i < options->operand_count; i++) {
        enum finding_code code = finding_by_name(options->operands[i]);

        status = code == FINDING_COUNT ? unknown_code(ctx, options->operands[i])
                                       : show(ctx, options, code);
    }
    return status;
}
