/* SPDX-License-Identifier: MIT */
/* plan.c - where the roll-out stands, and its next step. */
#include "rollout/plan.h"

#include <inttypes.h>

#include "rollout/generate.h"
#include "verdict/session.h"

/* How long a phase lasts without a failure before the next, and why. */
static const struct stage_row {
    enum sts_mode mode; /* of the next phase; INVALID: there is none */
    int64_t max_age;
    int64_t wait;
    const char *why; /* msgid */
} stages[] = {
    [STAGE_ABSENT] =
        {STS_MODE_TESTING, AGE_DAY, 0,
         N_("Start with mode testing and a max_age of one day: senders report what enforce would "
            "refuse but refuse nothing, and a mistake is gone from every cache within a day.")},
    [STAGE_BROKEN] = {STS_MODE_INVALID, 0, 0, NULL},
    [STAGE_UNSEEN] = {STS_MODE_INVALID, 0, 0, NULL},
    [STAGE_NONE] = {STS_MODE_TESTING, AGE_DAY, 0,
                    N_("The way back to protection begins with mode testing. To give up MTA-STS "
                       "for good instead:\n"
                       "$ mtasts plan --remove {domain}")},
    [STAGE_TESTING] = {STS_MODE_TESTING, AGE_WEEK, 14 * ADVISORY_DAY,
                       N_("Two weeks without a failure show that senders can fetch the policy and "
                          "that every mail server passes. With a max_age of one week, the policy "
                          "also survives an outage of {policy_host}; still, nothing is refused.")},
    [STAGE_TESTING_WEEK] = {STS_MODE_ENFORCE, AGE_WEEK, 7 * ADVISORY_DAY,
                            N_("After a week, senders that never check the id have this policy "
                               "too, and reports cover each day of the week. From enforce on, "
                               "senders refuse mail servers that do not pass.")},
    [STAGE_ENFORCE_DAY] = {STS_MODE_ENFORCE, AGE_WEEK, 14 * ADVISORY_DAY,
                           N_("Two weeks without a failure show that no mail is lost. A max_age of "
                              "one day only protects mail from senders that deliver daily; one "
                              "week survives an outage of {policy_host}.")},
    [STAGE_ENFORCE_WEEK] =
        {STS_MODE_ENFORCE, AGE_MONTH, 30 * ADVISORY_DAY,
         N_("A month without a failure shows that certificates are renewed in time and no mail is "
            "lost. With a max_age of one month, the policy also protects mail from senders that "
            "deliver rarely; every later change then takes up to 30 days to reach all of them.")},
    [STAGE_ENFORCE] = {STS_MODE_INVALID, 0, 0, NULL},
};

bool plan_stage_next(enum stage stage, enum sts_mode *ret_mode, int64_t *ret_max_age)
{
    *ret_mode = stages[stage].mode;
    *ret_max_age = stages[stage].max_age;
    return stages[stage].mode != STS_MODE_INVALID;
}

static const char *const check_commands[] = {"mtasts check {domain}", NULL};
static const char *const save_commands[] = {"mtasts check --save {domain}", NULL};
static const char *const rollback_commands[] = {"mtasts rollback {domain}", NULL};
static const char *const generate_commands[] = {"mtasts generate {domain} --out mta-sts", NULL};

/* ---- what was seen --------------------------------------------------------------------------- */

