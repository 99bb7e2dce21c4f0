/* SPDX-License-Identifier: MIT */
/* history.c - what the store knows of domains: checks, policies, reports. */
#include "cmd/cmd.h"

#include "cmd/console.h"
#include "cmd/filter_options.h"
#include "cmd/open_store.h"
#include "cmd/textout_options.h"
#include "render/history.h"

static int show(TALLOC_CTX *ctx, const struct options *options,
                const struct domain_history *history)
{
    struct textout_options look = textout_options_of(options);
    int status;

    if (options->json) {
        status = console_line(json_history(ctx, history));
    } else {
        status = console_text(text_history(ctx, history, &look));
        if (!status && !options->quiet)
            status = console_text("\n");
    }
    return exit_status_worse(status, domain_history_is_empty(history) ? EXIT_UNKNOWN : 0);
}

static int one_domain(TALLOC_CTX *ctx, const struct options *options, struct store *store,
                      const char *domain, const struct report_filter *filter)
{
    const struct domain_history_request request = {
        .domain = domain,
        .now = options_now(options),
        .since_known = filter->since != INT64_MIN,
        .since = filter->since,
        .each = options->verbose,
    };
    TALLOC_CTX *unit = talloc_new(ctx);
    struct domain_history *history;
    enum sts_status read =
        unit ? domain_history_read(unit, store, &request, &history) : STS_E_NOMEM;
    int status;

    if (read)
        status = store ? say_store_failure(store, read) : console_no_memory();
    else
        status = show(unit, options, history);
    talloc_free(unit);
    return status;
}

int cmd_history(TALLOC_CTX *ctx, const struct options *options)
{
    struct input_names names;
    struct report_filter filter;
    struct store *store = NULL;
    int status = filter_options_read(options, &filter);

    if (!status)
        status = input_names(ctx, options, &names);
    if (!status)
        status = open_store(ctx, options, STORE_READ, &store);
    if (status)
        return status;
    for (size_t i = 0; i < names.count && status < EXIT_USAGE; i++)
        status =
            exit_status_worse(status, one_domain(ctx, options, store, names.names[i], &filter));
    talloc_free(store);
    return exit_status_worse(status, names.status);
}
