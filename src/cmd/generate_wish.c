/* SPDX-License-Identifier: MIT */
/* generate_wish.c - what the options of generate say about a publication. */
#include "cmd/generate_wish.h"

#include <string.h>

#include <mtasts/match.h>

#include "base/i18n.h"
#include "cmd/console.h"

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

int generate_wish_of(TALLOC_CTX *ctx, const struct options *options, struct publication *ret)
{
    int status = read_rua(ctx, options, ret);

    ret->mode = mode_of(options);
    ret->max_age = options->max_age;
    ret->hosts = options->mx;
    ret->host_count = options->mx_count;
    return status ? status : check_mx(options);
}
