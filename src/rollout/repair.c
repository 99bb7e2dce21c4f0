/* SPDX-License-Identifier: MIT */
/* repair.c - counting the 48 hours after a repair. */
#include "rollout/repair.h"

#include <inttypes.h>
#include <string.h>

const char *repair_stage_name(enum repair_stage stage)
{
    static const char *const names[] = {"none", "broken", "counting", "waiting", "done"};

    return names[stage];
}

/* ---- the checks ------------------------------------------------------------------------------ */

static void read_check(struct repair *repair, const struct repair_check *check)
{
    if (check->look == LOOK_BAD) {
        if (!repair->bad_since ||
            (repair->clean_since && check->at - repair->clean_since >= REPAIR_PAUSE_S))
            repair->bad_since = check->at;
        repair->clean_since = 0;
    } else if (check->look == LOOK_CLEAN && repair->bad_since && !repair->clean_since) {
        repair->clean_since = check->at;
    }
}

/* ---- the reports ----------------------------------------------------------------------------- */

struct inquiry {
    struct repair *repair;
    const struct reported *reports;
    size_t count;
    int64_t now;
};

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static bool is_after(const struct inquiry *q, const struct reported *report)
{
    return report->begins >= q->repair->clean_since;
}

static bool is_known(const struct inquiry *q, const struct reported *report)
{
    return report->ends <= q->now && report->ends >= q->repair->clean_since - REPAIR_LOOK_S;
}

static void find_last_failure(struct inquiry *q)
{
    struct repair *repair = q->repair;

    repair->counted_from = repair->clean_since;
    for (size_t i = 0; i < q->count; i++) {
        const struct reported *report = &q->reports[i];

        if (!is_known(q, report) || report->failed <= 0)
            continue;
        repair->reports_clean_since = later(repair->reports_clean_since, report->ends);
        if (is_after(q, report))
            repair->counted_from = later(repair->counted_from, report->ends);
    }
}

/* What one sender has said. */
struct testimony {
    int64_t failed_in_trouble; /* end of a report with failures, of the time of the trouble */
    int64_t before, before_failed;
    int64_t clean_after, failed_after; /* ends of the last such reports since the repair; 0 */
};

static void hear(const struct inquiry *q, const struct reported *report, struct testimony *t)
{
    if (is_after(q, report)) {
        if (report->failed > 0)
            t->failed_after = later(t->failed_after, report->ends);
        else if (report->successful > 0)
            t->clean_after = later(t->clean_after, report->ends);
        return;
    }
    if (report->failed > 0 && report->ends >= q->repair->bad_since)
        t->failed_in_trouble = later(t->failed_in_trouble, report->ends);
    if (report->ends > t->before) {
        t->before = report->ends;
        t->before_failed = report->failed > 0;
    }
}

static void file_under(struct repair *repair, enum sender_stage stage, const char *sender)
{
    repair->senders[stage][repair->sender_count[stage]++] = sender;
}

static void judge_sender(struct inquiry *q, const char *sender)
{
    struct testimony t = {0};

    for (size_t i = 0; i < q->count; i++)
        if (is_known(q, &q->reports[i]) && !strcmp(q->reports[i].submitter, sender))
            hear(q, &q->reports[i], &t);
    if (t.failed_after > t.clean_after)
        file_under(q->repair, SENDER_FAILING, sender);
    else if (t.clean_after)
        file_under(q->repair, SENDER_CONFIRMED, sender);
    else if (t.failed_in_trouble || t.before_failed)
        file_under(q->repair, SENDER_OUTSTANDING, sender);
}

static bool is_first_of_sender(const struct inquiry *q, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (!strcmp(q->reports[j].submitter, q->reports[i].submitter))
            return false;
    return true;
}

static void judge_senders(struct inquiry *q)
{
    for (size_t i = 0; i < q->count; i++)
        if (is_first_of_sender(q, i))
            judge_sender(q, q->reports[i].submitter);
}

/* ---- the stage ------------------------------------------------------------------------------- */

static void set_stage(struct repair *repair, int64_t now)
{
    int64_t clean_for = now - repair->counted_from;
    bool waits = repair->sender_count[SENDER_OUTSTANDING] || repair->sender_count[SENDER_FAILING];

    repair->done_at = repair->counted_from + (waits ? REPAIR_WAIT_S : REPAIR_CLEAN_S);
    if (clean_for < REPAIR_CLEAN_S)
        repair->stage = REPAIR_COUNTING;
    else
        repair->stage = now < repair->done_at ? REPAIR_WAITING : REPAIR_DONE;
}

enum sts_status repair_of(TALLOC_CTX *ctx, const struct repair_evidence *evidence, int64_t now,
                          struct repair **ret)
{
    struct repair *repair = talloc_zero(ctx, struct repair);
    struct inquiry q = {repair, evidence->reports, evidence->report_count, now};

    for (size_t i = 0; repair && i < SENDER_STAGES; i++) {
        repair->senders[i] =
            talloc_zero_array(repair, const char *, (unsigned)evidence->report_count + 1);
        if (!repair->senders[i])
            TALLOC_FREE(repair);
    }
    if (!repair)
        return STS_E_NOMEM;
    for (size_t i = 0; i < evidence->check_count && evidence->checks[i].at <= now; i++)
        read_check(repair, &evidence->checks[i]);
    repair->at = now;
    if (repair->clean_since) {
        find_last_failure(&q);
        judge_senders(&q);
        set_stage(repair, now);
    } else if (repair->bad_since) {
        repair->stage = REPAIR_BROKEN;
    }
    *ret = repair;
    return STS_OK;
}

