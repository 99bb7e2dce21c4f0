/* SPDX-License-Identifier: MIT */
/* create_token.c - whose token, of which group, for what, until when. */
#include "cmd/create_token.h"

#include <string.h>

#include "accounts/account_name.h"
#include "accounts/make_token.h"
#include "accounts/token.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/open_store.h"

#define DAY          86400
#define DAYS_DEFAULT 365

/* 0: one of them is none, and that was said. */
static unsigned scopes_of(const struct options *options)
{
    unsigned scopes = 0;

    for (size_t i = 0; i < options->scope_count; i++) {
        unsigned one = token_scopes_read(options->scopes[i]);

        if (!one) {
            (void)console_usage(_("--scope %s: expected read, check, ingest, domains or admin"),
                                options->scopes[i]);
            return 0;
        }
        scopes |= one;
    }
    return scopes ? scopes : (unsigned)TOKEN_READ;
}

static int say_outcome(const struct make_token_request *request, enum make_token_outcome outcome)
{
    switch (outcome) {
    case MAKE_TOKEN_NO_USER:
        return console_usage(_("--create-token %s: unknown user, or a disabled one"),
                             request->user);
    case MAKE_TOKEN_NO_GROUP:
        return console_usage(_("--group %s: unknown group"), request->group);
    case MAKE_TOKEN_FULL:
        return console_usage(_("--create-token %s: a user can have at most 100 API tokens. "
                               "Revoke one first."),
                             request->user);
    default:
        return console_usage(_("--group %s: %s is not a member"), request->group, request->user);
    }
}

static int make(TALLOC_CTX *ctx, const struct options *options,
                const struct make_token_request *request)
{
    enum make_token_outcome outcome = MAKE_TOKEN_DONE;
    struct store *store;
    char *token = NULL;
    int exit_status = open_store(ctx, options, STORE_WRITE, &store);
    enum sts_status status;

    if (exit_status)
        return exit_status;
    status = make_token(ctx, store, request, &outcome, &token);
    if (status)
        return say_store_failure(store, status);
    return outcome == MAKE_TOKEN_DONE ? console_line(token) : say_outcome(request, outcome);
}

int create_token(TALLOC_CTX *ctx, const struct options *options)
{
    int64_t days = options->expires ? options->expires : DAYS_DEFAULT;
    struct make_token_request request = {.user = account_name_of_user(ctx, options->create_token),
                                         .purpose = "mtasts serve --create-token",
                                         .now = clock_now()};

    if (!options->group)
        return console_usage("%s", _("--create-token requires --group"));
    if (!request.user)
        return console_usage(_("--create-token %s: not a user name"), options->create_token);
    request.group = account_name_of_group(ctx, options->group);
    request.scopes = scopes_of(options);
    request.expires = request.now + days * DAY;
    if (!request.scopes)
        return EXIT_USAGE;
    return request.group ? make(ctx, options, &request)
                         : console_usage(_("--group %s: unknown group"), options->group);
}
