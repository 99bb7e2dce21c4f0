/* SPDX-License-Identifier: MIT */
/* watch.c - look at domains again and again, and tell what has changed. */
#include "cmd/cmd.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/service.h"
#include "cmd/watch_pass.h"
#include "reports/names.h"

#define JITTER 10 /* the interval is longer by a tenth of it at the most */

/* Passes of many machines do not fall together for long. */
static int64_t next_pass(int64_t begun, int64_t interval)
{
    return begun + interval * 1000 +
           (int64_t)arc4random_uniform((uint32_t)(interval * 1000 / JITTER + 1));
}

static int serve(TALLOC_CTX *ctx, const struct options *options)
{
    int64_t begun, number = 0;

    service_catch_signals();
    service_ready();
    do {
        int status;

        begun = clock_monotonic_ms();
        service_status(
            ngettext("checking %zu domain", "checking %zu domains", options->operand_count),
            options->operand_count);
        status = watch_pass(ctx, options);
        if (status == EXIT_USAGE)
            return status;
        service_status(ngettext("%zu domain, pass %lld finished with status %d",
                                "%zu domains, pass %lld finished with status %d",
                                options->operand_count),
                       options->operand_count, (long long)++number, status);
        if (service_wait(next_pass(begun, options->interval)) != STS_OK)
            return console_internal("%s", _("the event loop failed"));
    } while (!service_is_to_end());
    service_stopping();
    return 0;
}

/* A domain is checked once in a pass, however often it is given. */
static int drop_repeated(TALLOC_CTX *ctx, struct input_names *names)
{
    struct names seen;
    size_t count = 0;

    names_begin(&seen, ctx, sizeof(const char *));
    for (size_t i = 0; i < names->count; i++) {
        bool again = names_find(&seen, names->names[i]) != NULL;

        if (!again && !names_get(&seen, names->names[i]))
            return console_no_memory();
        names->names[count] = names->names[i];
        names->given[count] = names->given[i];
        count += !again;
    }
    names->count = count;
    return 0;
}

int cmd_watch(TALLOC_CTX *ctx, const struct options *options)
{
    struct options own = *options;
    struct input_names names;
    int status;

    if (own.from && own.operand_count)
        return console_usage(_("--from and a domain (%s) cannot be combined"), own.operands[0]);
    if (own.from && own.interval)
        return console_usage("%s", _("--from and --interval cannot be combined"));
    if (own.from)
        return watch_pass(ctx, &own);
    /* Standard input is read once. */
    status = input_names(ctx, &own, &names);
    if (!status)
        status = drop_repeated(ctx, &names);
    if (status)
        return status;
    own.operands = names.given;
    own.operand_count = names.count;
    own.domains = NULL;
    status = own.interval ? serve(ctx, &own) : watch_pass(ctx, &own);
    return exit_status_worse(status, names.status);
}
