/* SPDX-License-Identifier: MIT */
/* from_file.c - facts that were written down earlier, in place of the network (--from). */
#include "cmd/from_file.h"

#include <string.h>

#include "base/i18n.h"
#include "cmd/cmd.h"
#include "cmd/console.h"
#include "facts/facts_json.h"

struct from_file {
    TALLOC_CTX *ctx;
    const struct options *options;
    live_show_fn show;
    void *arg; /* of it */
};

/* What is made on the way is the unit's. */
static int show_stored(TALLOC_CTX *unit, const struct from_file *stored, const struct facts *facts)
{
    struct live_output shown = {NULL, 0};
    bool no_memory = stored->show(unit, stored->arg, facts, &shown) != STS_OK;

    return exit_status_worse(shown.status, live_print(&shown, no_memory));
}

/* One document; `what` names it in a complaint. */
static int show_document(const struct from_file *stored, const char *what, const char *text,
                         size_t length)
{
    TALLOC_CTX *unit = talloc_new(stored->ctx);
    struct facts *facts;
    char *why = NULL;
    int status;

    if (!unit)
        return console_no_memory();
    if (facts_read(unit, text, length, &facts, &why) == STS_OK)
        status = show_stored(unit, stored, facts);
    else if (why)
        status = console_internal(_("%s: not a valid facts file: %s"), what, why);
    else
        status = console_no_memory();
    talloc_free(unit);
    return status;
}

static bool is_document(TALLOC_CTX *ctx, const char *text, size_t length)
{
    TALLOC_CTX *unit = talloc_new(ctx);
    struct facts *facts;
    char *why;
    bool good = unit && facts_read(unit, text, length, &facts, &why) == STS_OK;

    talloc_free(unit);
    return good;
}

static int show_lines(const struct from_file *stored, const char *text, size_t length)
{
    int status = 0;

    for (size_t number = 1; length && status < EXIT_USAGE; number++) {
        const char *end = memchr(text, '\n', length);
        size_t line = end ? (size_t)(end - text) : length;

        if (strspn(text, " \t\r") < line) {
            char *what = talloc_asprintf(stored->ctx, "%s:%zu", stored->options->from, number);

            status = exit_status_worse(status, what ? show_document(stored, what, text, line)
                                                    : console_no_memory());
            talloc_free(what);
        }
        line += end ? 1 : 0;
        text += line;
        length -= line;
    }
    return status;
}

int from_file_run(TALLOC_CTX *ctx, const struct options *options, live_show_fn show, void *arg)
{
    const struct from_file stored = {ctx, options, show, arg};
    size_t length, first;
    const char *end;
    char *text;
    int status = input_read(ctx, options->from, FACTS_JSON_MAX, &text, &length);

    if (status)
        return status;
    if (length > FACTS_JSON_MAX)
        return console_internal(_("%s: larger than %u MiB; split it by lines"), options->from,
                                FACTS_JSON_MAX >> 20);
    end = memchr(text, '\n', length);
    first = end ? (size_t)(end - text) : length;
    if (first + 1 < length && is_document(ctx, text, first))
        return show_lines(&stored, text, length);
    return show_document(&stored, options->from, text, length);
}