static void note_since(struct advisory *a, const struct situation *s)
{
    const struct history *past = s->past;

    if (s->told)
        advisory_note(a, SEVERITY_INFO, "since-told",
                      N_("In this phase since {since}, as specified with --since."), "since",
                      advisory_time_text(a, s->since), NULL);
    else if (s->since)
        advisory_note(a, SEVERITY_INFO, "since-seen",
                      N_("In this phase since {since} at the latest; stored checks: {checks}, the "
                         "last on {last}."),
                      "since", advisory_time_text(a, s->since), "checks",
                      advisory_format(a, "%zu", past->check_count), "last",
                      past->last_check ? advisory_time_text(a, past->last_check) : "-", NULL);
    else
        advisory_note(a, SEVERITY_UNKNOWN, "since-unknown",
                      N_("How long this phase has lasted is unknown: no check of {domain} is "
                         "stored. Run this daily to record it, or specify the start with --since "
                         "DATE:\n$ mtasts check --save {domain}"),
                      NULL);
    if (s->since && past->last_bad >= s->since)
        advisory_note(a, SEVERITY_LOW, "failed-check",
                      N_("A check on {at} found something that senders refuse or could not fetch; "
                         "the time without failures starts at {clean}."),
                      "at", advisory_time_text(a, past->last_bad), "clean",
                      advisory_time_text(a, s->clean), NULL);
}

static void note_reports(struct advisory *a, const struct situation *s)
{
    const char *failed = advisory_format(a, "%" PRId64, s->failed);

    if (!s->last_report) {
        advisory_note(a, SEVERITY_LOW, "no-reports",
                      N_("No report from this phase is stored; failures that only senders see "
                         "remain unknown. This stores reports:\n"
                         "$ mtasts ingest PATH"),
                      NULL);
        return;
    }
    advisory_note(a, s->last_failed ? SEVERITY_LOW : SEVERITY_INFO, "reports",
                  N_("Reports on this phase, {from} to {to}: {successful|session|sessions} "
                     "succeeded, {failed} failed."),
                  "from", advisory_time_text(a, s->first_report), "to",
                  advisory_time_text(a, s->last_report), "successful",
                  advisory_format(a, "%" PRId64, s->successful), "failed", failed, NULL);
    if (s->last_failed)
        advisory_note(
            a, SEVERITY_LOW, "failed-report",
            N_("The last report with failures is from {last}; the time without failures starts at "
               "its end. This shows what failed and why:\n$ mtasts report --domain {domain}"),
            "last", advisory_time_text(a, s->last_failed), NULL);
    if (s->now > s->last_report + 4 * ADVISORY_DAY)
        advisory_note(a, SEVERITY_LOW, "reports-stopped",
                      N_("The latest stored report is from {to}."), "to",
                      advisory_time_text(a, s->last_report), NULL);
}

static bool is_rolled_out(enum stage stage)
{
    return stage >= STAGE_TESTING;
}

static bool enforces(enum stage stage)
{
    return stage >= STAGE_ENFORCE_DAY;
}

/* ---- headlines ------------------------------------------------------------------------------- */

/* "mode testing, max_age 86400" and what is next, for every headline. */
struct plan_words {
    const char *mode, *max_age, *next_mode, *next_max_age;
};

static struct plan_words words_of(struct advisory *a, const struct situation *s)
{
    const struct live_policy *live = s->d->policy;
    const struct stage_row *row = &stages[s->stage];
    struct plan_words w = {.next_mode = sts_mode_name(row->mode),
                           .next_max_age = advisory_format(a, "%" PRId64, row->max_age)};

    if (live) {
        w.mode = sts_mode_name(live->mode);
        w.max_age = advisory_format(a, "%" PRId64, live->max_age);
    }
    return w;
}

static void headline(struct advisory *a, const struct situation *s, enum severity severity,
                     const char *text, int64_t date)
{
    struct plan_words w = words_of(a, s);

    advisory_headline(a, severity, text, "mode", w.mode, "max_age", w.max_age, "next_mode",
                      w.next_mode, "next_max_age", w.next_max_age, "date",
                      date ? advisory_time_text(a, date) : NULL, NULL);
}

/* ---- cases ----------------------------------------------------------------------------------- */

static void repair_first(struct advisory *a)
{
    advisory_step(a, "repair", 0, N_("Fix the problems above first. The check explains each step."),
                  NULL)
        ->commands = check_commands;
}

