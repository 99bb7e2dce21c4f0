/* SPDX-License-Identifier: MIT */
/* account_settings.c - options that need each other, and a secret out of a file. */
#include "cmd/account_settings.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "accounts/role_map.h"
#include "base/bytes.h"
#include "base/i18n.h"
#include "cmd/console.h"
#include "serve/account_parts.h"

#define SECRET_MAX 1000

static int read_map(struct account_settings *settings, const struct options *options)
{
    struct role_map *map = options->map_group_count ? role_map_new(settings) : NULL;

    if (options->map_group_count && !map)
        return console_no_memory();
    for (size_t i = 0; i < options->map_group_count; i++)
        if (!role_map_add(map, options->map_groups[i]))
            return console_usage(_("--map-group %s: expected THEIRS=GROUP:ROLE, with the role "
                                   "viewer, editor or admin, or THEIRS=*:admin"),
                                 options->map_groups[i]);
    settings->map = map;
    return 0;
}

/* Never on the command line, where every user of the machine can read it. */
static int read_secret(struct account_settings *settings, const struct options *options)
{
    char text[SECRET_MAX + 1];
    struct bytes secret = {text, 0};
    FILE *file;

    if (!options->oidc_secret_file)
        return 0;
    file = fopen(options->oidc_secret_file, "re");
    if (!file)
        return console_usage("--oidc-secret-file %s: %s", options->oidc_secret_file,
                             _(strerror(errno)));
    secret.length = fread(text, 1, sizeof text, file);
    (void)fclose(file);
    secret = bytes_trim(secret);
    if (secret.length == 0 || secret.length > SECRET_MAX)
        return console_usage(_("--oidc-secret-file %s: expected one line with the secret"),
                             options->oidc_secret_file);
    settings->oidc_secret = talloc_strndup(settings, secret.data, secret.length);
    return settings->oidc_secret ? 0 : console_no_memory();
}

static int check(const struct options *options)
{
    bool https = options->oidc_issuer && strncmp(options->oidc_issuer, "https://", 8) == 0;

    if (!options->oidc_issuer)
        return options->oidc_client ? console_usage("%s", _("--oidc-client requires --oidc-issuer"))
                                    : 0;
    if (!https)
        return console_usage(_("--oidc-issuer %s: expected an address that begins with https://"),
                             options->oidc_issuer);
    if (!options->oidc_client)
        return console_usage("%s", _("--oidc-issuer requires --oidc-client"));
    if (!options->base_url)
        return console_usage("%s", _("--oidc-issuer requires --base-url"));
    return 0;
}

int account_settings_read(TALLOC_CTX *ctx, const struct options *options,
                          const struct account_settings **ret)
{
    struct account_settings *settings;
    int status = check(options);

    *ret = NULL;
    if (status || (!options->oidc_issuer && !options->remote_user))
        return status;
    settings = talloc_zero(ctx, struct account_settings);
    if (!settings)
        return console_no_memory();
    settings->remote_user = options->remote_user;
    settings->oidc_issuer = options->oidc_issuer;
    settings->oidc_client = options->oidc_client;
    settings->oidc_groups = options->oidc_groups;
    settings->oidc_name = options->oidc_issuer ? options->oidc_issuer + strlen("https://") : NULL;
    settings->ca_file = options->ca_file;
    status = read_map(settings, options);
    if (!status)
        status = read_secret(settings, options);
    *ret = settings;
    return status;
}
