/* SPDX-License-Identifier: MIT */
/* policyd_verbs.c - which verb, the daemon asked, and what it holds listed and forgotten. */
#include "cmd/policyd_verbs.h"

#include <errno.h>
#include <string.h>

#include <mtasts/match.h>

#include "base/i18n.h"
#include "base/json.h"
#include "cmd/console.h"
#include "cmd/control_socket.h"
#include "render/policyd_account.h"
#include "cmd/policyd_overrides.h"
#include "cmd/show_domains.h"
#include "cmd/suggest.h"
#include "policyd/limits.h"

static const struct {
    const char *name;
    int (*run)(TALLOC_CTX *ctx, const struct options *options);
} verbs[] = {
    {"explain", policyd_explain},   {"dump", policyd_dump},   {"overrides", policyd_overrides},
    {"import", policyd_import},     {"purge", policyd_purge}, {"warm", policyd_warm},
    {"selftest", policyd_selftest},
};

int policyd_verb(TALLOC_CTX *ctx, const struct options *options)
{
    const char *name = options->operands[0];
    struct suggestion near = suggest_begin(name);
    char *wrong;

    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (!strcmp(verbs[i].name, name))
            return verbs[i].run(ctx, options);
        suggest_offer(&near, verbs[i].name);
    }
    wrong = talloc_asprintf(ctx, _("unexpected argument: %s"), name);
    return wrong ? suggest_usage(&near, "mtasts policyd ", wrong, NULL) : console_no_memory();
}

void policyd_net_options(const struct options *options, struct net_options *ret)
{
    net_options_of(options, ret);
    ret->public_only = true; /* whoever sends mail chooses the domains */
    ret->no_smtp = true;
    ret->limits.per_address = LIMIT_FETCHES_PER_ADDRESS;
}

int policyd_net(TALLOC_CTX *ctx, const struct options *options, struct loop *loop, struct net **ret)
{
    struct net_options net;
    char *why = NULL;

    policyd_net_options(options, &net);
    if (net_new(ctx, loop, &net, ret, &why) == STS_OK)
        return 0;
    return why ? console_internal("%s", why) : console_no_memory();
}

/* ---- asking the daemon ----------------------------------------------------------------------- */

enum sts_status policyd_asking_begin(TALLOC_CTX *ctx, const struct options *options,
                                     struct policyd_asking *ret)
{
    enum sts_status status = loop_new(ctx, &ret->loop);

    ret->path = control_socket_of(options);
    ret->answer = NULL;
    return status == STS_OK ? control_client_new(ctx, ret->loop, ret->path, &ret->client) : status;
}

int policyd_say_unreachable(const struct policyd_asking *asking)
{
    return console_internal(_("no policy daemon can be reached at %s: %s; --control specifies "
                              "another path"),
                            asking->path, _(strerror(errno)));
}

static void on_answer(void *arg, struct bytes answer)
{
    struct policyd_asking *asking = arg;

    if (answer.data)
        asking->answer = talloc_strndup(asking->loop, answer.data, answer.length);
    asking->length = asking->answer ? answer.length : 0;
    loop_stop(asking->loop);
}

int policyd_ask(struct policyd_asking *asking, const char *request)
{
    TALLOC_FREE(asking->answer);
    control_client_ask(asking->client, request, on_answer, asking);
    if (loop_run(asking->loop) != STS_OK)
        return console_internal("%s", _("the event loop failed"));
    return asking->answer
               ? 0
               : console_internal(_("the policy daemon at %s closed the connection"), asking->path);
}

/* ---- dump ------------------------------------------------------------------------------------ */

/* Lines of JSON, as they are or as a line of text for each. */
static int print_page(TALLOC_CTX *ctx, const struct options *options, char *page)
{
    int status = 0;

    for (char *line = page, *end; !status && *line; line = end + 1) {
        end = strchr(line, '\n');
        if (!end)
            break;
        *end = '\0';
        status = options->json ? console_line(line) : console_text(policyd_account_line(ctx, line));
    }
    return status;
}

int policyd_dump(TALLOC_CTX *ctx, const struct options *options)
{
    struct policyd_asking asking;
    enum sts_status begun;
    int status;

    if (options->operand_count > 1)
        return console_usage(_("unexpected argument: %s"), options->operands[1]);
    begun = policyd_asking_begin(ctx, options, &asking);
    if (begun != STS_OK)
        return begun == STS_E_IO ? policyd_say_unreachable(&asking) : console_no_memory();
    status = policyd_ask(&asking, "dump .");
    while (!status && asking.length) {
        TALLOC_CTX *page = talloc_new(ctx);

        status = print_page(page, options, asking.answer);
        talloc_free(page);
        if (!status)
            status = console_flush() ? policyd_ask(&asking, "more .") : EXIT_INTERNAL;
    }
    return status;
}

/* ---- purge ----------------------------------------------------------------------------------- */

struct purging {
    struct policyd_asking asking;
    size_t purged, busy;
};

static int purge_one(TALLOC_CTX *ctx, struct purging *purging, const char *domain)
{
    char *request = talloc_asprintf(ctx, "purge %s", domain);
    int status = request ? policyd_ask(&purging->asking, request) : console_no_memory();

    if (status)
        return status;
    purging->purged += !strcmp(purging->asking.answer, "1");
    purging->busy += !strcmp(purging->asking.answer, "busy");
    return 0;
}

/* The names first: what is forgotten is not on the next page. */
static int list_domains(TALLOC_CTX *ctx, struct purging *purging, char **ret)
{
    int status = policyd_ask(&purging->asking, "dump .");

    *ret = talloc_strdup(ctx, "");
    while (!status && *ret && purging->asking.length) {
        *ret = talloc_strdup_append_buffer(*ret, purging->asking.answer);
        status = policyd_ask(&purging->asking, "more .");
    }
    return status || *ret ? status : console_no_memory();
}

static int purge_all(TALLOC_CTX *ctx, struct purging *purging)
{
    char *line, *end;
    int status = list_domains(ctx, purging, &line);

    for (; !status && (end = strchr(line, '\n')); line = end + 1) {
        TALLOC_CTX *own = talloc_new(ctx);
        const char *domain;

        *end = '\0';
        domain = policyd_account_domain(own, line);
        status = domain ? purge_one(own, purging, domain) : console_no_memory();
        talloc_free(own);
    }
    return status;
}

static int purge_named(TALLOC_CTX *ctx, struct purging *purging, const struct options *options)
{
    char domain[STS_NAME_SIZE];
    int status = 0;

    for (size_t i = 1; !status && i < options->operand_count; i++) {
        if (sts_name_from_user(options->operands[i], domain) != STS_OK)
            return console_usage(_("%s\"%s\" is not a domain name"), "", options->operands[i]);
        status = purge_one(ctx, purging, domain);
    }
    return status;
}

int policyd_purge(TALLOC_CTX *ctx, const struct options *options)
{
    struct purging purging = {.purged = 0};
    enum sts_status begun;
    int status;

    if (options->all == (options->operand_count > 1))
        return console_usage("%s", _("purge: expected domains or --all"));
    begun = policyd_asking_begin(ctx, options, &purging.asking);
    if (begun != STS_OK)
        return begun == STS_E_IO ? policyd_say_unreachable(&purging.asking) : console_no_memory();
    status = options->all ? purge_all(ctx, &purging) : purge_named(ctx, &purging, options);
    if (status)
        return status;
    if (purging.busy)
        console_note(_("not purged, as they are being looked up: %zu"), purging.busy);
    return options->quiet ? 0
                          : console_text(talloc_asprintf(ctx, _("purged: %zu\n"), purging.purged));
}