static void broken(struct advisory *a, const struct situation *s)
{
    bool unseen = s->stage == STAGE_UNSEEN;

    plan_note_held(a, s);
    situation_notes(a, s, false, SEVERITY_CRITICAL);
    if (unseen)
        headline(a, s, SEVERITY_UNKNOWN,
                 N_("what is published could not be determined, so no step can be recommended. Try "
                    "again, or from another network."),
                 0);
    else
        headline(a, s, SEVERITY_HIGH,
                 N_("MTA-STS is published, but no sender can use it. Fix that first."), 0);
    repair_first(a);
}

static void refused(struct advisory *a, const struct situation *s)
{
    situation_notes(a, s, false, SEVERITY_CRITICAL);
    if (s->d->delivery == DELIVERY_UNDELIVERABLE) {
        headline(a, s, SEVERITY_CRITICAL,
                 N_("mode {mode} is in effect, but senders currently find no mail server for the "
                    "domain."),
                 0);
        repair_first(a);
        return;
    }
    headline(a, s, SEVERITY_CRITICAL,
             N_("mode {mode} is in effect, and senders refuse mail servers of the domain now."), 0);
    advisory_step(a, "rollback", 0,
                  N_("This shows what helps fastest, and whether you need to go back to "
                     "testing."),
                  NULL)
        ->commands = rollback_commands;
    repair_first(a);
}

static void hindered(struct advisory *a, const struct situation *s)
{
    bool mail = s->worst == BLOCKS_MAIL;

    situation_notes(a, s, false, SEVERITY_CRITICAL);
    if (s->worst == BLOCKS_VIEW)
        headline(a, s, SEVERITY_UNKNOWN,
                 N_("mode {mode}, max_age {max_age}. Whether enforce would lose mail could not be "
                    "determined, so the next step is not recommended."),
                 0);
    else if (mail)
        headline(a, s, SEVERITY_HIGH,
                 N_("mode {mode}, max_age {max_age}. The next step must wait: enforce would lose "
                    "mail."),
                 0);
    else
        headline(a, s, SEVERITY_HIGH,
                 N_("mode {mode}, max_age {max_age}. The next step must wait: senders cannot rely "
                    "on the policy."),
                 0);
    repair_first(a);
}

static void next_change(struct advisory *a, const struct situation *s, const struct plan_wish *wish,
                        int64_t from)
{
    const struct stage_row *row = &stages[s->stage];
    bool due = from <= s->now;
    struct plan_change change = {
        .mode = row->mode, .max_age = row->max_age, .from = due ? 0 : from, .due = due};

    change.mx = plan_patterns(a, s, &change.mx_count);
    advisory_time(a, "next_at", due ? s->now : from);
    advisory_text(a, "next_mode", sts_mode_name(row->mode));
    advisory_number(a, "next_max_age", row->max_age);
    advisory_note(a, SEVERITY_INFO, "why", row->why, NULL);
    plan_change(a, s, wish, &change);
    plan_effective_by(a, s, due ? s->now : from, NULL, NULL);
}

/* Remember from today on, for the day on which it is asked again. */
static void remember(struct advisory *a)
{
    advisory_step(a, "keep", 0, N_("Store a check daily, and ingest the reports that arrive."),
                  NULL)
        ->commands = save_commands;
}

static void since_unknown(struct advisory *a, const struct situation *s)
{
    headline(a, s, SEVERITY_UNKNOWN,
             N_("mode {mode}, max_age {max_age}. How long it has been in place is unknown, so the "
                "next step (mode {next_mode}, max_age {next_max_age}) has no date yet."),
             0);
    advisory_note(a, SEVERITY_INFO, "why", stages[s->stage].why, NULL);
    remember(a);
}

/* Is there anything that could have shown a failure in the phase? */
static bool was_watched(const struct situation *s)
{
    return s->last_report || (s->past->check_count && s->past->last_check >= s->since);
}

