/* SPDX-License-Identifier: MIT */
/* generate.c - policy, records and hosting for domains, from their live MX or those given. */
#include "cmd/cmd.h"

#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/from_file.h"
#include "cmd/generate_wish.h"
#include "cmd/generated.h"
#include "cmd/show_domains.h"

struct generate_shown {
    const struct options *options;
    struct publication publication;
    struct generated *generated;
};

static enum sts_status show_facts(TALLOC_CTX *ctx, void *arg, const struct facts *facts,
                                  struct shown *ret)
{
    const struct generate_shown *shown = arg;
    struct publication publication = shown->publication;

    publication.domain = facts->domain;
    publication.facts = facts;
    publication.now = options_now_or(shown->options, facts->observed_at);
    return generated_add(ctx, shown->generated, &publication, ret);
}

/* For the hosts of --mx; the DNS is not asked. */
static int offline(TALLOC_CTX *ctx, const struct options *options, struct generate_shown *shown)
{
    struct publication *publication = &shown->publication;
    struct input_names names;
    int status = input_names(ctx, options, &names);

    if (status)
        return status;
    publication->now = options_now(options);
    for (size_t i = 0; i < names.count; i++) {
        struct shown one = {.of = names.count};
        bool failed;

        publication->domain = names.names[i];
        failed = generated_add(ctx, shown->generated, publication, &one) != STS_OK;
        status = exit_status_worse(status, one.status);
        status = exit_status_worse(status, shown_print(&one, failed));
        talloc_free(one.text);
    }
    return exit_status_worse(status, names.status);
}

static int run(TALLOC_CTX *ctx, const struct options *options, struct generate_shown *shown)
{
    struct options own = *options;

    if (options->from)
        return from_file_run(ctx, options, show_facts, shown);
    if (options->mx_count)
        return offline(ctx, options, shown);
    /* Of the MX hosts only the names are asked for. */
    own.no_smtp = true;
    return show_domains(ctx, &own, show_facts, shown);
}

int cmd_generate(TALLOC_CTX *ctx, const struct options *options)
{
    struct generate_shown shown = {.options = options};
    int status = generate_wish_of(ctx, options, &shown.publication);

    if (status)
        return status;
    if (options->from && options->operand_count)
        return console_usage(_("--from and a domain (%s) cannot be combined"),
                             options->operands[0]);
    shown.generated = generated_new(ctx, options);
    if (!shown.generated)
        return console_no_memory();
    status = run(ctx, options, &shown);
    return exit_status_worse(status, generated_end(shown.generated));
}
