/* SPDX-License-Identifier: MIT */
/* report_beside.c - the domains of reports checked beside them, now or from recorded facts. */
#include "cmd/report_beside.h"

#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/exit_status.h"
#include "cmd/from_file.h"
#include "cmd/show_domains.h"
#include "render/expand.h"
#include "render/finding_text.h"
#include "verdict/place.h"

static enum sts_status add_check(struct report_beside *beside, const struct facts *facts)
{
    const struct options *options = beside->options;
    int64_t now = options_now_or(options, facts->observed_at);

    return report_checks_add(beside->ctx, &beside->checks, facts, now);
}

/* Why the check saw nothing, which is the same for all domains. */
static void say_blind(struct report_beside *beside, const struct diagnosis *d)
{
    char *why = d->finding_count ? expand_text(beside->ctx, _(d->findings[0].detail),
                                               finding_text_params(&d->findings[0]))
                                 : NULL;

    if (why && !beside->blindness_said)
        console_note("%s", why);
    beside->blindness_said = true;
}

/* Instead of showing a domain. */
static enum sts_status keep_live(TALLOC_CTX *ctx, void *arg, const struct facts *facts,
                                 struct shown *ret)
{
    struct report_beside *beside = arg;
    enum sts_status status = add_check(beside, facts);

    (void)ctx;
    (void)ret;
    if (!status && place_is_blind(facts))
        say_blind(beside, beside->checks.list[beside->checks.count - 1]);
    return status;
}

static enum sts_status keep_stored(TALLOC_CTX *ctx, void *arg, const struct facts *facts,
                                   struct shown *ret)
{
    (void)ctx;
    (void)ret;
    return add_check(arg, facts);
}

static int check_live(struct report_beside *beside, const struct tally *tally)
{
    struct options own = *beside->options;

    if (report_checks_names(beside->ctx, tally, &own.operands, &own.operand_count) != STS_OK)
        return console_no_memory();
    return own.operand_count ? show_domains(beside->ctx, &own, keep_live, beside) : 0;
}

int report_beside_run(struct report_beside *beside, const struct tally *tally)
{
    const struct options *options = beside->options;

    if (options->check)
        return check_live(beside, tally);
    return options->from ? from_file_run_any(beside->ctx, options, keep_stored, beside) : 0;
}
