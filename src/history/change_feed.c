/* SPDX-License-Identifier: MIT */
/* change_feed.c - the log of one domain, told from where the listener was. */
#include "history/change_feed.h"

#include <inttypes.h>
#include <string.h>

#include "base/grow.h"
#include "facts/facts_json.h"
#include "rollout/changes.h"
#include "rollout/repair.h"

#define KNOWN_CHECKS  12   /* earlier ones that make what is known, and a few long before them */
#define UNTOLD_CHECKS 200  /* of more, the earliest are compared as one step */
#define CHANGES_MAX   1000 /* told of one pass; nobody reads more */
#define OTHERS_MAX    1000 /* notes of anything else */
#define LOOK_BACK_S   (60 * OUTLINE_DAY) /* twice as far as a repair looks */

/* A check of the log, in the order in which they were observed. */
struct logged {
    int64_t seq;
    bool untold, taken; /* taken: read with its facts and compared */
};

struct reader {
    TALLOC_CTX *ctx;
    struct store *store;
    const struct change_feed_request *wish;
    struct change_feed *story;
    struct store_place told;     /* at STORE_NEVER: of nothing */
    struct repair_check *checks; /* since LOOK_BACK_S, or since the first that was not told */
    struct logged *log;          /* the same */
    size_t check_count, log_count;
    int64_t ahead; /* the lowest number of those not told that are later than now; INT64_MAX */
    struct reported *reports;
    size_t report_count;
    struct state *known;
    TALLOC_CTX *newest; /* facts and diagnosis of story->diagnosis */
    bool no_memory;
};

/* Room for one more; NULL: no memory. */
static void *more(struct reader *r, void *list, size_t *count, size_t size)
{
    void *place = grow(r->ctx, list, count, size);

    if (!place)
        r->no_memory = true;
    return place;
}

/* ---- what is kept ---------------------------------------------------------------------------- */

static enum look look_of(const struct store_check *check)
{
    enum look look = LOOK_CLEAN;

    for (size_t i = 0; i < check->code_count; i++) {
        enum severity severity = severity_by_name(check->codes[i].severity);

        if (severity >= SEVERITY_HIGH)
            return LOOK_BAD;
        if (severity == SEVERITY_UNKNOWN)
            look = LOOK_UNKNOWN;
    }
    return look;
}

static bool add_check(void *arg, const struct store_check *check)
{
    struct reader *r = arg;
    bool untold = r->told.at == STORE_NEVER || check->seq > r->told.seq;
    struct repair_check *made;
    struct logged *logged;

    if (check->observed_at > r->wish->now) {
        if (untold && check->seq < r->ahead)
            r->ahead = check->seq;
        return true;
    }
    made = more(r, &r->checks, &r->check_count, sizeof(*made));
    logged = more(r, &r->log, &r->log_count, sizeof(*logged));
    if (!made || !logged)
        return false;
    *made = (struct repair_check){check->observed_at, look_of(check)};
    *logged = (struct logged){.seq = check->seq, .untold = untold};
    return true;
}

