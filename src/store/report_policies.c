/* SPDX-License-Identifier: MIT */
/* report_policies.c - the policies that reports show, each kept once, and the names of senders. */
#include "store/hash.h"
#include "store/rollup_work.h"
#include "store/rollups.h"

/* ---- writing --------------------------------------------------------------------------------- */

struct known_policy {
    int64_t id, day; /* 0: it is not known */
};

static bool take_known(void *arg, const struct db_value *row)
{
    *(struct known_policy *)arg = (struct known_policy){row[0].number, row[1].number};
    return false;
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static enum sts_status hash_policy(TALLOC_CTX *work, const char *const texts[3],
                                   uint8_t digest[STORE_HASH_SIZE])
{
    struct hash *hash = hash_new(work);

    if (!hash)
        return STS_E_NOMEM;
    for (size_t i = 0; i < 3; i++)
        hash_text(hash, texts[i]);
    return hash_end(hash, digest);
}

enum sts_status rollup_policy(struct store *store, TALLOC_CTX *work,
                              const struct store_report_policy *policy, int64_t day, int64_t *ret)
{
    const char *texts[] = {or_empty(policy->type), or_empty(policy->lines), or_empty(policy->mx)};
    uint8_t digest[STORE_HASH_SIZE];
    struct known_policy known = {0, 0};
    enum sts_status status = STS_OK;

    for (size_t i = 0; !status && i < 3; i++)
        status = db_fit(work, texts[i], &texts[i]);
    if (!status)
        status = hash_policy(work, texts, digest);
    if (status)
        return status;
    struct db_value args[] = {db_blob(digest, sizeof digest), db_text(texts[0]), db_text(texts[1]),
                              db_text(texts[2]), db_number(day)};
    status = db_run(store, DB_REPORTED_POLICY_FIND, args, 1, take_known, &known);
    *ret = known.id;
    if (status || (known.id && known.day >= day))
        return status;
    return db_run_number(store, DB_REPORTED_POLICY_PUT, args, 5, 0, ret);
}

/* The first of its reports tells. */
enum sts_status rollup_sender_name(struct store *store, TALLOC_CTX *work, int64_t domain,
                                   const char *submitter, const char *name)
{
    enum sts_status status = db_fit(work, name, &name);

    if (status || !name)
        return status;
    struct db_value args[] = {db_number(domain), db_text(submitter), db_text(name)};
    return db_run(store, DB_SENDER_NAME_PUT, args, 3, NULL, NULL);
}

/* ---- reading --------------------------------------------------------------------------------- */

struct names_reader {
    store_sender_name_fn fn;
    void *arg;
    bool damaged;
};

static bool tell_name(void *arg, const struct db_value *row)
{
    struct names_reader *reader = arg;

    reader->damaged = row[0].kind != DB_TEXT || row[1].kind != DB_TEXT;
    return !reader->damaged && reader->fn(reader->arg, db_text_of(&row[0]), db_text_of(&row[1]));
}

enum sts_status store_sender_names(struct store *store, const char *domain, store_sender_name_fn fn,
                                   void *arg)
{
    struct names_reader reader = {.fn = fn, .arg = arg};
    struct db_value args[] = {db_text(domain)};
    enum sts_status status = db_run(store, DB_SENDER_NAMES, args, 1, tell_name, &reader);

    return !status && reader.damaged ? db_damaged(store) : status;
}

struct policy_reader {
    store_reported_policy_fn fn;
    void *arg;
    bool damaged;
};

static bool tell_policy(void *arg, const struct db_value *row)
{
    struct policy_reader *reader = arg;
    struct store_reported_policy policy = {db_text_of(&row[0]), db_text_of(&row[1]),
                                           db_text_of(&row[2])};

    reader->damaged = !policy.type || !policy.lines || !policy.mx;
    if (!reader->damaged)
        reader->fn(reader->arg, &policy);
    return false;
}

enum sts_status store_reported_policy(struct store *store, int64_t id, store_reported_policy_fn fn,
                                      void *arg)
{
    struct policy_reader reader = {.fn = fn, .arg = arg};
    struct db_value args[] = {db_number(id)};
    enum sts_status status = db_run(store, DB_REPORTED_POLICY, args, 1, tell_policy, &reader);

    return !status && reader.damaged ? db_damaged(store) : status;
}
