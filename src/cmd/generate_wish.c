/* SPDX-License-Identifier: MIT */
/* generate_wish.c - what the options of generate say about a publication. */
#include "cmd/generate_wish.h"

#include <string.h>

#include "base/i18n.h"
#include "cmd/console.h"

static int read_rua(TALLOC_CTX *ctx, const struct options *options, struct publication *ret)
{
    const char *wrong = NULL;
    enum sts_status status =
        publication_take_rua(ctx, ret, options->rua, options->rua_count, &wrong);

    if (status == STS_E_NOMEM)
        return console_no_memory();
    if (status)
        return console_usage(_("--rua %s: expected an email address or a mailto: or https: URI; "
                               "write , ; and ! inside it as %%2C %%3B %%21"),
                             wrong);
    return 0;
}

/* The hosts of --mx; a pattern is welcome too. */
static int read_mx(const struct options *options, struct publication *ret)
{
    const char *wrong = NULL;
    enum sts_status status = publication_take_hosts(ret, options->mx, options->mx_count, &wrong);

    if (status == STS_E_NOMEM)
        return console_no_memory();
    return status ? console_usage(_("--mx %s: not a host name"), wrong) : 0;
}

static enum sts_mode mode_of(const struct options *options)
{
    if (!options->mode || strcmp(options->mode, "testing") == 0)
        return STS_MODE_TESTING;
    return strcmp(options->mode, "none") == 0 ? STS_MODE_NONE : STS_MODE_ENFORCE;
}

int generate_wish_of(TALLOC_CTX *ctx, const struct options *options, struct publication *ret)
{
    int status = read_rua(ctx, options, ret);

    ret->mode = mode_of(options);
    ret->max_age = options->max_age;
    return status ? status : read_mx(options, ret);
}
