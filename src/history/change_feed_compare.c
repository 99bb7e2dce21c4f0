/* SPDX-License-Identifier: MIT */
/* change_feed_compare.c - from check to check: what each changed.
 *
 * The checks before the subscriber's place make what is known; those behind it are compared with
 * it, one by one, and what differs is news.  What a check could not see stays as it was known, so
 * the known is folded out of several checks, and of a few long before them for what was not seen
 * for long. */
#include "history/change_feed_work.h"

#include "facts/facts_json.h"
#include "rollout/changes.h"

#define KNOWN_CHECKS 12  /* earlier ones that make what is known, and a few long before them */
#define NEW_CHECKS   200 /* of more, the earliest are compared as one step */

/* ---- one check ------------------------------------------------------------------------------- */

/* What changed before is no news, but remembered: whether a new id is owed. */
static void compare(struct feed_work *work, struct state *after, bool news)
{
    struct advisory *unlisted = news ? NULL : advisory_new(work->ctx, NULL, NULL, 0);

    if (news)
        work->feed->changes += changes(work->feed->advisory, work->known, after);
    else if (unlisted)
        (void)changes(unlisted, work->known, after);
    talloc_free(unlisted);
}

static enum sts_status merge(struct feed_work *work, const struct diagnosis *diagnosis, bool news)
{
    struct state *seen = state_of(work->ctx, diagnosis);
    struct state *after = seen ? state_merge(work->ctx, work->known, seen) : NULL;

    talloc_free(seen);
    if (!after)
        return STS_E_NOMEM;
    compare(work, after, news);
    talloc_free(work->known);
    work->known = after;
    return STS_OK;
}

/* One check.  The unit owns what is made of it, and lives while it is the newest. */
static enum sts_status take_diagnosis(struct feed_work *work, TALLOC_CTX *unit,
                                      const struct diagnosis *diagnosis, bool news)
{
    enum sts_status status = merge(work, diagnosis, news);

    if (status)
        return status;
    talloc_free(work->newest);
    work->newest = unit;
    work->feed->diagnosis = diagnosis;
    work->feed->at = diagnosis->facts->observed_at;
    return STS_OK;
}

static enum sts_status take_facts(struct feed_work *work, TALLOC_CTX *unit,
                                  const struct facts *facts, bool news)
{
    const struct judging by = {.now = facts->observed_at, .warn_days = work->request->warn_days};
    struct diagnosis *diagnosis;
    enum sts_status status = diagnose_by(unit, facts, &by, &diagnosis);

    return status ? status : take_diagnosis(work, unit, diagnosis, news);
}

static enum sts_status take_fresh(struct feed_work *work, bool news)
{
    const struct fresh_check *fresh = &work->request->fresh;
    TALLOC_CTX *unit = talloc_new(work->feed);
    enum sts_status status = STS_E_NOMEM;

    if (unit)
        status = fresh->diagnosis ? take_diagnosis(work, unit, fresh->diagnosis, news)
                                  : take_facts(work, unit, fresh->facts, news);
    if (status)
        talloc_free(unit);
    return status;
}

/* One whose facts cannot be read is passed over. */
static enum sts_status take_stored(struct feed_work *work, struct bytes text, bool news)
{
    TALLOC_CTX *unit = talloc_new(work->feed);
    struct facts *facts;
    char *why;
    enum sts_status status =
        unit ? facts_read(unit, text.data, text.length, &facts, &why) : STS_E_NOMEM;
    bool readable = !status;

    if (readable)
        status = take_facts(work, unit, facts, news);
    if (status)
        talloc_free(unit);
    return readable || status != STS_E_INVALID ? status : STS_OK;
}

static enum sts_status take_check(struct feed_work *work, int64_t seq, bool news)
{
    const struct fresh_check *fresh = &work->request->fresh;
    struct store_check *check = NULL;
    enum sts_status status;

    if (fresh->facts && fresh->seq == seq)
        return take_fresh(work, news);
    status = store_check_numbered(work->store, work->ctx, seq, &check);

    if (!status && check && check->facts.length)
        status = take_stored(work, check->facts, news);
    talloc_free(check);
    return status;
}

/* ---- which checks ---------------------------------------------------------------------------- */

/* Of those before the news, the last ones; of those before them one at twice the distance, at four
 * times and so on: what was not seen for long is known from there. */
static bool makes_known(size_t behind)
{
    if (behind <= KNOWN_CHECKS)
        return true;
    while (behind > KNOWN_CHECKS && behind % 2 == 0)
        behind /= 2;
    return behind == KNOWN_CHECKS;
}

/* Which are read: all that are news, up to a ceiling, and what is known before them. */
static void choose(const struct feed_work *work, bool *chosen)
{
    size_t next = work->check_count, room = NEW_CHECKS;

    for (size_t i = work->check_count; i-- > 0;) {
        bool news = feed_is_news(work, &work->log->checks[i]);

        chosen[i] = news ? room > 0 : i == 0 || makes_known(next - i);
        if (!news || !room)
            continue;
        next = i;
        room--;
    }
}

/* The changes of one that is not read are listed with those of the next. */
static enum sts_status compare_chosen(struct feed_work *work, const bool *chosen)
{
    enum sts_status status = STS_OK;
    bool news = false;

    for (size_t i = 0; !status && i < work->check_count; i++) {
        const struct logged_check *check = &work->log->checks[i];

        news = news || feed_is_news(work, check);
        if (!chosen[i])
            continue;
        status = take_check(work, check->seq, news);
        news = false;
    }
    return status;
}

/* The notes after the changes have their room, however many those are. */
static void note_left_out(struct change_feed *feed)
{
    struct advisory *a = feed->advisory;
    size_t left_out = a->notes_left_out;

    a->note_limit += FEED_OTHERS_MAX;
    if (!left_out)
        return;
    advisory_note(a, SEVERITY_INFO, "changes-left-out", N_("Further changes not listed: {count}"),
                  "count", advisory_format(a, "%zu", left_out), NULL);
    feed->changes++;
}

enum sts_status feed_compare(struct feed_work *work)
{
    bool *chosen = talloc_zero_array(work->ctx, bool, (unsigned)work->check_count + 1);
    enum sts_status status = STS_E_NOMEM;

    work->known = state_new(work->ctx);
    if (chosen && work->known) {
        choose(work, chosen);
        status = compare_chosen(work, chosen);
    }
    if (!status && work->request->fresh.facts && !work->request->fresh.seq)
        status = take_fresh(work, true);
    note_left_out(work->feed);
    return status;
}
