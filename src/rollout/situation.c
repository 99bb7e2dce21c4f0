/* SPDX-License-Identifier: MIT */
/* situation.c - where a roll-out stands, and what blocks going on. */
#include "rollout/situation.h"

#include "rollout/generate.h"

const char *stage_name(enum stage stage)
{
    static const char *const names[] = {
        [STAGE_ABSENT] = "absent",           [STAGE_BROKEN] = "broken",
        [STAGE_UNSEEN] = "unseen",           [STAGE_NONE] = "none",
        [STAGE_TESTING] = "testing",         [STAGE_TESTING_WEEK] = "testing-week",
        [STAGE_ENFORCE_DAY] = "enforce-day", [STAGE_ENFORCE_WEEK] = "enforce-week",
        [STAGE_ENFORCE] = "enforce",
    };

    return names[stage];
}

enum stage stage_of(enum sts_mode mode, int64_t max_age)
{
    switch (mode) {
    case STS_MODE_TESTING:
        return max_age < AGE_WEEK ? STAGE_TESTING : STAGE_TESTING_WEEK;
    case STS_MODE_ENFORCE:
        if (max_age < AGE_WEEK)
            return STAGE_ENFORCE_DAY;
        return max_age < AGE_MONTH ? STAGE_ENFORCE_WEEK : STAGE_ENFORCE;
    default:
        return STAGE_NONE;
    }
}

static enum stage live_stage(const struct diagnosis *d)
{
    if (d->policy)
        return stage_of(d->policy->mode, d->policy->max_age);
    if (d->posture == POSTURE_ABSENT || d->posture == POSTURE_NONEXISTENT)
        return STAGE_ABSENT;
    return d->unsettled ? STAGE_UNSEEN : STAGE_BROKEN;
}

/* ---- what blocks ----------------------------------------------------------------------------- */

/* Where the severity does not tell. */
static const struct {
    enum finding_code code;
    enum blocks blocks;
} rows[] = {
    /* There may be a good certificate, or none: nobody came so far. */
    {FINDING_MX_HOST_MISSING, BLOCKS_VIEW},
    {FINDING_MX_UNREACHABLE, BLOCKS_VIEW},
    {FINDING_MX_TIMEOUT, BLOCKS_VIEW},
    {FINDING_MX_GREETING_REJECTED, BLOCKS_VIEW},
    /* A sender that takes this address is refused; the next address may do. */
    {FINDING_MX_CERT_DIFFERS_BY_ADDRESS, BLOCKS_MAIL},
    /* A change is under way: two policies at once are one too many to go on from. */
    {FINDING_POLICY_HOST_INCONSISTENT, BLOCKS_POLICY},
    {FINDING_STS_RECORD_NOT_PROPAGATED, BLOCKS_POLICY},
    {FINDING_NAME_SERVERS_DIFFER, BLOCKS_POLICY},
};

/* By what it would be under enforce, whatever the mode is now. */
static enum severity enforced(const struct finding *finding)
{
    const struct finding_info *info = finding_info(finding->code);

    return info->enforce > finding->severity ? info->enforce : finding->severity;
}

enum blocks finding_blocks(const struct finding *finding)
{
    enum finding_topic topic = finding_info(finding->code)->topic;
    enum severity severity = enforced(finding);

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].code == finding->code)
            return rows[i].blocks;
    }
    if (topic == TOPIC_TLSRPT || topic == TOPIC_REPORT)
        return BLOCKS_NOTHING;
    if (severity == SEVERITY_UNKNOWN)
        return BLOCKS_VIEW;
    if (severity < SEVERITY_HIGH)
        return BLOCKS_NOTHING;
    return topic == TOPIC_MX || topic == TOPIC_DANE ? BLOCKS_MAIL : BLOCKS_POLICY;
}

static bool about_mail(const struct finding *finding)
{
    enum finding_topic topic = finding_info(finding->code)->topic;

    return topic == TOPIC_MX || topic == TOPIC_DANE;
}

static enum blocks worst_of(const struct diagnosis *d, bool mail_only)
{
    enum blocks worst = d->facts->observer.no_smtp ? BLOCKS_VIEW : BLOCKS_NOTHING;

    for (size_t i = 0; i < d->finding_count; i++) {
        enum blocks one = finding_blocks(&d->findings[i]);

        if (one > worst && (!mail_only || about_mail(&d->findings[i])))
            worst = one;
    }
    return worst;
}

static enum severity severity_of(enum blocks blocks, const struct finding *finding)
{
    if (blocks == BLOCKS_VIEW)
        return SEVERITY_UNKNOWN;
    return enforced(finding) > SEVERITY_HIGH ? SEVERITY_CRITICAL : SEVERITY_HIGH;
}

/* Does not hinder, and yet must be seen to in time. */
static bool to_be_seen_to(const struct finding *finding)
{
    if (finding->code == FINDING_MX_CERT_EXPIRES_SOON ||
        finding->code == FINDING_POLICY_CERT_EXPIRES_SOON)
        return true;
    return finding_info(finding->code)->topic == TOPIC_TLSRPT &&
           finding->severity >= SEVERITY_MEDIUM;
}

