/* SPDX-License-Identifier: MIT */
/* session_counts.c - the sessions that collectors have counted, added to what is stored. */
#include "store/session_counts.h"

#include <string.h>

#include "store/hash.h"
#include "store/rollups.h"
#include "store/rows.h"

/* What a row is found by: no two lists of parts give the same. */
#define DETAIL_PARTS 7

static enum sts_status hash_texts(TALLOC_CTX *ctx, const char *const *texts, size_t count,
                                  uint8_t digest[STORE_HASH_SIZE])
{
    struct hash *hash = hash_new(ctx);

    if (!hash)
        return STS_E_NOMEM;
    for (size_t i = 0; i < count; i++)
        hash_text(hash, texts[i]);
    return hash_end(hash, digest);
}

/* ---- details --------------------------------------------------------------------------------- */

struct place {
    int64_t domain, policy; /* numbers; 0: not there */
    int64_t details;        /* of the policy, in the store */
    uint8_t record_hash[STORE_HASH_SIZE], key_hash[STORE_HASH_SIZE];
};

/* As a row of its own, or to the one that is there; *ret_new: it has a row of its own. */
static enum sts_status add_detail(struct store *store, int64_t policy,
                                  const struct store_session_detail *detail,
                                  const uint8_t digest[STORE_HASH_SIZE], bool *ret_new)
{
    const struct db_value args[] = {db_number(policy),
                                    db_blob(digest, STORE_HASH_SIZE),
                                    db_text(detail->type),
                                    db_text(detail->sending_ip),
                                    db_text(detail->mx),
                                    db_text(detail->helo),
                                    db_text(detail->receiving_ip),
                                    db_text(detail->reason),
                                    db_text(detail->info),
                                    db_number(detail->rest),
                                    db_number(detail->sessions)};
    int64_t sessions = 0;
    enum sts_status status = db_run_number(store, DB_COUNTED_DETAIL_ADD, args, 11, 0, &sessions);

    *ret_new = sessions == detail->sessions;
    return status;
}

/* One that is there counts so many more; *ret_there: it was. */
static enum sts_status more_of_detail(struct store *store, int64_t policy, int64_t sessions,
                                      const uint8_t digest[STORE_HASH_SIZE], int64_t *ret_there)
{
    const struct db_value args[] = {db_number(policy), db_blob(digest, STORE_HASH_SIZE),
                                    db_number(sessions)};

    return db_run_number(store, DB_COUNTED_DETAIL_MORE, args, 3, 0, ret_there);
}

/* Of each result type one row takes what has no room. */
static enum sts_status count_rest(struct store *store, TALLOC_CTX *work, int64_t policy,
                                  const struct store_session_detail *detail)
{
    const struct store_session_detail rest = {detail->type,     "",  "", "", "", "", "",
                                              detail->sessions, true};
    const char *const parts[] = {rest.type};
    uint8_t digest[STORE_HASH_SIZE];
    bool is_new;
    enum sts_status status = hash_texts(work, parts, 1, digest);

    return status ? status : add_detail(store, policy, &rest, digest, &is_new);
}

/* One statement where there is room, as most details of a busy day are new. */
static enum sts_status count_fitting(struct store *store, TALLOC_CTX *work, struct place *place,
                                     const struct store_session_detail *detail,
                                     const uint8_t digest[STORE_HASH_SIZE])
{
    enum sts_status status;
    int64_t there = 0;
    bool is_new;

    if (place->details < STORE_DETAILS_MAX) {
        status = add_detail(store, place->policy, detail, digest, &is_new);
        place->details += !status && is_new;
        return status;
    }
    status = more_of_detail(store, place->policy, detail->sessions, digest, &there);
    return status || there ? status : count_rest(store, work, place->policy, detail);
}

static enum sts_status count_detail(struct store *store, TALLOC_CTX *work, struct place *place,
                                    const struct store_session_detail *given)
{
    struct store_session_detail detail = *given;
    const char **texts[DETAIL_PARTS] = {&detail.type, &detail.sending_ip,   &detail.mx,
                                        &detail.helo, &detail.receiving_ip, &detail.reason,
                                        &detail.info};
    const char *parts[DETAIL_PARTS];
    uint8_t digest[STORE_HASH_SIZE];
    enum sts_status status = STS_OK;

    if (given->rest)
        return count_rest(store, work, place->policy, given);
    for (size_t i = 0; !status && i < DETAIL_PARTS; i++) {
        status = db_fit(work, *texts[i], texts[i]);
        parts[i] = *texts[i];
    }
    if (!status)
        status = hash_texts(work, parts, DETAIL_PARTS, digest);
    return status ? status : count_fitting(store, work, place, &detail, digest);
}

