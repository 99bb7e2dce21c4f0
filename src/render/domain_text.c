/* SPDX-License-Identifier: MIT */
/* domain_text.c - how a domain is, in words.
 *
 * What happens to mail, and the worst finding, are said as everywhere (headline.h).  What a state
 * adds to that stands behind it. */
#include "render/domain_text.h"

#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "history/domain_state.h"
#include "history/domain_summary.h"
#include "render/headline.h"

#define NAMES_SHOWN 3
#define NAME_MAX    60 /* bytes of a sender's name */

static const char *shown(TALLOC_CTX *ctx, const char *name)
{
    const char *text = text_printable(ctx, name, strlen(name), NAME_MAX);

    return text ? text : "";
}

static const char *minute(TALLOC_CTX *ctx, int64_t at)
{
    char text[CLOCK_TEXT_SIZE];

    clock_format_minute(at, text);
    return talloc_asprintf(ctx, "%s UTC", text);
}

/* ---- what a state adds ----------------------------------------------------------------------- */

static char *stale(TALLOC_CTX *ctx, const struct domain_summary *s)
{
    return talloc_asprintf(ctx, _("The last check was made on %s; its result may be out of date."),
                           minute(ctx, s->checked_at));
}

static char *failing(TALLOC_CTX *ctx, const struct domain_summary *s)
{
    (void)s;
    return talloc_strdup(ctx, _("Senders report failures that the check does not show."));
}

static char *one_sender(TALLOC_CTX *ctx, const struct domain_summary *s)
{
    const char *sender;

    domain_open_failures(s, &sender);
    return talloc_asprintf(ctx, _("Only %s reports failures; the check does not show them."),
                           shown(ctx, sender ? sender : "?"));
}

static char *ready(TALLOC_CTX *ctx, const struct domain_summary *s)
{
    unsigned long count = (unsigned long)s->phase_sessions;
    char text[I18N_NUMBER_SIZE];

    return talloc_asprintf(
        ctx,
        ngettext("Since %s, %s session was reported and none failed: you can switch to mode "
                 "enforce now.",
                 "Since %s, %s sessions were reported and none failed: you can switch to mode "
                 "enforce now.",
                 count),
        minute(ctx, s->phase_since), i18n_number(s->phase_sessions, text));
}

int64_t domain_sender_interval(const struct logged_sender *sender)
{
    int64_t days = (sender->interval + ADVISORY_DAY / 2) / ADVISORY_DAY;

    return days < 1 ? 1 : days;
}

int64_t domain_sender_silence(const struct domain_summary *summary,
                              const struct logged_sender *sender)
{
    int64_t days = (summary->now - sender->last) / ADVISORY_DAY;

    return days < 1 ? 1 : days;
}

static char *silent(TALLOC_CTX *ctx, const struct domain_summary *s)
{
    const struct logged_sender *sender = s->senders.senders;
    unsigned long days, interval;
    char *text;

    while (!sender->silent)
        sender++;
    days = (unsigned long)domain_sender_silence(s, sender);
    interval = (unsigned long)domain_sender_interval(sender);
    text = talloc_asprintf(
        ctx, ngettext("No report from %s for %lu day", "No report from %s for %lu days", days),
        shown(ctx, domain_sender_name(s, sender->name)), days);
    if (interval == 1)
        return talloc_asprintf(ctx, _("%s; it usually reports daily."), text);
    return talloc_asprintf(ctx,
                           ngettext("%s; it usually reports every %lu day.",
                                    "%s; it usually reports every %lu days.", interval),
                           text, interval);
}

static char *empty(TALLOC_CTX *ctx, const struct domain_summary *s)
{
    (void)s;
    return talloc_strdup(ctx, _("No report has arrived yet."));
}

/* ---- one row for each state ------------------------------------------------------------------ */

static const struct state_words {
    char *(*more)(TALLOC_CTX *ctx, const struct domain_summary *s); /* NULL: nothing */
    bool first;          /* it stands before what is said of mail */
    const char *next;    /* msgid */
    const char *next_at; /* as in struct domain_words */
} states[DOMAIN_STATE_COUNT] = {
    [DOMAIN_UNCHECKED] = {NULL, false, N_("Check the domain now."), NULL},
    [DOMAIN_UNDELIVERABLE] = {NULL, false, N_("Fix the problem as described below."), "#findings"},
    [DOMAIN_REFUSED] = {NULL, false,
                        N_("Fix the problem; if that takes time, return to testing first."),
                        "rollback"},
    [DOMAIN_OFF] = {NULL, false, N_("Fix the problem as described below."), "#findings"},
    [DOMAIN_UNKNOWN] = {NULL, false, N_("Check again, or from another network."), NULL},
    [DOMAIN_STALE] = {stale, true, N_("Check the domain again."), NULL},
    [DOMAIN_PROBLEM] = {NULL, false, N_("Fix the problem as described below."), "#findings"},
    [DOMAIN_FAILING] = {failing, false, N_("Compare what failed with the current check."),
                        "#failed"},
    [DOMAIN_SOON] = {NULL, false, N_("Renew the certificate in time."), "#findings"},
    [DOMAIN_ABSENT] = {NULL, false, N_("See the plan for the first steps."), "plan"},
    [DOMAIN_ONE_SENDER] = {one_sender, false,
                           N_("Check what is between this sender and your servers."), "#failed"},
    [DOMAIN_READY] = {ready, false, N_("See the plan for the next step."), "plan"},
    [DOMAIN_SILENT] = {silent, false, N_("Check that the rua mailbox receives reports."),
                       "#senders"},
    [DOMAIN_EMPTY] = {empty, false, N_("Check that senders can deliver their reports."),
                      "#senders"},
    [DOMAIN_TESTING] = {NULL, false, N_("See the plan for the next step."), "plan"},
    [DOMAIN_FINE] = {NULL, false, NULL, NULL},
};

