/* SPDX-License-Identifier: MIT */
/* check.c - diagnose domains, observed now or earlier. */
#include "cmd/cmd.h"

#include "app/check.h"
#include "base/i18n.h"
#include "cmd/check_plugin.h"
#include "cmd/console.h"
#include "cmd/from_file.h"
#include "cmd/open_store.h"
#include "cmd/show_domains.h"
#include "cmd/textout_options.h"
#include "event/loop.h"
#include "render/json.h"
#include "render/text.h"

struct check_shown {
    const struct options *options;
    struct check check;
    int status; /* of the store */
};

static void on_fault(void *arg, const struct fault *fault)
{
    struct check_shown *shown = arg;

    shown->status = say_fault(fault);
}

/* With a line end behind JSON, a blank line between domains. */
static char *text_of(TALLOC_CTX *ctx, const struct options *options, const struct checked *checked)
{
    struct textout_options out = textout_options_of(options);
    char *text;

    out.quiet = out.quiet || checked->repeats_why; /* it has the same paragraph */
    text = options->json ? json_check(ctx, checked->diagnosis)
                         : text_check(ctx, checked->diagnosis, &out);
    if (text && (options->json || !options->quiet))
        text = talloc_strdup_append_buffer(text, "\n");
    return text;
}

static enum sts_status show_diagnosis(TALLOC_CTX *ctx, void *arg, const struct facts *facts,
                                      struct shown *ret)
{
    struct check_shown *shown = arg;
    const struct options *options = shown->options;
    TALLOC_CTX *scratch = talloc_new(ctx);
    struct checked checked;

    if (scratch && check_facts(scratch, &shown->check, facts, &checked) == STS_OK) {
        ret->status = exit_status_of(checked.diagnosis->findings, checked.diagnosis->finding_count,
                                     options->fail_on);
        ret->text = text_of(ctx, options, &checked);
    }
    talloc_free(scratch);
    return ret->text ? STS_OK : STS_E_NOMEM;
}

static bool has_room(void *arg)
{
    const struct check_shown *shown = arg;

    return check_has_room(&shown->check);
}

/* What is stored goes to a writer beside this loop, which is run for it even where there is no
 * network. */
static int run(TALLOC_CTX *ctx, struct check_shown *shown)
{
    const struct options *options = shown->options;
    struct show_request request = {.show = show_diagnosis, .has_room = has_room, .arg = shown};
    struct loop *loop;
    int status;

    if (!options->save)
        return options->from ? from_file_run(ctx, options, show_diagnosis, shown)
                             : show_domains(ctx, options, show_diagnosis, shown);
    if (loop_new(ctx, &loop) != STS_OK)
        return console_no_memory();
    shown->check.request.loop = request.loop = loop;
    shown->check.request.where = open_store_where(options);
    shown->check.request.live = !options->from;
    if (check_begin(loop, &shown->check) != STS_OK)
        return console_no_memory();
    status = options->from ? from_file_run(ctx, options, show_diagnosis, shown)
                           : show_domains_in(ctx, options, &request);
    check_end(&shown->check);
    talloc_free(loop);
    return status;
}

int cmd_check(TALLOC_CTX *ctx, const struct options *options)
{
    struct check_shown shown = {.options = options,
                                .check.request = {.at_now = options->now != NOW_UNSET,
                                                  .now = options->now,
                                                  .warn_days = options->warn_days,
                                                  .fault = on_fault,
                                                  .arg = &shown}};
    struct store **store = &shown.check.request.store;
    int status;

    if (options->plugin)
        return check_plugin(ctx, options);
    if (options->from && options->operand_count)
        return console_usage(_("--from and a domain (%s) cannot be combined"),
                             options->operands[0]);
    status = options->save ? open_store(ctx, options, STORE_WRITE, store) : 0;
    if (status)
        return status;
    status = run(ctx, &shown);
    talloc_free(*store);
    return exit_status_worse(status, shown.status);
}
