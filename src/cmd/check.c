/* SPDX-License-Identifier: MIT */
/* check.c - diagnose domains, observed now or earlier. */
#include "cmd/cmd.h"

#include "base/i18n.h"
#include "cmd/open_store.h"
#include "cmd/live.h"
#include "cmd/textout_options.h"
#include "cmd/console.h"
#include "cmd/from_file.h"
#include "history/stored_check.h"
#include "render/json.h"
#include "render/text.h"
#include "verdict/place.h"

/* Where --save keeps what is shown.  A store that failed is left alone from then on, and the
 * diagnoses go on. */
struct keeper {
    const struct options *options;
    struct store *store; /* NULL: nowhere */
    int status;
    bool blindness_told; /* for the first domain; further ones have the same paragraph */
};

static void keep(struct keeper *keeper, const struct diagnosis *diagnosis)
{
    enum sts_status status;

    if (!keeper->store)
        return;
    status = stored_check_put(keeper->store, diagnosis);
    if (!status)
        return;
    keeper->status = say_store_failure(keeper->store, status);
    TALLOC_FREE(keeper->store);
}

static bool told_already(struct keeper *keeper, const struct facts *facts)
{
    bool told = keeper->blindness_told;

    if (!place_is_blind(facts))
        return false;
    keeper->blindness_told = true;
    return told;
}

/* What was seen is judged by the time it was seen, unless --now names another. */
static enum sts_status show_diagnosis(TALLOC_CTX *ctx, void *arg, const struct facts *facts,
                                      struct live_output *ret)
{
    struct keeper *keeper = arg;
    const struct options *options = keeper->options;
    struct textout_options out = textout_options_of(options);
    const struct judging by = {.now = options->now == NOW_UNSET ? facts->observed_at : options->now,
                               .warn_days = options->warn_days};
    TALLOC_CTX *scratch = talloc_new(ctx);
    struct diagnosis *diagnosis;
    char *text = NULL;

    if (scratch && diagnose_by(scratch, facts, &by, &diagnosis) == STS_OK) {
        ret->status =
            exit_status_of(diagnosis->findings, diagnosis->finding_count, options->fail_on);
        keep(keeper, diagnosis);
        out.quiet = out.quiet || told_already(keeper, facts);
        text = options->json ? json_check(ctx, diagnosis) : text_check(ctx, diagnosis, &out);
        /* A line end behind JSON, a blank line between domains. */
        if (text && (options->json || !options->quiet))
            text = talloc_strdup_append_buffer(text, "\n");
    }
    talloc_free(scratch);
    ret->text = text;
    return text ? STS_OK : STS_E_NOMEM;
}

int cmd_check(TALLOC_CTX *ctx, const struct options *options)
{
    struct options own = *options;
    struct keeper keeper = {.options = &own};
    int status;

    if (own.from && own.operand_count)
        return console_usage(_("--from and a domain (%s) cannot be combined"), own.operands[0]);
    status = own.save ? open_store(ctx, &own, STORE_WRITE, &keeper.store) : 0;
    if (status)
        return status;
    status = own.from ? from_file_run(ctx, &own, show_diagnosis, &keeper)
                      : live_run(ctx, &own, show_diagnosis, &keeper);
    talloc_free(keeper.store);
    return exit_status_worse(status, keeper.status);
}