static bool add_report(void *arg, const struct store_sessions *sessions)
{
    struct reader *r = arg;
    struct reported *made;

    if (sessions->ends > r->wish->now || sessions->received_at > r->wish->now)
        return true;
    made = more(r, &r->reports, &r->report_count, sizeof(*made));
    if (!made)
        return false;
    *made = (struct reported){.submitter = talloc_strdup(r->ctx, sessions->submitter),
                              .begins = sessions->begins,
                              .ends = sessions->ends,
                              .received_at = sessions->received_at,
                              .successful = sessions->successful,
                              .failed = sessions->failed};
    r->no_memory = r->no_memory || !made->submitter;
    return !r->no_memory;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static enum sts_status read_store(struct reader *r)
{
    const char *domain = r->wish->domain;
    int64_t since = r->wish->now - LOOK_BACK_S, untold_since = INT64_MAX;
    enum sts_status status = store_told(r->store, domain, r->wish->listener, &r->told);

    if (!status && r->told.at != STORE_NEVER) {
        status = store_checked_since(r->store, domain, r->told.seq, &untold_since);
        since = earlier(since, earlier(r->told.at, untold_since));
    }
    if (!status)
        status = store_history(r->store, domain, since, add_check, r);
    if (!status)
        status = store_sessions(r->store, domain, r->wish->now - LOOK_BACK_S, add_report, r);
    return !status && r->no_memory ? STS_E_NOMEM : status;
}

enum sts_status change_feed_begin(struct store *store, const char *domain, const char *listener,
                                  int64_t now)
{
    struct store_check *last = NULL;
    struct store_place told;
    enum sts_status status = store_told(store, domain, listener, &told);

    if (!status && told.at == STORE_NEVER)
        status = store_last_check(store, store, domain, now - 1, &last);
    if (!status && last)
        status = store_put_told(store, domain, listener,
                                (struct store_place){last->seq, last->observed_at});
    talloc_free(last);
    return status;
}

/* ---- from check to check --------------------------------------------------------------------- */

/* What changed before is not told, but remembered: whether a new id is owed. */
static void compare(struct reader *r, struct state *after, bool tell)
{
    struct outline *unheard = tell ? NULL : outline_new(r->ctx, NULL, NULL, 0);

    if (tell)
        r->story->changes += changes(r->story->outline, r->known, after);
    else if (unheard)
        (void)changes(unheard, r->known, after);
    talloc_free(unheard);
}

static enum sts_status fold(struct reader *r, const struct diagnosis *diagnosis, bool tell)
{
    struct state *seen = state_of(r->ctx, diagnosis);
    struct state *after = seen ? state_fold(r->ctx, r->known, seen) : NULL;

    talloc_free(seen);
    if (!after)
        return STS_E_NOMEM;
    compare(r, after, tell);
    talloc_free(r->known);
    r->known = after;
    return STS_OK;
}

/* One check by its facts.  One whose facts cannot be read is passed over. */
static enum sts_status take_facts(struct reader *r, struct bytes text, bool tell)
{
    TALLOC_CTX *unit = talloc_new(r->story);
    struct facts *facts;
    struct diagnosis *diagnosis;
    char *why;
    enum sts_status status =
        unit ? facts_read(unit, text.data, text.length, &facts, &why) : STS_E_NOMEM;

    if (status == STS_E_INVALID) {
        talloc_free(unit);
        return STS_OK;
    }
    if (!status)
        status = diagnose_by(
            unit, facts,
            &(struct judging){.now = facts->observed_at, .warn_days = r->wish->warn_days},
            &diagnosis);
    if (!status)
        status = fold(r, diagnosis, tell);
    if (status) {
        talloc_free(unit);
        return status;
    }
    talloc_free(r->newest);
    r->newest = unit;
    r->story->diagnosis = diagnosis;
    r->story->at = facts->observed_at;
    return STS_OK;
}

static enum sts_status take_check(struct reader *r, int64_t seq, bool tell)
{
    struct store_check *check = NULL;
    enum sts_status status = store_check_numbered(r->store, r->ctx, seq, &check);

    if (!status && check && check->facts.length)
        status = take_facts(r, check->facts, tell);
    talloc_free(check);
    return status;
}

/* Of what was told, the last before one that was not; of those before them one at twice the
 * distance, at four times and so on: what was not seen for long is known from there. */
static bool makes_known(size_t behind)
{
    if (behind <= KNOWN_CHECKS)
        return true;
    while (behind > KNOWN_CHECKS && behind % 2 == 0)
        behind /= 2;
    return behind == KNOWN_CHECKS;
}

/* What is told after the changes has its room, however many they are. */
static void tell_left_out(struct change_feed *story)
{
    struct outline *o = story->outline;
    size_t left_out = o->notes_left_out;

    o->note_limit += OTHERS_MAX;
    if (!left_out)
        return;
    outline_note(o, SEVERITY_INFO, "changes-left-out", N_("Further changes not listed: {count}"),
                 "count", outline_format(o, "%zu", left_out), NULL);
    story->changes++;
}

/* Which are read: all that are told, up to a ceiling, and what is known before them. */
static void choose(struct reader *r)
{
    size_t next = r->log_count, room = UNTOLD_CHECKS;

    for (size_t i = r->log_count; i-- > 0;) {
        struct logged *logged = &r->log[i];

        logged->taken = logged->untold ? room > 0 : i == 0 || makes_known(next - i);
        if (!logged->untold || !room)
            continue;
        next = i;
        room--;
    }
}

/* What one showed that is not read is told with the next. */
static enum sts_status take_checks(struct reader *r)
{
    enum sts_status status = STS_OK;
    bool owed = false;

    choose(r);
    for (size_t i = 0; !status && i < r->log_count; i++) {
        const struct logged *logged = &r->log[i];

        owed = owed || logged->untold;
        if (!logged->taken)
            continue;
        status = take_check(r, logged->seq, owed);
        owed = false;
    }
    if (!status && r->wish->unkept.data)
        status = take_facts(r, r->wish->unkept, true);
    tell_left_out(r->story);
    return status;
}

/* ---- in words -------------------------------------------------------------------------------- */

static enum severity severity_of(enum verdict verdict)
{
    static const enum severity severities[] = {[VERDICT_OK] = SEVERITY_INFO,
                                               [VERDICT_WARNING] = SEVERITY_MEDIUM,
                                               [VERDICT_UNKNOWN] = SEVERITY_UNKNOWN,
                                               [VERDICT_CRITICAL] = SEVERITY_CRITICAL};

    return severities[verdict];
}

static void tell_headline(struct reader *r)
{
    struct change_feed *s = r->story;
    struct outline *o = s->outline;
    const char *since = r->told.at == STORE_NEVER ? NULL : outline_when(o, r->told.at);
    bool judged = r->wish->seen && s->diagnosis;
    enum severity severity = severity_of(judged ? s->diagnosis->verdict : VERDICT_UNKNOWN);

    if (!r->wish->seen && !s->changes)
        outline_headline(o, SEVERITY_UNKNOWN, N_("could not be checked; no changes known."), NULL);
    else if (!since)
        outline_headline(o, severity, N_("first check; changes will be reported from now on."),
                         NULL);
    else if (s->changes)
        outline_headline(o, severity, N_("changed since {since}."), "since", since, NULL);
    else
        outline_headline(o, severity, N_("no changes since {since}."), "since", since, NULL);
}

/* Our own place is no change of the domain's. */
static enum sts_status tell_blindness(struct reader *r)
{
    struct outline *o = r->story->outline;
    const struct bytes *text = &r->wish->blind;
    struct facts *facts;
    struct diagnosis *d;
    char *why;
    enum sts_status status = facts_read(o, text->data, text->length, &facts, &why);

    if (status == STS_OK)
        status = diagnose(o, facts, facts->observed_at, &d);
    for (size_t i = 0; status == STS_OK && i < d->finding_count; i++)
        outline_note_params(o, SEVERITY_UNKNOWN, finding_info(d->findings[i].code)->name,
                            d->findings[i].detail, d->findings[i].params,
                            d->findings[i].param_count);
    return status;
}

/* What is there is no change, but worth a reminder. */
static void tell_present(struct reader *r)
{
    const struct diagnosis *d = r->story->diagnosis;
    struct outline *o = r->story->outline;
    const char **codes = talloc_zero_array(o, const char *, (unsigned)d->finding_count + 1);
    size_t count = 0, serious = 0;

    if (!codes) {
        o->no_memory = true;
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
        if (d->findings[i].severity >= r->wish->least_shown)
            serious = count;
    }
    outline_list(o, "findings", codes, count);
    if (serious && r->wish->seen)
        outline_note(o, SEVERITY_MEDIUM, "still-found", N_("Current findings: {codes}."), "codes",
                     outline_join(o, codes, serious), NULL);
}

static void tell_members(struct reader *r)
{
    const struct diagnosis *d = r->story->diagnosis;
    struct outline *o = r->story->outline;
    bool seen = r->wish->seen && d;

    outline_time(o, "since", r->told.at == STORE_NEVER ? 0 : r->told.at);
    outline_time(o, "observed_at", r->story->at);
    outline_bool(o, "seen", r->wish->seen);
    outline_text(o, "verdict", seen ? verdict_name(d->verdict) : verdict_name(VERDICT_UNKNOWN));
    outline_text(o, "posture", d ? posture_name(d->posture) : NULL);
    outline_text(o, "delivery", d ? delivery_name(d->delivery) : NULL);
}

static enum sts_status tell_repair(struct reader *r)
{
    struct repair *then, *now;
    int64_t told = r->told.at == STORE_NEVER ? 0 : earlier(r->told.at, r->wish->now);
    enum sts_status status =
        repair_of(r->ctx, r->checks, r->check_count, r->reports, r->report_count, told, &then);

    if (!status)
        status = repair_of(r->ctx, r->checks, r->check_count, r->reports, r->report_count,
                           r->story->at ? r->story->at : r->wish->now, &now);
    if (status)
        return status;
    if (r->told.at != STORE_NEVER)
        r->story->changes += repair_news(r->story->outline, r->reports, r->report_count, then, now);
    repair_tell(r->story->outline, then, now);
    return STS_OK;
}

static void count_sessions(struct reader *r)
{
    struct recent_sessions *sessions = &r->story->sessions;

    for (size_t i = 0; i < r->report_count; i++) {
        const struct reported *report = &r->reports[i];

        sessions->any = true;
        if (report->ends > sessions->last_report)
            sessions->last_report = report->ends;
        if (report->ends < r->wish->now - RECENT_SESSIONS_DAYS * OUTLINE_DAY)
            continue;
        sessions->successful += report->successful;
        sessions->failed += report->failed;
    }
}

/* Behind all that was told; before what is later than now and was not. */
static struct store_place next_place(const struct reader *r)
{
    struct store_place next = r->told;

    for (size_t i = 0; i < r->log_count; i++)
        if (r->log[i].untold && r->log[i].seq > next.seq)
            next.seq = r->log[i].seq;
    if (r->ahead <= next.seq)
        next.seq = r->ahead - 1;
    if (r->story->at > next.at)
        next.at = r->story->at;
    return next;
}

static enum sts_status tell(struct reader *r)
{
    enum sts_status status;

    tell_members(r);
    r->story->told = r->told;
    r->story->next = next_place(r);
    status = r->check_count ? tell_repair(r) : STS_OK;
    if (r->story->diagnosis)
        tell_present(r);
    if (status == STS_OK && r->wish->blind.data)
        status = tell_blindness(r);
    tell_headline(r);
    outline_number(r->story->outline, "changes", (int64_t)r->story->changes);
    count_sessions(r);
    return status;
}

enum sts_status change_feed_read(TALLOC_CTX *ctx, struct store *store,
                                 const struct change_feed_request *wish, struct change_feed **ret)
{
    struct change_feed *story = talloc_zero(ctx, struct change_feed);
    struct reader r = {.ctx = talloc_new(story),
                       .store = store,
                       .wish = wish,
                       .story = story,
                       .told = {.at = STORE_NEVER},
                       .ahead = INT64_MAX};
    enum sts_status status = STS_E_NOMEM;

    if (r.ctx) {
        story->outline = outline_new(story, wish->domain, NULL, wish->now);
        if (story->outline)
            story->outline->note_limit = CHANGES_MAX;
        r.known = state_new(r.ctx);
        status = story->outline && r.known ? STS_OK : STS_E_NOMEM;
    }
    if (!status && store)
        status = read_store(&r);
    if (!status)
        status = take_checks(&r);
    if (!status)
        status = tell(&r);
    if (!status && story->outline->no_memory)
        status = STS_E_NOMEM;
    talloc_free(r.ctx);
    if (status)
        talloc_free(story);
    else
        *ret = story;
    return status;
}
