/* SPDX-License-Identifier: MIT */
/* input_names.c - the domains that people give, as operands or in a list.
 *
 * What they paste is taken for the domain in it (base/pasted.h), and said.  A list goes on behind a
 * bad line, which is named. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include <mtasts/match.h>

#include "base/array.h"
#include "base/i18n.h"
#include "base/pasted.h"
#include "cmd/cmd.h"
#include "cmd/console.h"

#define NAMES_MAX 1000000 /* more is a mistake, or work for a queue */
#define LINES_MAX 20      /* lines of a list that are named of each kind */

struct reading {
    TALLOC_CTX *ctx;
    bool exact; /* nobody pasted them */
    bool quiet;
    const char *list; /* NULL: the name is an operand */
    size_t line;
    size_t bad, taken; /* lines of this list */
    struct input_names *names;
};

/* ---- what is said ---------------------------------------------------------------------------- */

/* "list:3: " in front of what is said; "" of an operand.  NULL: no memory. */
static const char *place(const struct reading *r)
{
    return r->list ? talloc_asprintf(r->ctx, "%s:%zu: ", r->list, r->line) : "";
}

static int not_a_name(struct reading *r, const char *given)
{
    const char *where = place(r);
    char meant[STS_NAME_SIZE];

    if (!where)
        return console_no_memory();
    if (r->list && r->bad++ >= LINES_MAX)
        ; /* they are counted */
    else if (pasted_meant(given, meant))
        console_note(_("%s\"%s\" is not a domain name; did you mean %s?"), where, given, meant);
    else
        console_note(_("%s\"%s\" is not a domain name"), where, given);
    if (!r->list)
        return EXIT_USAGE;
    r->names->status = EXIT_USAGE;
    return 0;
}

static int say_taken(struct reading *r, const char *given, const char *name, enum pasted_form form)
{
    const char *where = place(r);

    if (!where)
        return console_no_memory();
    if (r->quiet || (r->list && r->taken++ >= LINES_MAX))
        return 0;
    if (form == PASTED_POLICY_HOST)
        console_note(_("%s\"%s\": taking the domain %s, whose policy host this is; if it is a mail "
                       "domain itself, write @mta-sts.%s"),
                     where, given, name, name);
    else
        console_note(_("%s\"%s\": taking the domain %s"), where, given, name);
    return 0;
}

static void say_more(const struct reading *r)
{
    size_t bad = r->bad > LINES_MAX ? r->bad - LINES_MAX : 0;
    size_t taken = r->taken > LINES_MAX ? r->taken - LINES_MAX : 0;

    if (bad)
        console_note(ngettext("%s: %zu more line is not a domain name",
                              "%s: %zu more lines are not domain names", bad),
                     r->list, bad);
    if (taken && !r->quiet)
        console_note(ngettext("%s: the domain was taken from %zu more line",
                              "%s: the domain was taken from %zu more lines", taken),
                     r->list, taken);
}

/* ---- names ----------------------------------------------------------------------------------- */

/* What facts call the name as it was given; as an operand it must lead to the same domain. */
static const char *written(TALLOC_CTX *ctx, const char *given, const char *name,
                           enum pasted_form form)
{
    if (form == PASTED_PLAIN)
        return talloc_strdup(ctx, given);
    return talloc_asprintf(
        ctx, "%s%s",
        strncmp(name, STS_POLICY_HOST_PREFIX, strlen(STS_POLICY_HOST_PREFIX)) == 0 ? "@" : "",
        name);
}

static int put_name(struct reading *r, const char *given, const char *name, enum pasted_form form)
{
    struct input_names *names = r->names;
    size_t given_count = names->count;
    const char **given_place, **place;

    if (names->count == NAMES_MAX)
        return console_usage(_("more than %d domains; split the list"), NAMES_MAX);
    given_place = array_grow(r->ctx, &names->given, &given_count, sizeof(*given_place));
    place = given_place ? array_grow(r->ctx, &names->names, &names->count, sizeof(*place)) : NULL;
    if (!place)
        return console_no_memory();
    *given_place = written(r->ctx, given, name, form);
    *place = talloc_strdup(r->ctx, name);
    return *given_place && *place ? 0 : console_no_memory();
}

static int add_name(struct reading *r, const char *given)
{
    char name[STS_NAME_SIZE];
    enum pasted_form form = PASTED_PLAIN;
    enum sts_status read =
        r->exact ? sts_name_from_user(given, name) : pasted_domain(given, name, &form);
    bool explicit = *given == '@' && strcmp(given + 1, name) == 0;
    int status = 0;

    if (read == STS_E_NOMEM)
        return console_no_memory();
    if (read)
        return not_a_name(r, given);
    if (form != PASTED_PLAIN && !explicit)
        status = say_taken(r, given, name, form);
    return status ? status : put_name(r, given, name, form);
}

/* One name a line; blank lines and those that begin with '#' are passed over. */
static int add_lines(struct reading *r, FILE *file)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    int status = 0;

    for (; !status && (length = getline(&line, &room, file)) >= 0;) {
        char *begin = line + strspn(line, " \t\r\n");
        char *end = line + length;

        r->line++;
        while (end > begin && strchr(" \t\r\n", end[-1]))
            end--;
        *end = '\0';
        if (*begin && *begin != '#')
            status = add_name(r, begin);
    }
    /* getline() allocates by itself. */
    free(line);
    if (!status && ferror(file))
        return console_internal(_("%s could not be read: %s"), r->list, _(strerror(errno)));
    return status;
}

/* "-": standard input. */
static int add_list(struct reading r, const char *path)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : fopen(path, "re");
    int status;

    r.list = standard ? _("standard input") : path;
    if (!file)
        return console_internal(_("%s could not be read: %s"), path, _(strerror(errno)));
    status = add_lines(&r, file);
    say_more(&r);
    if (!standard)
        fclose(file);
    return status;
}

int input_names(TALLOC_CTX *ctx, const struct options *options, struct input_names *ret)
{
    /* Those of report --check come out of reports. */
    struct reading r = {.ctx = ctx, .exact = options->check, .quiet = options->quiet, .names = ret};
    int status = 0;

    *ret = (struct input_names){NULL, NULL, 0, 0};
    if (options->domains)
        status = add_list(r, options->domains);
    for (size_t i = 0; !status && i < options->operand_count; i++) {
        if (strcmp(options->operands[i], "-") == 0)
            status = add_list(r, "-");
        else
            status = add_name(&r, options->operands[i]);
    }
    if (!status && !ret->count)
        return ret->status
                   ? ret->status
                   : console_usage("%s",
                                   _("specify a domain, for example: mtasts check example.com"));
    return status;
}
