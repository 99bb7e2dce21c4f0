/* SPDX-License-Identifier: MIT */
/* policyd_explain.c - what is known of a domain: by the daemon that runs, else by the same lookups
 * here; then a check without the mail servers, whose codes say what is wrong. */
#include "cmd/policyd_verbs.h"

#include <mtasts/match.h>

#include "base/i18n.h"
#include "cmd/console.h"
#include "render/policyd_account.h"
#include "cmd/policyd_overrides.h"
#include "cmd/show_domains.h"
#include "policyd/inquiry.h"
#include "policyd/server.h"

/* ---- by the daemon --------------------------------------------------------------------------- */

/* *ret: NULL where no daemon can be reached. */
static int ask_daemon(TALLOC_CTX *ctx, const struct options *options, const char *domain,
                      char **ret)
{
    struct policyd_asking asking;
    char *request = talloc_asprintf(ctx, "explain %s", domain);
    enum sts_status begun = policyd_asking_begin(ctx, options, &asking);
    int status;

    *ret = NULL;
    if (begun == STS_E_IO && !options->control)
        return 0;
    if (begun == STS_E_IO)
        return policyd_say_unreachable(&asking);
    if (begun != STS_OK || !request)
        return console_no_memory();
    status = policyd_ask(&asking, request);
    *ret = status ? NULL : talloc_steal(ctx, asking.answer);
    return status;
}

/* ---- by a lookup of our own ------------------------------------------------------------------ */

static void on_looked_up(void *arg)
{
    loop_stop(arg);
}

static void ignore_decision(void *arg, const struct policyd_decision *decision)
{
    (void)arg;
    (void)decision;
}

static void ignore_failure(void *arg, const char *domain, const struct policy_found *found)
{
    (void)arg;
    (void)domain;
    (void)found;
}

static void ignore_weaker(void *arg, const char *domain, enum downgrade downgrade, int64_t expires)
{
    (void)arg;
    (void)domain;
    (void)downgrade;
    (void)expires;
}

static char *look_up_in(TALLOC_CTX *ctx, const struct policyd_request *request,
                        const struct overrides *overrides, const char *domain)
{
    const struct inquiry_account wish = {.domain = domain, .source = "lookup"};
    struct loop *loop = request->net->loop;
    const struct inquiry_request look = {.domain = domain, .done = on_looked_up, .arg = loop};
    struct policyd *policyd = NULL;
    struct inquiry *inquiry;
    char *account = NULL;

    if (policyd_start(ctx, request, &policyd) != STS_OK)
        return NULL;
    if (policyd_override(policyd, overrides) == STS_OK &&
        inquiry_start(ctx, policyd, &look, &inquiry) == STS_OK) {
        if (loop_run(loop) == STS_OK)
            account = inquiry_account(ctx, policyd, &wish);
        talloc_free(inquiry);
    }
    talloc_free(policyd);
    return account;
}

static int look_up(TALLOC_CTX *ctx, const struct options *options, const char *domain, char **ret)
{
    struct policyd_request request = {.no_dane = options->no_dane,
                                      .no_store = true,
                                      .decided = ignore_decision,
                                      .failed = ignore_failure,
                                      .weaker = ignore_weaker};
    struct overrides *overrides;
    struct loop *loop;
    int status = policyd_overrides_load(ctx, options, &overrides);

    if (status)
        return status;
    if (loop_new(ctx, &loop) != STS_OK)
        return console_no_memory();
    status = policyd_net(ctx, options, loop, &request.net);
    if (status)
        return status;
    *ret = look_up_in(ctx, &request, overrides, domain);
    talloc_free(request.net);
    return *ret ? 0 : console_no_memory();
}

/* ---- all of it ------------------------------------------------------------------------------- */

struct explaining {
    const struct options *options;
    const char *account;
};

static enum sts_status show(TALLOC_CTX *ctx, void *arg, const struct facts *facts,
                            struct shown *ret)
{
    const struct explaining *explaining = arg;
    struct diagnosis *now;

    if (diagnose(ctx, facts, facts->observed_at, &now) != STS_OK)
        return STS_E_NOMEM;
    if (explaining->options->json) {
        char *line = policyd_account_with(ctx, explaining->account, now);

        ret->text = line ? talloc_strdup_append_buffer(line, "\n") : NULL;
    } else {
        ret->text = policyd_account_text(ctx, explaining->account, now);
    }
    return ret->text ? STS_OK : STS_E_NOMEM;
}

static int explain_one(TALLOC_CTX *ctx, const struct options *options, const char *given)
{
    char domain[STS_NAME_SIZE];
    const char *name = domain;
    struct options check = *options;
    struct explaining explaining = {.options = options};
    char *account;
    int status;

    if (sts_name_from_user(given, domain) != STS_OK)
        return console_usage(_("%s\"%s\" is not a domain name"), "", given);
    status = ask_daemon(ctx, options, domain, &account);
    if (!status && !account)
        status = look_up(ctx, options, domain, &account);
    if (status)
        return status;
    explaining.account = account;
    check.operands = &name;
    check.operand_count = 1;
    check.no_smtp = true;
    return show_domains(ctx, &check, show, &explaining);
}

int policyd_explain(TALLOC_CTX *ctx, const struct options *options)
{
    int status = 0;

    if (options->operand_count < 2)
        return console_usage("%s", _("explain: expected a domain"));
    for (size_t i = 1; status < EXIT_USAGE && i < options->operand_count; i++) {
        TALLOC_CTX *own = talloc_new(ctx);

        if (i > 1 && !options->json)
            (void)console_text("\n");
        status = own ? explain_one(own, options, options->operands[i]) : console_no_memory();
        talloc_free(own);
    }
    return status;
}
