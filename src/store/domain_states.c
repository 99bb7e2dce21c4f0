/* SPDX-License-Identifier: MIT */
/* domain_states.c - the state of each domain by its newest check, kept with each check.
 *
 * A check that is newer than the newest is compared with that, which costs one row.  Any other (one
 * stored late, one judged again, the first since a store of an earlier version was opened) is
 * compared by going back through the checks of its domain until something differs. */
#include "store/rollup_work.h"
#include "store/rollups.h"

#include <string.h>

#include "store/hash.h"

/* ---- how bad it is --------------------------------------------------------------------------- */

struct rank {
    const char *name;
    int64_t rank;
};

static int64_t rank_in(const struct rank *ranks, const char *name)
{
    for (; ranks->name; ranks++)
        if (name && strcmp(ranks->name, name) == 0)
            return ranks->rank;
    return 0;
}

int64_t store_harm(const char *verdict, const char *delivery, const char *severity)
{
    static const struct rank verdicts[] = {
        {"critical", 3}, {"warning", 2}, {"unknown", 1}, {NULL, 0}};
    static const struct rank deliveries[] = {{"refused", 5},        {"undeliverable", 4},
                                             {"partly-refused", 3}, {"unprotected", 2},
                                             {"reported", 1},       {NULL, 0}};
    static const struct rank severities[] = {{"critical", 5}, {"high", 4}, {"medium", 3},
                                             {"low", 2},      {"info", 1}, {NULL, 0}};

    return rank_in(verdicts, verdict) * 100 + rank_in(deliveries, delivery) * 10 +
           rank_in(severities, severity);
}

/* ---- the state as it is computed ------------------------------------------------------------- */

struct state {
    TALLOC_CTX *work;
    int64_t domain, seq, observed_at;
    const char *verdict, *posture, *delivery;
    int64_t codes;
    const char *code, *severity, *subject;
    int64_t since, changed_at;
    int64_t cert_ends;
    struct hash *hash; /* of the check that is read */
    uint8_t found[STORE_HASH_SIZE];
};

static bool is_same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void hash_code(struct hash *hash, const char *code, const char *severity,
                      const char *subject)
{
    hash_text(hash, code);
    hash_text(hash, severity);
    hash_text(hash, subject ? subject : "");
}

static enum sts_status put_state(struct store *store, const struct state *s)
{
    struct db_value args[] = {db_number(s->domain),
                              db_number(s->seq),
                              db_number(s->observed_at),
                              db_text(s->verdict),
                              db_text(s->posture),
                              db_text(s->delivery),
                              db_number(store_harm(s->verdict, s->delivery, s->severity)),
                              db_number(s->codes),
                              db_text(s->code),
                              db_text(s->severity),
                              db_text(s->subject),
                              db_number(s->since),
                              db_number(s->changed_at),
                              s->cert_ends ? db_number(s->cert_ends) : db_text(NULL),
                              db_blob(s->found, sizeof s->found)};

    enum sts_status status =
        db_run(store, DB_STATE_PUT, args, sizeof args / sizeof *args, NULL, NULL);

    if (!status)
        status = db_run(store, DB_OWNER_STATE, args, 1, NULL, NULL);
    if (!status)
        status = db_run(store, DB_CAUSES_OVER, args, 2, NULL, NULL);
    return status ? status : db_run(store, DB_CAUSES_ADD, args, 2, NULL, NULL);
}

/* ---- what was known -------------------------------------------------------------------------- */

struct known {
    TALLOC_CTX *work;
    bool any, no_memory;
    int64_t seq, observed_at, since, changed_at;
    const char *verdict, *code, *subject;
    struct bytes found, parts;
};

static const char *copy_text(struct known *known, const struct db_value *value)
{
    const char *copy =
        value->kind == DB_TEXT ? talloc_strdup(known->work, value->bytes.data) : NULL;

    known->no_memory |= value->kind == DB_TEXT && !copy;
    return copy;
}

static struct bytes copy_blob(struct known *known, const struct db_value *value)
{
    void *copy;

    if (value->kind != DB_BLOB || value->bytes.length == 0)
        return (struct bytes){NULL, 0};
    copy = talloc_memdup(known->work, value->bytes.data, value->bytes.length);
    known->no_memory |= !copy;
    return (struct bytes){copy, copy ? value->bytes.length : 0};
}

static bool take_known(void *arg, const struct db_value *row)
{
    struct known *known = arg;

    known->any = true;
    known->seq = row[0].number;
    known->observed_at = row[1].number;
    known->verdict = copy_text(known, &row[2]);
    known->code = copy_text(known, &row[3]);
    known->subject = copy_text(known, &row[4]);
    known->since = row[5].number;
    known->changed_at = row[6].number;
    known->found = copy_blob(known, &row[7]);
    known->parts = copy_blob(known, &row[8]);
    return false;
}

