/* SPDX-License-Identifier: MIT */
/* plan.c - plan and rollback: what comes next for a domain, from its facts and the store. */
#include "cmd/cmd.h"

#include "app/advise.h"
#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/from_file.h"
#include "cmd/open_store.h"
#include "cmd/plan_options.h"
#include "cmd/show_domains.h"
#include "cmd/write_files.h"

struct plan_shown {
    const struct options *options;
    struct advise_request request;
    const char *format;
    int fault; /* what the store complained of of this domain, as an exit status; 0: nothing */
};

static void on_fault(void *arg, const struct fault *fault)
{
    struct plan_shown *shown = arg;

    shown->fault = say_fault(fault);
}

static enum sts_status show(TALLOC_CTX *ctx, void *arg, const struct facts *facts,
                            struct shown *ret)
{
    struct plan_shown *shown = arg;
    TALLOC_CTX *scratch = talloc_new(ctx);
    struct advisory *a;
    enum sts_status status;

    shown->fault = 0;
    status = scratch ? advise_domain(scratch, &shown->request, facts, &a) : STS_E_NOMEM;
    if (!status) {
        ret->text = write_advisory(ctx, shown->options, a, shown->format, &ret->status);
        status = ret->text ? STS_OK : STS_E_NOMEM;
    } else if (shown->fault) {
        ret->status = shown->fault;
        status = STS_OK; /* why has been said */
    }
    talloc_free(scratch);
    return status;
}

static int run(TALLOC_CTX *ctx, struct plan_shown *shown)
{
    const struct options *options = shown->options;
    struct advise_request *request = &shown->request;
    int status, store_status;
    bool absent;

    if (options->from && options->operand_count)
        return console_usage(_("--from and a domain (%s) cannot be combined"),
                             options->operands[0]);
    if (options->out && options->operand_count > 1)
        return console_usage("%s", _("--out takes only one domain"));
    store_status = open_store_or_absent(ctx, options, STORE_READ, &request->store, &absent);
    if (store_status && (store_status == EXIT_USAGE || absent || request->kind != ADVISE_ROLLBACK))
        return store_status;
    request->store_failed = store_status;
    status = options->from ? from_file_run(ctx, options, show, shown)
                           : show_domains(ctx, options, show, shown);
    talloc_free(request->store);
    return exit_status_worse(status, store_status);
}

static int prepare(TALLOC_CTX *ctx, const struct options *options, struct plan_shown *shown)
{
    shown->options = options;
    shown->request.fault = on_fault;
    shown->request.arg = shown;
    return plan_options_read(ctx, options, &shown->request);
}

int cmd_plan(TALLOC_CTX *ctx, const struct options *options)
{
    struct plan_shown shown = {.format = "mtasts.plan/1"};
    int status = prepare(ctx, options, &shown);

    if (status)
        return status;
    if (options->remove && options->new_mx_count)
        return console_usage("%s", _("--remove and --new-mx cannot be combined"));
    if (options->remove)
        shown.request.kind = ADVISE_REMOVAL;
    else if (options->new_mx_count)
        shown.request.kind = ADVISE_MIGRATION;
    return run(ctx, &shown);
}

int cmd_rollback(TALLOC_CTX *ctx, const struct options *options)
{
    struct plan_shown shown = {.request.kind = ADVISE_ROLLBACK, .format = "mtasts.rollback/1"};
    int status = prepare(ctx, options, &shown);

    return status ? status : run(ctx, &shown);
}