static void now_due(struct advisory *a, const struct situation *s)
{
    if (was_watched(s))
        headline(a, s, SEVERITY_INFO,
                 N_("mode {mode}, max_age {max_age}, long enough without a failure. Next, now: "
                    "mode {next_mode}, max_age {next_max_age}."),
                 0);
    else
        headline(a, s, SEVERITY_LOW,
                 N_("mode {mode}, max_age {max_age}, long enough; whether deliveries failed is "
                    "unknown, because no check or report from this phase is stored. Next, unless "
                    "you know of failures: mode {next_mode}, max_age {next_max_age}."),
                 0);
}

static void going_on(struct advisory *a, const struct situation *s, const struct plan_wish *wish)
{
    int64_t due = s->clean + stages[s->stage].wait;

    if (due > s->now)
        remember(a);
    if (due > s->now)
        headline(a, s, SEVERITY_INFO,
                 N_("mode {mode}, max_age {max_age}. Next: mode {next_mode}, max_age "
                    "{next_max_age}, from {date} on, if no failure occurs until then."),
                 due);
    else
        now_due(a, s);
    next_change(a, s, wish, due);
}

static void complete(struct advisory *a, const struct situation *s)
{
    headline(a, s, SEVERITY_INFO, N_("mode {mode}, max_age {max_age}: the rollout is complete."),
             0);
    advisory_step(a, "keep", 0,
                  N_("Keep an eye on certificates, MX changes and reports. Before you add a mail "
                     "server, see the steps:\n"
                     "$ mtasts plan --new-mx HOST {domain}\n"
                     "Store a check daily:"),
                  NULL)
        ->commands = save_commands;
}

/* RFC 7505: there is no mail that could be protected. */
static void no_mail(struct advisory *a)
{
    advisory_headline(
        a, SEVERITY_INFO,
        N_("the domain accepts no mail (null MX), so there is nothing for MTA-STS to protect."),
        NULL);
}

static void first(struct advisory *a, const struct situation *s, const struct plan_wish *wish)
{
    bool absent = s->stage == STAGE_ABSENT;

    if (absent)
        plan_note_held(a, s);
    /* Testing refuses nothing, so it may begin; what it will report is known already. */
    situation_notes(a, s, true, SEVERITY_MEDIUM);
    headline(a, s, SEVERITY_INFO,
             absent ? N_("MTA-STS is not published. First step: mode {next_mode}, max_age "
                         "{next_max_age}.")
                    : N_("MTA-STS is switched off (mode {mode}). Next: mode {next_mode}, max_age "
                         "{next_max_age}."),
             0);
    if (absent) {
        advisory_note(a, SEVERITY_INFO, "why", stages[s->stage].why, NULL);
        advisory_step(a, "generate", 0,
                      N_("This writes the policy, the records and configurations for the usual web "
                         "servers, and lists the steps to publish them."),
                      NULL)
            ->commands = generate_commands;
        return;
    }
    next_change(a, s, wish, s->now);
}

void plan_next(struct advisory *a, const struct situation *s, const struct plan_wish *wish)
{
    plan_members(a, s);
    if (advisory_no_plan(a, s->d))
        return;
    if (s->stage == STAGE_BROKEN || s->stage == STAGE_UNSEEN) {
        broken(a, s);
        return;
    }
    if (mx_is_null(s->d->facts)) {
        no_mail(a);
        return;
    }
    if (!is_rolled_out(s->stage)) {
        first(a, s, wish);
        return;
    }
    if (enforces(s->stage) && s->worst == BLOCKS_MAIL) {
        refused(a, s);
        return;
    }
    if (stages[s->stage].mode != STS_MODE_INVALID)
        note_since(a, s);
    note_reports(a, s);
    if (s->worst != BLOCKS_NOTHING) {
        hindered(a, s);
        return;
    }
    situation_notes(a, s, false, SEVERITY_CRITICAL); /* what must be seen to in time */
    if (stages[s->stage].mode == STS_MODE_INVALID)
        complete(a, s);
    else if (!s->since)
        since_unknown(a, s);
    else
        going_on(a, s, wish);
}
