/* SPDX-License-Identifier: MIT */
/* from_file.c - facts that were written down earlier, in place of the network (--from). */
#include "cmd/from_file.h"

#include "app/documents.h"
#include "base/i18n.h"
#include "cmd/cmd.h"
#include "cmd/console.h"
#include "facts/facts_json.h"

struct from_file {
    show_fn show;
    void *arg; /* of it */
    int status;
};

/* What is made on the way is the unit's.  Whoever could not show one shows no more. */
static bool show_stored(void *arg, TALLOC_CTX *unit, const struct facts *facts)
{
    struct from_file *stored = arg;
    struct shown shown = {NULL, 0};
    bool no_memory = stored->show(unit, stored->arg, facts, &shown) != STS_OK;

    stored->status = exit_status_worse(
        stored->status, exit_status_worse(shown.status, shown_print(&shown, no_memory)));
    return stored->status < EXIT_USAGE;
}

static int say_end(TALLOC_CTX *ctx, const char *path, const struct documents_end *end)
{
    const char *where = end->line ? talloc_asprintf(ctx, "%s:%zu", path, end->line) : path;

    if (!end->why || !where)
        return console_no_memory();
    return console_internal(_("%s: not a valid facts file: %s"), where, end->why);
}

static int read_file(TALLOC_CTX *ctx, const struct options *options, struct bytes *ret)
{
    char *text;
    int status = input_read(ctx, options->from, FACTS_JSON_MAX, &text, &ret->length);

    ret->data = text;
    if (!status && ret->length > FACTS_JSON_MAX)
        return console_internal(_("%s: larger than %u MiB; split it by lines"), options->from,
                                FACTS_JSON_MAX >> 20);
    return status;
}

int from_file_run(TALLOC_CTX *ctx, const struct options *options, show_fn show, void *arg)
{
    struct from_file stored = {show, arg, 0};
    struct documents_end end;
    struct bytes text;
    int status = read_file(ctx, options, &text);

    if (status)
        return status;
    if (documents_read(ctx, text, show_stored, &stored, &end) != STS_OK)
        status = say_end(ctx, options->from, &end);
    return exit_status_worse(stored.status, status);
}

int from_file_run_any(TALLOC_CTX *ctx, const struct options *options, show_fn show, void *arg)
{
    struct from_file stored = {show, arg, 0};
    struct documents_end end;
    struct bytes text;
    int status = read_file(ctx, options, &text);

    if (status)
        return status;
    if (documents_read_any(ctx, text, show_stored, &stored, &end) != STS_OK) {
        end.line = 0;
        status = say_end(ctx, options->from, &end);
    }
    return exit_status_worse(stored.status, status);
}
