/* SPDX-License-Identifier: MIT */
/* generate.c - policy, records and hosting for a domain, from its live MX or those given. */
#include "cmd/cmd.h"

#include <string.h>

#include <mtasts/match.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/from_file.h"
#include "cmd/show_domains.h"
#include "cmd/write_files.h"
#include "rollout/publication.h"

#define FORMAT "mtasts.generate/1"

struct generate_shown {
    const struct options *options;
    struct publication publication;
};

/* ---- what is wanted -------------------------------------------------------------------------- */

static int read_rua(TALLOC_CTX *ctx, const struct options *options, struct publication *ret)
{
    const char **rua = talloc_zero_array(ctx, const char *, (unsigned)options->rua_count + 1);

    for (size_t i = 0; rua && i < options->rua_count; i++) {
        enum sts_status status = publication_rua(rua, options->rua[i], &rua[i]);

        if (status == STS_E_NOMEM)
            return console_no_memory();
        if (status)
            return console_usage(
                _("--rua %s: expected an email address or a mailto: or https: URI; "
                  "write , ; and ! inside it as %%2C %%3B %%21"),
                rua[i]);
    }
    ret->rua = rua;
    ret->rua_count = options->rua_count;
    return rua ? 0 : console_no_memory();
}

/* The hosts of --mx; a pattern is welcome too. */
static int check_mx(const struct options *options)
{
    for (size_t i = 0; i < options->mx_count; i++) {
        size_t star = strncmp(options->mx[i], "*.", 2) == 0 ? 2 : 0;
        char name[STS_NAME_SIZE];

        if (sts_name_from_user(options->mx[i] + star, name) != STS_OK)
            return console_usage(_("--mx %s: not a host name"), options->mx[i]);
    }
    return 0;
}

static enum sts_mode mode_of(const struct options *options)
{
    if (!options->mode || strcmp(options->mode, "testing") == 0)
        return STS_MODE_TESTING;
    return strcmp(options->mode, "none") == 0 ? STS_MODE_NONE : STS_MODE_ENFORCE;
}

static int read_wish(TALLOC_CTX *ctx, const struct options *options, struct publication *ret)
{
    int status = read_rua(ctx, options, ret);

    ret->mode = mode_of(options);
    ret->max_age = options->max_age;
    ret->hosts = options->mx;
    ret->host_count = options->mx_count;
    return status ? status : check_mx(options);
}

/* ---- what is shown --------------------------------------------------------------------------- */

static char *show(TALLOC_CTX *ctx, const struct options *options,
                  const struct publication *publication, int *ret_status)
{
    struct advisory *a = publication_advise(ctx, publication);
    char *text = a ? write_advisory(ctx, options, a, FORMAT, ret_status) : NULL;

    talloc_free(a);
    return text;
}

static enum sts_status show_facts(TALLOC_CTX *ctx, void *arg, const struct facts *facts,
                                  struct shown *ret)
{
    const struct generate_shown *shown = arg;
    struct publication publication = shown->publication;

    publication.domain = facts->domain;
    publication.facts = facts;
    publication.now = shown->options->now == NOW_UNSET ? facts->observed_at : shown->options->now;
    ret->text = show(ctx, shown->options, &publication, &ret->status);
    return ret->text ? STS_OK : STS_E_NOMEM;
}

static int offline(TALLOC_CTX *ctx, const struct options *options, struct publication *publication)
{
    struct input_names names;
    int status = input_names(ctx, options, &names);
    char *text;

    if (status)
        return status;
    publication->domain = names.names[0];
    publication->now = options->now == NOW_UNSET ? clock_now() : options->now;
    text = show(ctx, options, publication, &status);
    status = exit_status_worse(status, console_text(text));
    return exit_status_worse(status, names.status);
}

int cmd_generate(TALLOC_CTX *ctx, const struct options *options)
{
    struct options own = *options;
    struct generate_shown shown = {.options = options};
    int status = read_wish(ctx, options, &shown.publication);

    if (status)
        return status;
    if (options->operand_count > 1)
        return console_usage(_("only one domain at a time; unexpected: %s"), options->operands[1]);
    if (options->from && options->operand_count)
        return console_usage(_("--from and a domain (%s) cannot be combined"),
                             options->operands[0]);
    if (options->from)
        return from_file_run(ctx, options, show_facts, &shown);
    if (options->mx_count)
        return offline(ctx, options, &shown.publication);
    /* Of the MX hosts only the names are asked for. */
    own.no_smtp = true;
    return show_domains(ctx, &own, show_facts, &shown);
}
