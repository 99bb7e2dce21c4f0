/* SPDX-License-Identifier: MIT */
/* change_log.c - what a check changed, as rows of the store. */
#include "history/change_log.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_write.h"
#include "base/text.h"
#include "history/change_feed_work.h"
#include "history/limits.h"
#include "store/hash.h"

#define LOOK_BACK_S (60 * ADVISORY_DAY) /* as in change_feed.c */

/* ---- what a check shows ---------------------------------------------------------------------- */

/* All that changes() compares, a line each; sorted, since answers of the DNS come in any order. */
struct lines {
    TALLOC_CTX *ctx;
    char **list;
    size_t count;
    bool no_memory;
};

static void add_line(struct lines *lines, char *line)
{
    if (line)
        lines->list[lines->count++] = line;
    lines->no_memory |= !line;
}

static void add_attributes(struct lines *lines, const struct state *state, bool *settled)
{
    for (size_t i = 0; i < state->attribute_count; i++) {
        const struct attribute *a = &state->attributes[i];

        *settled = *settled && !a->unconfirmed;
        add_line(lines, talloc_asprintf(lines->ctx, "%d\n%s\n%s\n%s\n%" PRId64, (int)a->kind,
                                        a->subject, a->item, a->value, a->number));
    }
}

static void add_unknowns(struct lines *lines, const struct state *state)
{
    for (size_t i = 0; i < state->unknown_count; i++) {
        const struct unknown *u = &state->unknowns[i];

        add_line(lines, talloc_asprintf(lines->ctx, "?%d\n%s\n%s\n%d%d", (int)u->kind,
                                        u->subject ? u->subject : "", u->item ? u->item : "",
                                        (int)u->topic, u->sessions));
    }
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static enum sts_status hash_lines(struct lines *lines, uint8_t ret[STORE_HASH_SIZE])
{
    struct hash *hash = lines->no_memory ? NULL : hash_new(lines->ctx);

    if (!hash)
        return STS_E_NOMEM;
    if (lines->count)
        qsort(lines->list, lines->count, sizeof *lines->list, by_text);
    for (size_t i = 0; i < lines->count; i++)
        hash_text(hash, lines->list[i]);
    return hash_end(hash, ret);
}

enum sts_status check_shown_of(TALLOC_CTX *ctx, const struct diagnosis *diagnosis,
                               struct check_shown *ret)
{
    struct lines lines = {.ctx = talloc_new(ctx)};
    struct state *state = lines.ctx ? state_of(lines.ctx, diagnosis) : NULL;
    enum sts_status status = STS_E_NOMEM;

    if (state)
        lines.list = talloc_array(lines.ctx, char *,
                                  (unsigned)(state->attribute_count + state->unknown_count + 1));
    ret->settled = true;
    if (lines.list) {
        add_attributes(&lines, state, &ret->settled);
        add_unknowns(&lines, state);
        status = hash_lines(&lines, ret->hash);
    }
    talloc_free(lines.ctx);
    return status;
}

/* ---- what it changed ------------------------------------------------------------------------- */

/* The checks up to that one.  One that was stored late is compared with what was before it; what
 * those behind it changed stays as it was found. */
static size_t count_until(const struct check_log *log, int64_t seq)
{
    for (size_t i = 0; i < log->count; i++)
        if (log->checks[i].seq == seq)
            return i + 1;
    return 0;
}

static enum sts_status compare(struct feed_work *work)
{
    const struct change_feed_request *request = work->request;
    enum sts_status status = check_log_read(work->ctx, work->store, request->domain,
                                            request->now - LOOK_BACK_S, &work->log);

    if (status)
        return status;
    work->check_count = count_until(work->log, work->only);
    if (work->check_count < 2)
        return STS_OK; /* there was none before it */
    work->feed->advisory = advisory_new(work->feed, request->domain, NULL, request->now);
    if (!work->feed->advisory)
        return STS_E_NOMEM;
    work->feed->advisory->note_limit = FEED_CHANGES_MAX;
    status = feed_compare(work);
    return !status && work->feed->advisory->no_memory ? STS_E_NOMEM : status;
}

/* ---- as rows --------------------------------------------------------------------------------- */

static void write_value(struct json_writer *json, const struct param *param)
{
    size_t length = strlen(param->value);
    const char *value = param->value;

    if (length > LIMIT_CHANGE_VALUE)
        value = text_printable(json->ctx, value, length, LIMIT_CHANGE_VALUE);
    json_write_string(json, param->name, value ? value : "");
}

/* Those that all sentences may use are known without. */
static const char *values_of(TALLOC_CTX *ctx, const struct advisory *a, const struct note *note)
{
    struct json_writer json = {.ctx = ctx};

    json_write_begin(&json, NULL, '{');
    for (size_t i = 0; i + a->general_count < note->sentence.param_count; i++)
        write_value(&json, &note->sentence.params[i]);
    json_write_end(&json, '}');
    return json.no_memory ? NULL : talloc_strndup(ctx, json.text, json.length);
}

static enum sts_status put_notes(TALLOC_CTX *ctx, struct store *store, int64_t seq,
                                 const struct advisory *a)
{
    size_t count = a ? a->note_count : 0;
    struct store_change *rows = talloc_zero_array(ctx, struct store_change, (unsigned)count + 1);

    if (!rows)
        return STS_E_NOMEM;
    for (size_t i = 0; i < count; i++) {
        const struct note *note = &a->notes[i];

        rows[i] = (struct store_change){note->code, severity_name(note->severity),
                                        note->sentence.text, values_of(rows, a, note)};
        if (!rows[i].values)
            return STS_E_NOMEM;
    }
    return store_put_changes(store, seq, rows, count);
}

static enum sts_status put_changes(struct store *store, const struct store_check *check,
                                   int64_t seq)
{
    const struct change_feed_request request = {.domain = check->domain, .now = check->observed_at};
    struct change_feed *feed = talloc_zero(store, struct change_feed);
    struct feed_work work = {.ctx = feed ? talloc_new(feed) : NULL,
                             .store = store,
                             .request = &request,
                             .feed = feed,
                             .only = seq};
    enum sts_status status = work.ctx ? compare(&work) : STS_E_NOMEM;

    if (!status)
        status = put_notes(work.ctx, store, seq, feed->advisory);
    talloc_free(feed);
    return status;
}

enum sts_status change_log_write(struct store *store, const struct store_check *check, int64_t seq,
                                 const struct check_shown *shown, const struct store_shown *before)
{
    bool newest = check->observed_at >= before->observed_at;
    bool same =
        newest && before->known && memcmp(before->hash, shown->hash, sizeof shown->hash) == 0;
    enum sts_status status = STS_OK;

    if (!same || !shown->settled)
        status = put_changes(store, check, seq);
    if (!status && newest && !same)
        status = store_put_shown(store, check->domain, shown->hash);
    return status;
}
