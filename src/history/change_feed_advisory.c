/* SPDX-License-Identifier: MIT */
/* change_feed_advisory.c - what a feed says beside the changes: its headline, whether the domain
 * could be seen, what is found there now, and how a repair stands. */
#include "history/change_feed_work.h"

#include <string.h>

#include "rollout/repair.h"

static enum severity severity_of(enum verdict verdict)
{
    static const enum severity severities[] = {[VERDICT_OK] = SEVERITY_INFO,
                                               [VERDICT_WARNING] = SEVERITY_MEDIUM,
                                               [VERDICT_UNKNOWN] = SEVERITY_UNKNOWN,
                                               [VERDICT_CRITICAL] = SEVERITY_CRITICAL};

    return severities[verdict];
}

static void add_headline(struct feed_work *work)
{
    const struct change_feed *feed = work->feed;
    struct advisory *a = feed->advisory;
    const char *since =
        work->notified.at == STORE_NEVER ? NULL : advisory_time_text(a, work->notified.at);
    bool judged = work->request->seen && feed->diagnosis;
    enum severity severity = severity_of(judged ? feed->diagnosis->verdict : VERDICT_UNKNOWN);

    if (!work->request->seen && !feed->changes)
        advisory_headline(a, SEVERITY_UNKNOWN, N_("could not be checked; no changes known."), NULL);
    else if (!since)
        advisory_headline(a, severity, N_("first check; changes will be reported from now on."),
                          NULL);
    else if (feed->changes)
        advisory_headline(a, severity, N_("changed since {since}."), "since", since, NULL);
    else
        advisory_headline(a, severity, N_("no changes since {since}."), "since", since, NULL);
}

/* Our own place is no change of the domain's. */
static enum sts_status note_blindness(struct feed_work *work)
{
    struct advisory *a = work->feed->advisory;
    const struct facts *facts = work->request->blind;
    struct diagnosis *d;
    enum sts_status status = diagnose(a, facts, facts->observed_at, &d);

    for (size_t i = 0; status == STS_OK && i < d->finding_count; i++)
        advisory_note_params(a, SEVERITY_UNKNOWN, finding_info(d->findings[i].code)->name,
                             d->findings[i].detail, d->findings[i].params,
                             d->findings[i].param_count);
    return status;
}

/* What is there is no change, but worth a reminder. */
static void note_present(struct feed_work *work)
{
    const struct diagnosis *d = work->feed->diagnosis;
    struct advisory *a = work->feed->advisory;
    const char **codes = talloc_zero_array(a, const char *, (unsigned)d->finding_count + 1);
    size_t count = 0, serious = 0;

    if (!codes) {
        a->no_memory = true;
        return;
    }
    /* The worst come first. */
    for (size_t i = 0; i < d->finding_count; i++) {
        const char *name = finding_info(d->findings[i].code)->name;
        size_t j = 0;

        while (j < count && strcmp(codes[j], name) != 0)
            j++;
        if (j == count)
            codes[count++] = name;
        if (d->findings[i].severity >= work->request->least_shown)
            serious = count;
    }
    advisory_list(a, "findings", codes, count);
    if (serious && work->request->seen)
        advisory_note(a, SEVERITY_MEDIUM, "still-found", N_("Current findings: {codes}."), "codes",
                      advisory_join(a, codes, serious), NULL);
}

static void add_members(struct feed_work *work)
{
    const struct diagnosis *d = work->feed->diagnosis;
    struct advisory *a = work->feed->advisory;
    bool seen = work->request->seen && d;

    advisory_time(a, "since", work->notified.at == STORE_NEVER ? 0 : work->notified.at);
    advisory_time(a, "observed_at", work->feed->at);
    advisory_bool(a, "seen", work->request->seen);
    advisory_text(a, "verdict", seen ? verdict_name(d->verdict) : verdict_name(VERDICT_UNKNOWN));
    advisory_text(a, "posture", d ? posture_name(d->posture) : NULL);
    advisory_text(a, "delivery", d ? delivery_name(d->delivery) : NULL);
}

/* ---- how a repair stands --------------------------------------------------------------------- */

static enum look look_of(const struct logged_check *check)
{
    enum look look = LOOK_CLEAN;

    for (size_t i = 0; i < check->found.count; i++) {
        enum severity severity = severity_by_name(check->found.list[i].severity);

        if (severity >= SEVERITY_HIGH)
            return LOOK_BAD;
        if (severity == SEVERITY_UNKNOWN)
            look = LOOK_UNKNOWN;
    }
    return look;
}

static enum sts_status repair_at(const struct feed_work *work, const struct repair_check *checks,
                                 int64_t at, struct repair **ret)
{
    const struct repair_evidence evidence = {
        .checks = checks,
        .check_count = work->check_count,
        .reports = work->sessions->reports,
        .report_count = work->sessions->count,
    };

    return repair_of(work->ctx, &evidence, at, ret);
}

static enum sts_status note_repair(struct feed_work *work)
{
    const struct session_log *sessions = work->sessions;
    struct change_feed *feed = work->feed;
    bool first = work->notified.at == STORE_NEVER;
    int64_t now = work->request->now, before = work->notified.at < now ? work->notified.at : now;
    struct repair_check *checks =
        talloc_zero_array(work->ctx, struct repair_check, (unsigned)work->check_count + 1);
    struct repair *repair_before, *repair_now;
    enum sts_status status = checks ? STS_OK : STS_E_NOMEM;

    for (size_t i = 0; checks && i < work->check_count; i++)
        checks[i] =
            (struct repair_check){work->log->checks[i].observed_at, look_of(&work->log->checks[i])};
    if (!status)
        status = repair_at(work, checks, first ? 0 : before, &repair_before);
    if (!status)
        status = repair_at(work, checks, feed->at ? feed->at : now, &repair_now);
    if (status)
        return status;
    if (!first)
        feed->changes += repair_news(feed->advisory, sessions->reports, sessions->count,
                                     repair_before, repair_now);
    repair_tell(feed->advisory, repair_before, repair_now);
    return STS_OK;
}

/* ---- all of it ------------------------------------------------------------------------------- */

enum sts_status feed_advisory(struct feed_work *work)
{
    enum sts_status status;

    add_members(work);
    status = work->check_count ? note_repair(work) : STS_OK;
    if (work->feed->diagnosis)
        note_present(work);
    if (status == STS_OK && work->request->blind)
        status = note_blindness(work);
    add_headline(work);
    advisory_number(work->feed->advisory, "changes", (int64_t)work->feed->changes);
    return status;
}