/* ---- in words -------------------------------------------------------------------------------- */

static const struct telling {
    const char *code;
    enum severity severity;
    const char *text;
} tellings[REPAIR_STAGES] = {
    [REPAIR_BROKEN] = {"repair-broken", SEVERITY_MEDIUM, N_("Problem first detected {bad_since}.")},
    [REPAIR_COUNTING] = {"repair-counting", SEVERITY_INFO,
                         N_("Fixed: checks clean since {clean_since}; considered resolved at "
                            "{done_at} if checks and reports stay clean.")},
    [REPAIR_WAITING] = {"repair-waiting", SEVERITY_INFO,
                        N_("48 hours clean, but not every sender that reported failures has "
                           "confirmed the fix. It is considered resolved once they have, or at "
                           "{done_at}: a sender that sends you no mail reports nothing.")},
};

static const struct telling senders[SENDER_STAGES] = {
    [SENDER_CONFIRMED] = {"senders-confirmed", SEVERITY_INFO,
                          N_("Confirmed by reports since the fix: {senders}.")},
    [SENDER_OUTSTANDING] =
        {"senders-outstanding", SEVERITY_LOW,
         N_("Reported failures before; no report since the fix yet: {senders}.")},
    [SENDER_FAILING] = {"senders-failing", SEVERITY_HIGH,
                        N_("Still reporting failures after the fix: {senders}.")},
};

static const char *const lists[SENDER_STAGES] = {"senders_confirmed", "senders_outstanding",
                                                 "senders_failing"};

static void tell_senders(struct advisory *a, const struct repair *repair, bool notes)
{
    for (size_t i = 0; i < SENDER_STAGES; i++) {
        advisory_list(a, lists[i], repair->senders[i], repair->sender_count[i]);
        if (notes && repair->sender_count[i])
            advisory_note(a, senders[i].severity, senders[i].code, senders[i].text, "senders",
                          advisory_join(a, repair->senders[i], repair->sender_count[i]), NULL);
    }
}

static bool is_done(const struct repair *then, const struct repair *now)
{
    return now->stage == REPAIR_DONE && then->stage != REPAIR_DONE && then->stage != REPAIR_NONE;
}

static const char *when(struct advisory *a, int64_t time)
{
    return time ? advisory_time_text(a, time) : NULL;
}

void repair_tell(struct advisory *a, const struct repair *then, const struct repair *now)
{
    const struct telling *telling = &tellings[now->stage];

    advisory_text(a, "repair", repair_stage_name(now->stage));
    advisory_time(a, "bad_since", now->bad_since);
    advisory_time(a, "live_clean_since", now->clean_since);
    advisory_time(a, "reports_clean_since", now->reports_clean_since);
    advisory_time(a, "repair_done_at", now->done_at);
    if (telling->code)
        advisory_note(a, telling->severity, telling->code, telling->text, "bad_since",
                      when(a, now->bad_since), "clean_since", when(a, now->clean_since), "done_at",
                      when(a, now->done_at), NULL);
    tell_senders(a, now, telling->code || is_done(then, now));
}

/* ---- news ------------------------------------------------------------------------------------ */

static bool is_news(const struct reported *report, const struct repair *then,
                    const struct repair *now)
{
    return report->failed > 0 && report->received_at > then->at && report->received_at <= now->at;
}

static bool is_named(const struct reported *reports, size_t i, const struct repair *then,
                     const struct repair *now)
{
    for (size_t j = 0; j < i; j++)
        if (is_news(&reports[j], then, now) && !strcmp(reports[j].submitter, reports[i].submitter))
            return true;
    return false;
}

static size_t failures_news(struct advisory *a, const struct reported *reports, size_t count,
                            const struct repair *then, const struct repair *now)
{
    const char *from = NULL;
    int64_t failed = 0;

    for (size_t i = 0; i < count; i++) {
        if (!is_news(&reports[i], then, now))
            continue;
        failed += reports[i].failed;
        if (!is_named(reports, i, then, now))
            from = from ? advisory_format(a, "%s, %s", from, reports[i].submitter)
                        : reports[i].submitter;
    }
    if (!from)
        return 0;
    advisory_note(a, SEVERITY_MEDIUM, "reports-failing",
                  N_("New reports show failed sessions: {failed}, from {senders}."), "failed",
                  advisory_format(a, "%" PRId64, failed), "senders", from, NULL);
    return 1;
}

size_t repair_news(struct advisory *a, const struct reported *reports, size_t report_count,
                   const struct repair *then, const struct repair *now)
{
    size_t told = failures_news(a, reports, report_count, then, now);

    if (!is_done(then, now))
        return told;
    advisory_note(
        a, SEVERITY_INFO, "repair-done",
        N_("Resolved: 48 hours without a problem since {clean_since}, in checks and in reports."),
        "clean_since", advisory_time_text(a, now->clean_since), NULL);
    return told + 1;
}
