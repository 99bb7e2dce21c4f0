/* SPDX-License-Identifier: MIT */
/* open_store.c - the store on the command line. */
#include "cmd/open_store.h"

#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/environment.h"

/* ---- trouble --------------------------------------------------------------------------------- */

int say_store_fault(const struct store_fault *fault)
{
    const char *text = _(store_trouble_text(fault->trouble));

    if (!fault->store)
        console_note("%s", text);
    else if (!fault->detail)
        console_note("%s: %s", fault->store, text);
    else
        console_note("%s: %s (%s)", fault->store, text, _(fault->detail));
    return store_trouble_passes(fault->trouble) ? EXIT_LATER : EXIT_INTERNAL;
}

static int say_status(enum sts_status status, const struct store_fault *fault)
{
    if (status == STS_E_IO || status == STS_E_REFUSED)
        return say_store_fault(fault);
    if (status == STS_E_NOMEM)
        return console_no_memory();
    return console_internal("%s", _("too large for the store"));
}

int say_store_failure(const struct store *store, enum sts_status status)
{
    return say_status(status, store_fault(store));
}

int say_fault(const struct fault *fault)
{
    if (fault->status == STS_E_LIMIT && fault->domain)
        return console_internal(_("%s: the check is too large for the store"), fault->domain);
    if (fault->store)
        return say_store_failure(fault->store, fault->status);
    return fault->why ? console_internal("%s", fault->why) : console_no_memory();
}

/* "postgress://h/d" and "postgresql:d" are no files that anybody wants. */
static bool is_mistyped_url(const char *where)
{
    size_t scheme =
        strspn(where, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    if (where[scheme] != ':' || strncmp(where, "postgresql://", 13) == 0 ||
        strncmp(where, "postgres://", 11) == 0)
        return false;
    return where[scheme + 1] == '/' || strncasecmp(where, "postgres", 8) == 0;
}

/* "scheme://user:password@host" or "?password=...": by eye, so that no mistyped one escapes. */
bool open_store_has_password(const char *where)
{
    const char *user = strstr(where, "://"), *at, *colon;

    if (!user)
        return false;
    if (strcasestr(user, "password="))
        return true;
    user += 3;
    at = strchr(user, '@');
    colon = strchr(user, ':');
    return at && at < user + strcspn(user, "?") && colon && colon < at && colon + 1 != at;
}

int open_store_check(const char *shown, const char *where)
{
    if (where && !*where)
        return console_usage(_("%s: expected a file or a postgresql:// URL"), shown);
    if (where && is_mistyped_url(where))
        return console_usage(_("%s %s: expected a file or a URL that begins with postgresql://"),
                             shown, open_store_has_password(where) ? "" : where);
    return 0;
}

const char *open_store_where(const struct options *options)
{
    const char *named = environment_value("store");

    if (options->store)
        return options->store;
    return named ? named : options->store_of_file;
}

int open_store_named(const struct options *options, const char **ret)
{
    const char *variable = options->store ? NULL : environment_variable("store");

    *ret = open_store_where(options);
    if (variable)
        return open_store_check(variable, *ret);
    if (options->store && open_store_has_password(options->store))
        return console_usage(
            "%s", _("--store: every user of this machine can read a password on the command line. "
                    "Put it in ~/.pgpass (HOST:PORT:NAME:USER:PASSWORD, mode 0600), or set the "
                    "whole URL in the environment variable MTASTS_STORE instead of using --store"));
    return open_store_check("--store", options->store);
}

static bool is_absent(enum sts_status status, const struct store_fault *fault)
{
    return status == STS_E_IO &&
           (fault->trouble == STORE_TROUBLE_ABSENT || fault->trouble == STORE_TROUBLE_NO_PLACE);
}

int open_store(TALLOC_CTX *ctx, const struct options *options, enum store_purpose purpose,
               struct store **ret)
{
    bool absent;

    return open_store_or_absent(ctx, options, purpose, ret, &absent);
}

int open_store_or_absent(TALLOC_CTX *ctx, const struct options *options, enum store_purpose purpose,
                         struct store **ret, bool *ret_absent)
{
    struct store_fault *fault = NULL;
    enum sts_status status;
    const char *where;
    int usage = open_store_named(options, &where);

    *ret = NULL;
    *ret_absent = false;
    if (usage)
        return usage;
    status = store_open(ctx, where, purpose, ret, &fault);
    if (status == STS_OK) {
        if (where && store_is_new(*ret) && !options->quiet)
            console_note(_("%s: new database created"), store_name(*ret));
        return 0;
    }
    *ret = NULL;
    *ret_absent = is_absent(status, fault);
    /* The default store need not be there: nothing was ever stored.  Nor need that of a
     * file, which is the default there.  One that was named must be. */
    if (*ret_absent && purpose == STORE_READ && (!where || where == options->store_of_file)) {
        if (!where && store_of_service_is_closed() && !options->quiet)
            console_note(_("%s: no permission to read the store of the service; use --store, or "
                           "run the command as root"),
                         STORE_OF_SERVICE);
        return 0;
    }
    return say_status(status, fault);
}