static void note_finding(struct advisory *a, enum severity severity, const struct finding *finding)
{
    advisory_note_params(a, severity, finding_info(finding->code)->name, finding->detail,
                         finding->params, finding->param_count);
    if (finding->note)
        advisory_note_params(a, SEVERITY_INFO, finding_info(finding->code)->name, finding->note,
                             finding->params, finding->param_count);
}

void situation_notes(struct advisory *a, const struct situation *s, bool mail_only,
                     enum severity most)
{
    const struct diagnosis *d = s->d;

    for (size_t i = 0; i < d->finding_count; i++) {
        enum blocks blocks = finding_blocks(&d->findings[i]);
        enum severity severity = severity_of(blocks, &d->findings[i]);

        if (blocks && (!mail_only || about_mail(&d->findings[i])))
            note_finding(a, severity > most ? most : severity, &d->findings[i]);
        else if (!blocks && !mail_only && to_be_seen_to(&d->findings[i]))
            note_finding(a, SEVERITY_MEDIUM, &d->findings[i]);
    }
    if (d->facts->observer.no_smtp)
        advisory_note(a, most < SEVERITY_UNKNOWN ? most : SEVERITY_UNKNOWN, "mx-not-contacted",
                      N_("The mail servers were not contacted (--no-smtp): whether enforce would "
                         "lose mail is unknown."),
                      NULL);
}

/* ---- since when ------------------------------------------------------------------------------ */

/* Policies of one phase that followed each other: the begin of the first of them.  A policy that
 * was seen again later lies across another one; what counts is the last time it began to be the
 * one in use, which is not before the other was seen last. */
static int64_t stage_since(const struct history *past, const struct live_policy *live)
{
    enum stage stage = stage_of(live->mode, live->max_age);
    int64_t since = 0, other = 0;

    for (size_t i = 0; i < past->policy_count; i++) {
        const struct served *served = &past->policies[i];

        if (stage_of(served->mode, served->max_age) != stage && served->last_seen > other)
            other = served->last_seen;
    }
    for (size_t i = 0; i < past->policy_count; i++) {
        const struct served *served = &past->policies[i];
        int64_t begun = served->first_seen > other ? served->first_seen : other;

        if (stage_of(served->mode, served->max_age) != stage || served->last_seen <= other)
            continue;
        if (!since || begun < since)
            since = begun;
    }
    return since;
}

static void read_reports(struct situation *s)
{
    for (size_t i = 0; i < s->past->report_count; i++) {
        const struct reported *report = &s->past->reports[i];

        /* A report of the day on which the phase began tells of both. */
        if (!s->since || report->ends <= s->since || report->ends > s->now)
            continue;
        if (!s->first_report)
            s->first_report = report->begins;
        if (report->ends > s->last_report)
            s->last_report = report->ends;
        s->successful += report->successful;
        s->failed += report->failed;
        if (report->failed && report->begins >= s->since && report->ends > s->last_failed)
            s->last_failed = report->ends;
    }
}

static void read_since(struct situation *s, int64_t since_told)
{
    const struct history *past = s->past;

    s->told = since_told != 0;
    s->since = since_told ? since_told : stage_since(past, s->d->policy);
    read_reports(s);
    s->clean = s->since;
    /* Good again only now, as far as is known, where the last check kept was bad. */
    if (s->since && past->last_bad >= s->since)
        s->clean = past->clean_since ? past->clean_since : s->now;
    if (s->clean && s->last_failed > s->clean)
        s->clean = s->last_failed;
}

void situation_read(struct situation *s, const struct diagnosis *d, const struct history *past,
                    int64_t since_told, int64_t now)
{
    static const struct history nothing;

    *s = (struct situation){.d = d, .past = past ? past : &nothing, .now = now};
    s->stage = live_stage(d);
    s->worst = worst_of(d, s->stage == STAGE_ABSENT);
    if (d->policy)
        read_since(s, since_told);
}

/* ---- what others need ------------------------------------------------------------------------ */

const char *situation_new_id(struct advisory *a, const struct situation *s)
{
    const struct history *past = s->past;
    const char **seen = talloc_zero_array(a, const char *, (unsigned)past->policy_count + 2);
    size_t count = 0;
    char *id;

    for (size_t i = 0; seen && i < past->policy_count; i++)
        seen[count++] = past->policies[i].id;
    if (seen)
        seen[count++] = s->d && s->d->policy ? s->d->policy->id : NULL;
    id = seen ? new_id(a, s->now, seen, count) : NULL;
    if (!id)
        a->no_memory = true;
    return id ? id : "";
}

bool served_enforces(void *arg, const struct served *served)
{
    (void)arg;
    return served->mode == STS_MODE_ENFORCE;
}

bool served_matters_at_all(void *arg, const struct served *served)
{
    (void)arg;
    return served->mode != STS_MODE_NONE;
}