static enum sts_status read_known(struct store *store, int64_t domain, struct known *known)
{
    struct db_value args[] = {db_number(domain)};
    enum sts_status status = db_run(store, DB_STATE_KNOWN, args, 1, take_known, known);

    return !status && known->no_memory ? STS_E_NOMEM : status;
}

/* ---- a newer check --------------------------------------------------------------------------- */

static enum sts_status state_of(TALLOC_CTX *work, int64_t domain, const struct store_check *check,
                                struct state *ret)
{
    struct hash *hash = hash_new(work);

    if (!hash)
        return STS_E_NOMEM;
    *ret = (struct state){.domain = domain,
                          .seq = check->seq,
                          .observed_at = check->observed_at,
                          .verdict = check->verdict,
                          .posture = check->posture,
                          .delivery = check->delivery,
                          .codes = (int64_t)check->code_count,
                          .cert_ends = check->cert_ends,
                          .since = check->observed_at,
                          .changed_at = check->observed_at};
    hash_text(hash, check->verdict);
    for (size_t i = 0; i < check->code_count; i++) {
        const char *subject;
        enum sts_status status = db_fit(work, check->codes[i].subject, &subject);

        if (status)
            return status;
        hash_code(hash, check->codes[i].code, check->codes[i].severity, subject);
        if (i == 0) {
            ret->code = check->codes[0].code;
            ret->severity = check->codes[0].severity;
            ret->subject = subject;
        }
    }
    return hash_end(hash, ret->found);
}

static bool found_same(const struct known *known, const struct state *state)
{
    return known->found.length == sizeof state->found &&
           memcmp(known->found.data, state->found, sizeof state->found) == 0;
}

static enum sts_status follow(struct store *store, const struct known *known, struct state *state)
{
    if (is_same(known->verdict, state->verdict) && is_same(known->code, state->code) &&
        is_same(known->subject, state->subject))
        state->since = known->since;
    if (found_same(known, state))
        state->changed_at = known->changed_at;
    return put_state(store, state);
}

/* ---- any other: back through the checks ------------------------------------------------------ */

struct walk {
    struct state newest;
    bool any;
    /* the check that is read */
    int64_t seq, observed_at;
    const char *verdict, *code, *subject;
    struct hash *hash;
    TALLOC_CTX *unit; /* what hangs on it */
    bool since_ends, changed_ends, damaged;
    enum sts_status status;
};

static char *of_row(TALLOC_CTX *ctx, const struct db_value *value)
{
    return value->kind == DB_TEXT ? talloc_strdup(ctx, value->bytes.data) : NULL;
}

/* The check is whole: is it as the newest? */
static void end_check(struct walk *walk)
{
    uint8_t found[STORE_HASH_SIZE];
    struct state *newest = &walk->newest;

    if (!walk->hash || walk->status)
        return;
    walk->status = hash_end(walk->hash, found);
    walk->hash = NULL;
    if (walk->seq == newest->seq)
        memcpy(newest->found, found, sizeof found);
    walk->since_ends |= !is_same(walk->verdict, newest->verdict) ||
                        !is_same(walk->code, newest->code) ||
                        !is_same(walk->subject, newest->subject);
    walk->changed_ends |= memcmp(found, newest->found, sizeof found) != 0;
    if (!walk->since_ends)
        newest->since = walk->observed_at;
    if (!walk->changed_ends)
        newest->changed_at = walk->observed_at;
}

static void begin_newest(struct walk *walk, const struct db_value *row)
{
    struct state *newest = &walk->newest;

    newest->seq = row[0].number;
    newest->observed_at = row[1].number;
    newest->verdict = of_row(newest->work, &row[2]);
    newest->posture = of_row(newest->work, &row[3]);
    newest->delivery = of_row(newest->work, &row[4]);
    newest->cert_ends = row[5].kind == DB_NUMBER ? row[5].number : 0;
    newest->code = of_row(newest->work, &row[6]);
    newest->severity = of_row(newest->work, &row[7]);
    newest->subject = of_row(newest->work, &row[8]);
    walk->damaged = !newest->verdict || !newest->posture || !newest->delivery;
    walk->any = true;
}

