/* SPDX-License-Identifier: MIT */
/* text_next.c - the commands that lead on from a diagnosis. */
#include "render/text.h"

#include "base/i18n.h"
#include "render/expand.h"
#include "verdict/session.h"

struct next {
    const char *why, *command; /* msgid; template */
};

static bool has(const struct diagnosis *d, enum finding_code code)
{
    for (size_t i = 0; i < d->finding_count; i++)
        if (d->findings[i].code == code)
            return true;
    return false;
}

static bool refuses(enum delivery delivery)
{
    return delivery == DELIVERY_REFUSED || delivery == DELIVERY_PARTLY_REFUSED;
}

enum next_id { NEXT_NONE, NEXT_ROLLBACK, NEXT_GENERATE, NEXT_PLAN, NEXT_EXPLAIN };

static const struct next nexts[] = {
    [NEXT_ROLLBACK] = {N_("Take the policy back until this is fixed:"), "mtasts rollback {domain}"},
    [NEXT_GENERATE] = {N_("Generate the files to publish:"), "mtasts generate {domain}"},
    [NEXT_PLAN] = {N_("Where the rollout is, and the next step:"), "mtasts plan {domain}"},
    [NEXT_EXPLAIN] = {N_("Meaning, causes and all steps:"), "mtasts explain {code}"},
};

/* By what senders make of the domain; taking back a policy does not help against DANE. */
static enum next_id by_state(const struct diagnosis *d)
{
    if (refuses(d->by.policy))
        return NEXT_ROLLBACK;
    if (d->delivery == DELIVERY_UNDELIVERABLE || d->verdict == VERDICT_UNKNOWN)
        return NEXT_NONE;
    if (has(d, FINDING_STS_RECORD_MISSING) || has(d, FINDING_STS_RECORD_WILDCARD))
        return NEXT_GENERATE;
    return d->verdict == VERDICT_OK ? NEXT_PLAN : NEXT_NONE;
}

/* The first finding, where it is more than a note or there is nothing else to say. */
static enum next_id by_finding(const struct diagnosis *d, bool alone)
{
    bool worth = d->finding_count && (alone || d->findings[0].severity > SEVERITY_INFO);

    return worth ? NEXT_EXPLAIN : NEXT_NONE;
}

/* Where something worse is wrong than that nothing is published, that comes first. */
static bool finding_first(const struct diagnosis *d, enum next_id state)
{
    return state == NEXT_GENERATE && d->findings[0].severity >= SEVERITY_HIGH;
}

size_t next_commands(TALLOC_CTX *ctx, const struct diagnosis *d, struct next_command ret[NEXT_MAX])
{
    enum next_id state = by_state(d), explain = by_finding(d, !state);
    bool swap = finding_first(d, state);
    enum next_id list[NEXT_MAX] = {swap ? explain : state, swap ? state : explain};
    struct param params[] = {{"domain", d->facts->domain}, {"code", ""}};
    size_t count = 0;

    if (d->finding_count)
        params[1].value = finding_info(d->findings[0].code)->name;
    for (size_t i = 0; i < NEXT_MAX; i++)
        if (list[i])
            ret[count++] =
                (struct next_command){_(nexts[list[i]].why),
                                      expand_command(ctx, nexts[list[i]].command,
                                                     (struct expand_params){params, 2, false}),
                                      list[i] == NEXT_EXPLAIN};
    return count;
}

void text_next(struct textout *out, const struct diagnosis *d, size_t most)
{
    struct next_command list[NEXT_MAX];
    size_t count = next_commands(out, d, list);

    for (size_t i = 0; i < count && i < most; i++) {
        textout_piece(out, STYLE_PLAIN, talloc_asprintf(out, "%s ", list[i].why));
        textout_line(out, 0, STYLE_BOLD, list[i].command);
    }
}