static enum sts_status count_details(struct store *store, TALLOC_CTX *work, struct place *place,
                                     const struct store_session_counts *counts)
{
    int64_t before = place->details;
    enum sts_status status = STS_OK;

    for (size_t i = 0; !status && i < counts->detail_count; i++)
        status = count_detail(store, work, place, &counts->details[i]);
    if (!status && place->details != before) {
        const struct db_value args[] = {db_number(place->policy), db_number(place->details)};

        status = db_run(store, DB_COUNTED_DETAILS, args, 2, NULL, NULL);
    }
    return status;
}

/* ---- policies -------------------------------------------------------------------------------- */

static enum sts_status hash_place(TALLOC_CTX *work, const struct store_session_counts *counts,
                                  struct place *place)
{
    const char *const record[] = {counts->record};
    enum sts_status status = hash_texts(work, record, 1, place->record_hash);
    struct hash *hash = hash_new(work);

    if (status || !hash)
        return STS_E_NOMEM;
    hash_part(hash, counts->key);
    return hash_end(hash, place->key_hash);
}

static enum sts_status find_place(struct store *store, const struct store_session_counts *counts,
                                  struct place *place)
{
    const struct db_value of_domain[] = {db_number(counts->day), db_text(counts->domain),
                                         db_blob(place->record_hash, STORE_HASH_SIZE)};
    enum sts_status status = db_run_number(store, DB_COUNTED_ID, of_domain, 3, 0, &place->domain);
    const struct db_value of_policy[] = {db_number(place->domain),
                                         db_blob(place->key_hash, STORE_HASH_SIZE)};

    if (status || !place->domain)
        return status;
    return db_run_number(store, DB_COUNTED_POLICY_ID, of_policy, 2, 0, &place->policy);
}

static enum sts_status add_domain(struct store *store, int64_t at,
                                  const struct store_session_counts *counts, struct place *place)
{
    const struct db_value args[] = {db_number(counts->day), db_text(counts->domain),
                                    db_blob(place->record_hash, STORE_HASH_SIZE),
                                    db_text(counts->record), db_number(at)};

    return place->domain ? STS_OK
                         : db_run_number(store, DB_COUNTED_ADD, args, 5, 0, &place->domain);
}

static enum sts_status add_policy(struct store *store, const struct store_session_counts *counts,
                                  struct place *place)
{
    const struct db_value domain = db_number(place->domain);
    const struct db_value args[] = {domain,
                                    db_blob(place->key_hash, STORE_HASH_SIZE),
                                    db_text(counts->type),
                                    db_text(counts->policy_domain),
                                    db_text(counts->lines),
                                    db_text(counts->mx)};
    enum sts_status status =
        db_run_number(store, DB_COUNTED_POLICY_ADD, args, 6, 0, &place->policy);

    return status ? status : db_run(store, DB_COUNTED_ONE_MORE, &domain, 1, NULL, NULL);
}

/* place->policy stays 0 where the domain has too many on that day. */
static enum sts_status add_place(struct store *store, int64_t at,
                                 const struct store_session_counts *counts, struct place *place)
{
    const struct db_value args[] = {db_number(counts->day), db_text(counts->domain)};
    int64_t policies;
    enum sts_status status =
        db_run_number(store, DB_COUNTED_POLICIES_NUMBER, args, 2, 0, &policies);

    if (status || policies >= STORE_COUNTED_MAX)
        return status;
    status = add_domain(store, at, counts, place);
    return status ? status : add_policy(store, counts, place);
}

/* ---- collectors ------------------------------------------------------------------------------ */

static enum sts_status add_collected(struct store *store, const struct store_session_flush *flush,
                                     const struct store_collected *collected)
{
    const struct db_value args[] = {db_number(collected->day),
                                    db_text(flush->collector),
                                    db_number(collected->received),
                                    db_number(collected->malformed),
                                    db_number(collected->truncated),
                                    db_number(collected->lost),
                                    db_number(flush->at)};

    return db_run(store, DB_COLLECTED_ADD, args, 7, NULL, NULL);
}

static enum sts_status count_lost(struct store *store, const struct store_session_flush *flush,
                                  const struct store_session_counts *counts)
{
    const struct store_collected lost = {.day = counts->day,
                                         .lost = counts->successful + counts->failed};

    return add_collected(store, flush, &lost);
}

/* ---- a flush --------------------------------------------------------------------------------- */