/* What is wrong is something else than the policy: then no way back from it helps. */
static const struct state_words problem = {NULL, false, N_("Fix the problem as described below."),
                                           "#findings"};

static const struct state_words *words_of(const struct domain_summary *s)
{
    bool by_policy = s->check && headline_policy_refuses(s->check);

    return s->state == DOMAIN_REFUSED && !by_policy ? &problem : &states[s->state];
}

/* ---- the sentence ---------------------------------------------------------------------------- */

static char *join(TALLOC_CTX *ctx, const char *first, const char *second)
{
    if (!first || !second)
        return talloc_strdup(ctx, first ? first : second ? second : "");
    return talloc_asprintf(ctx, "%s %s", first, second);
}

/* What is low is not the cause of anything: it is below, among the findings. */
static bool has_cause(const struct diagnosis *d)
{
    return d->finding_count && d->findings[0].severity > SEVERITY_LOW;
}

/* What happens to mail, then the cause. */
static char *by_check(TALLOC_CTX *ctx, const struct diagnosis *d)
{
    char *mail = headline_sentence(ctx, headline_mail(ctx, d));

    if (!has_cause(d))
        return mail;
    return join(ctx, mail,
                headline_sentence(ctx, headline_findings(ctx, d->findings, d->finding_count)));
}

static char *sentence_of(TALLOC_CTX *ctx, const struct domain_summary *s)
{
    const struct state_words *words = words_of(s);
    char *check, *more;

    if (!s->check)
        return talloc_strdup(ctx, _("This domain has not been checked yet."));
    check = by_check(ctx, s->check);
    more = words->more ? words->more(ctx, s) : NULL;
    return words->first ? join(ctx, more, check) : join(ctx, check, more);
}

/* ---- what senders report --------------------------------------------------------------------- */

/* Those with failures in the week, "Google, Microsoft"; "": the reports are not at hand. */
static char *failing_senders(TALLOC_CTX *ctx, const struct domain_summary *s)
{
    const struct names *failures = &s->series->failures;
    char *list = talloc_strdup(ctx, "");
    size_t count = 0;

    for (size_t i = 0; i < s->series->all.senders.count && count < NAMES_SHOWN; i++) {
        const struct tally_count *sender = names_at(&s->series->all.senders, i);
        bool fails = false;

        for (size_t j = 0; j < failures->count && !fails; j++) {
            const struct series_failure *one = names_at(failures, j);

            fails =
                one->day > s->last_report - 8 * ADVISORY_DAY && !strcmp(one->sender, sender->name);
        }
        if (fails)
            list =
                talloc_asprintf_append(list, "%s%s", count++ ? ", " : "", shown(ctx, sender->name));
    }
    return list;
}

static char *reports_of(TALLOC_CTX *ctx, const struct domain_summary *s)
{
    int64_t total = s->week.successful + s->week.failed;
    char failed[I18N_NUMBER_SIZE], all[I18N_NUMBER_SIZE];
    const char *names;

    if (!s->past->report_count)
        return NULL;
    if (!total)
        return talloc_strdup(ctx, _("No sessions were reported in the last 7 days."));
    if (!s->week.failed)
        return talloc_asprintf(
            ctx,
            ngettext("%s session was reported in the last 7 days and did not fail.",
                     "%s sessions were reported in the last 7 days, none failed.",
                     (unsigned long)total),
            i18n_number(total, all));
    names = failing_senders(ctx, s);
    names = names && *names ? talloc_asprintf(ctx, " (%s)", names) : "";
    return talloc_asprintf(ctx,
                           ngettext("%s of %s session failed in the last 7 days of reports%s.",
                                    "%s of %s sessions failed in the last 7 days of reports%s.",
                                    (unsigned long)total),
                           i18n_number(s->week.failed, failed), i18n_number(total, all), names);
}

struct domain_words domain_words_of(TALLOC_CTX *ctx, const struct domain_summary *summary)
{
    const struct state_words *state = words_of(summary);
    struct domain_words words = {.sentence = sentence_of(ctx, summary),
                                 .reports = reports_of(ctx, summary),
                                 .next = state->next ? _(state->next) : NULL,
                                 .next_at = state->next_at};

    if (summary->since && has_cause(summary->check))
        words.since = talloc_asprintf(ctx, _("First detected %s."), minute(ctx, summary->since));
    return words;
}