static void begin_check(struct walk *walk, const struct db_value *row)
{
    TALLOC_FREE(walk->unit);
    walk->unit = talloc_new(walk->newest.work);
    walk->hash = walk->unit ? hash_new(walk->unit) : NULL;
    if (!walk->hash) {
        walk->status = STS_E_NOMEM;
        return;
    }
    walk->seq = row[0].number;
    walk->observed_at = row[1].number;
    walk->verdict = of_row(walk->unit, &row[2]);
    walk->code = of_row(walk->unit, &row[6]);
    walk->subject = of_row(walk->unit, &row[8]);
    hash_text(walk->hash, walk->verdict ? walk->verdict : "");
    if (!walk->any)
        begin_newest(walk, row);
}

static bool walk_row(void *arg, const struct db_value *row)
{
    struct walk *walk = arg;

    if (!walk->hash || row[0].number != walk->seq) {
        end_check(walk);
        if (walk->status || (walk->since_ends && walk->changed_ends))
            return false;
        begin_check(walk, row);
    }
    if (walk->status || walk->damaged)
        return false;
    if (row[6].kind == DB_TEXT && row[7].kind == DB_TEXT) {
        hash_code(walk->hash, db_text_of(&row[6]), db_text_of(&row[7]),
                  row[8].kind == DB_TEXT ? db_text_of(&row[8]) : NULL);
        if (walk->seq == walk->newest.seq)
            walk->newest.codes++;
    }
    return true;
}

/* What is as it was at the oldest check that is left was so before, if that is known. */
static void keep_pruned(const struct known *known, struct walk *walk)
{
    struct state *newest = &walk->newest;

    if (!known->any || known->seq != newest->seq)
        return;
    if (!walk->since_ends && known->since < newest->since &&
        is_same(known->verdict, newest->verdict) && is_same(known->code, newest->code) &&
        is_same(known->subject, newest->subject))
        newest->since = known->since;
    if (!walk->changed_ends && known->changed_at < newest->changed_at && found_same(known, newest))
        newest->changed_at = known->changed_at;
}

static enum sts_status go_back(struct store *store, TALLOC_CTX *work, int64_t domain,
                               const struct known *known, int64_t *ret_newest)
{
    struct walk walk = {.newest = {.work = work, .domain = domain}};
    struct db_value args[] = {db_number(domain)};
    enum sts_status status = db_run(store, DB_STATE_WALK, args, 1, walk_row, &walk);

    end_check(&walk);
    if (status || walk.status)
        return status ? status : walk.status;
    if (walk.damaged)
        return db_damaged(store);
    *ret_newest = walk.newest.seq;
    keep_pruned(known, &walk);
    return walk.any ? put_state(store, &walk.newest) : STS_OK;
}

/* ---- parts ----------------------------------------------------------------------------------- */

/* They rarely change, so that most checks write none. */
static enum sts_status put_parts(struct store *store, TALLOC_CTX *work, const struct known *known,
                                 int64_t domain, const struct store_check *check)
{
    uint8_t digest[STORE_HASH_SIZE];
    struct db_value args[] = {db_number(domain), db_blob(digest, sizeof digest)};
    struct hash *hash = hash_new(work);
    enum sts_status status;

    if (!hash)
        return STS_E_NOMEM;
    for (size_t i = 0; i < check->part_count; i++)
        hash_text(hash, check->parts[i]);
    status = hash_end(hash, digest);
    if (status || (known->parts.length == sizeof digest &&
                   memcmp(known->parts.data, digest, sizeof digest) == 0))
        return status;
    status = db_run(store, DB_PARTS_DROP, args, 1, NULL, NULL);
    if (!status)
        status = db_run(store, DB_PARTS_HASH_PUT, args, 2, NULL, NULL);
    for (size_t i = 0; !status && i < check->part_count; i++) {
        args[1] = db_text(check->parts[i]);
        status = db_run(store, DB_PART_ADD, args, 2, NULL, NULL);
    }
    return status;
}

static enum sts_status update(struct store *store, TALLOC_CTX *work, int64_t domain,
                              const struct store_check *check)
{
    struct known known = {.work = work};
    struct state state;
    int64_t newest = check->seq;
    enum sts_status status = read_known(store, domain, &known);
    bool newer;

    if (status)
        return status;
    newer = known.any && (check->observed_at > known.observed_at ||
                          (check->observed_at == known.observed_at && check->seq > known.seq));
    if (!newer)
        status = go_back(store, work, domain, &known, &newest);
    else
        status = state_of(work, domain, check, &state);
    if (!status && newer)
        status = follow(store, &known, &state);
    if (status || newest != check->seq)
        return status;
    return put_parts(store, work, &known, domain, check);
}

enum sts_status rollup_check_stored(struct store *store, int64_t domain,
                                    const struct store_check *check)
{
    TALLOC_CTX *work = talloc_new(store);
    enum sts_status status = work ? update(store, work, domain, check) : STS_E_NOMEM;

    talloc_free(work);
    return status;
}