static enum sts_status add_sums(struct store *store, const struct store_session_flush *flush,
                                const struct store_session_counts *counts, struct place *place)
{
    const struct db_value of_domain[] = {db_number(place->domain), db_number(counts->successful),
                                         db_number(counts->failed), db_number(flush->at)};
    const struct db_value of_policy[] = {db_number(place->policy), db_number(counts->successful),
                                         db_number(counts->failed)};
    enum sts_status status = db_run(store, DB_COUNTED_SUMS, of_domain, 4, NULL, NULL);

    return status ? status
                  : db_run_number(store, DB_COUNTED_POLICY_SUMS, of_policy, 3, 0, &place->details);
}

/* Records and policies are what strangers published. */
static enum sts_status fit_texts(TALLOC_CTX *work, struct store_session_counts *counts)
{
    const char **const texts[] = {&counts->record, &counts->policy_domain, &counts->lines,
                                  &counts->mx};
    enum sts_status status = STS_OK;

    for (size_t i = 0; !status && i < sizeof(texts) / sizeof(texts[0]); i++)
        status = db_fit(work, *texts[i], texts[i]);
    return status;
}

static enum sts_status count_one(struct store *store, TALLOC_CTX *work,
                                 const struct store_session_flush *flush,
                                 struct store_session_counts counts)
{
    struct place place = {0};
    enum sts_status status = fit_texts(work, &counts);

    if (!status)
        status = hash_place(work, &counts, &place);
    if (!status)
        status = find_place(store, &counts, &place);
    if (!status && !place.policy)
        status = add_place(store, flush->at, &counts, &place);
    if (!status && !place.policy)
        return count_lost(store, flush, &counts);
    if (!status)
        status = add_sums(store, flush, &counts, &place);
    return status ? status : count_details(store, work, &place, &counts);
}

static enum sts_status count_all(struct store *store, const struct store_session_flush *flush)
{
    enum sts_status status = STS_OK;

    for (size_t i = 0; !status && i < flush->count; i++) {
        TALLOC_CTX *work = talloc_new(store);

        status = work ? count_one(store, work, flush, flush->counts[i]) : STS_E_NOMEM;
        talloc_free(work);
    }
    for (size_t i = 0; !status && i < flush->collected_count; i++)
        status = add_collected(store, flush, &flush->collected[i]);
    return status;
}

static enum sts_status write_flush(struct store *store, void *arg)
{
    const struct store_session_flush *flush = arg;
    const struct db_value args[] = {db_text(flush->run), db_number(flush->number),
                                    db_number(flush->at)};
    int64_t number;
    enum sts_status status = db_run_number(store, DB_RUN_NUMBER, args, 1, 0, &number);

    if (status || number >= flush->number)
        return status;
    status = db_run(store, DB_RUN_PUT, args, 3, NULL, NULL);
    return status ? status : count_all(store, flush);
}

enum sts_status store_run_number(struct store *store, const char *run, int64_t *ret_number)
{
    const struct db_value args[] = {db_text(run)};

    return db_run_number(store, DB_RUN_NUMBER, args, 1, 0, ret_number);
}

static bool is_countable(const struct store_session_counts *counts)
{
    return counts->domain && counts->record && counts->type && counts->policy_domain &&
           counts->lines && counts->mx && counts->successful >= 0 && counts->failed >= 0;
}

enum sts_status store_count_sessions(struct store *store, const struct store_session_flush *flush)
{
    struct store_session_flush copy = *flush;

    if (!flush->collector || !flush->run || flush->number < 1 ||
        strlen(flush->collector) > STORE_COLLECTOR_MAX)
        return STS_E_INVALID;
    for (size_t i = 0; i < flush->count; i++)
        if (!is_countable(&flush->counts[i]))
            return STS_E_INVALID;
    return store_batch(store, write_flush, &copy);
}

/* ---- pruning --------------------------------------------------------------------------------- */

static enum sts_status prune(struct store *store, void *arg)
{
    int64_t day = *(int64_t *)arg;
    const struct db_value args[] = {db_number(day)};
    const struct db_value time[] = {db_number(day * STORE_DAY_S)};
    enum sts_status status = db_run(store, DB_COUNTED_PRUNE, args, 1, NULL, NULL);

    if (!status)
        status = db_run(store, DB_COLLECTED_PRUNE, args, 1, NULL, NULL);
    return status ? status : db_run(store, DB_RUNS_PRUNE, time, 1, NULL, NULL);
}

enum sts_status store_prune_counted(struct store *store, int64_t before_day)
{
    return store_batch(store, prune, &before_day);
}
