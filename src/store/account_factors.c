/* SPDX-License-Identifier: MIT */
/* account_factors.c - second factors, recovery codes, identities of other providers. */
#include "store/accounts.h"

#include "store/hash.h"
#include "store/rows.h"

/* ---- second factors -------------------------------------------------------------------------- */

enum sts_status store_put_factor(struct store *store, int64_t user, struct bytes secret)
{
    struct db_value args[] = {db_number(user), db_blob(secret.data, secret.length)};

    return rows_write(store, DB_FACTOR_PUT, args, 2, NULL);
}

struct factor {
    TALLOC_CTX *ctx;
    struct bytes secret;
    int64_t step;
    bool no_memory;
};

static bool take_factor(void *arg, const struct db_value *row)
{
    struct factor *factor = arg;

    factor->secret.length = row[0].bytes.length;
    factor->secret.data = talloc_memdup(factor->ctx, row[0].bytes.data, row[0].bytes.length);
    factor->no_memory = !factor->secret.data;
    factor->step = row[1].kind == DB_NUMBER ? row[1].number : STORE_NO_STEP;
    return false;
}

enum sts_status store_factor(struct store *store, TALLOC_CTX *ctx, int64_t user,
                             struct bytes *ret_secret, int64_t *ret_step)
{
    struct factor factor = {.ctx = ctx, .step = STORE_NO_STEP};
    struct rows_reader reader = {.kinds = "bN", .each = take_factor, .arg = &factor};
    struct db_value args[] = {db_number(user)};
    enum sts_status status = rows_run(store, DB_FACTOR, args, 1, &reader);

    if (!status && factor.no_memory)
        status = STS_E_NOMEM;
    if (status)
        return status;
    *ret_secret = factor.secret;
    *ret_step = factor.step;
    return STS_OK;
}

enum sts_status store_use_step(struct store *store, int64_t user, int64_t step, bool *ret_fresh)
{
    struct db_value args[] = {db_number(user), db_number(step)};

    return rows_change(store, DB_FACTOR_STEP, args, 2, ret_fresh);
}

static enum sts_status drop_factor(struct store *store, void *arg)
{
    const struct db_value *user = arg;
    enum sts_status status = db_run(store, DB_FACTOR_DROP, user, 1, NULL, NULL);

    return status ? status : db_run(store, DB_RECOVERY_DROP, user, 1, NULL, NULL);
}

enum sts_status store_drop_factor(struct store *store, int64_t user)
{
    struct db_value args[] = {db_number(user)};

    return store_batch(store, drop_factor, args);
}

/* ---- recovery codes -------------------------------------------------------------------------- */

struct recovery {
    int64_t user;
    const uint8_t *hashes;
    size_t count;
};

static enum sts_status put_recovery(struct store *store, void *arg)
{
    const struct recovery *recovery = arg;
    struct db_value args[] = {db_number(recovery->user), {.kind = DB_NULL}};
    enum sts_status status = db_run(store, DB_RECOVERY_DROP, args, 1, NULL, NULL);

    for (size_t i = 0; !status && i < recovery->count; i++) {
        args[1] = db_blob(recovery->hashes + i * STORE_HASH_SIZE, STORE_HASH_SIZE);
        status = db_run(store, DB_RECOVERY_ADD, args, 2, NULL, NULL);
    }
    return status;
}

enum sts_status store_put_recovery(struct store *store, int64_t user, const uint8_t *hashes,
                                   size_t count)
{
    struct recovery recovery = {user, hashes, count};

    return store_batch(store, put_recovery, &recovery);
}

enum sts_status store_use_recovery(struct store *store, int64_t user, const uint8_t *hash,
                                   bool *ret_done)
{
    struct db_value args[] = {db_number(user), db_blob(hash, STORE_HASH_SIZE)};

    return rows_change(store, DB_RECOVERY_USE, args, 2, ret_done);
}

enum sts_status store_count_recovery(struct store *store, int64_t user, int64_t *ret)
{
    struct db_value args[] = {db_number(user)};

    return db_run_number(store, DB_RECOVERY_COUNT, args, 1, 0, ret);
}

/* ---- identities ------------------------------------------------------------------------------ */

static enum sts_status hash_identity(TALLOC_CTX *ctx, const char *issuer, const char *subject,
                                     uint8_t digest[STORE_HASH_SIZE])
{
    struct hash *hash = hash_new(ctx);
    enum sts_status status;

    if (!hash)
        return STS_E_NOMEM;
    hash_text(hash, issuer);
    hash_text(hash, subject);
    status = hash_end(hash, digest);
    talloc_free(hash);
    return status;
}

enum sts_status store_add_identity(struct store *store, int64_t user, const char *issuer,
                                   const char *subject)
{
    uint8_t digest[STORE_HASH_SIZE];
    enum sts_status status;

    if (!issuer || !*issuer || !subject || !*subject)
        return STS_E_INVALID;
    status = hash_identity(store, issuer, subject, digest);
    if (status)
        return status;
    struct db_value args[] = {db_blob(digest, STORE_HASH_SIZE), db_number(user), db_text(issuer),
                              db_text(subject)};
    return rows_write(store, DB_IDENTITY_ADD, args, 4, NULL);
}

enum sts_status store_user_of_identity(struct store *store, const char *issuer, const char *subject,
                                       int64_t *ret_user)
{
    uint8_t digest[STORE_HASH_SIZE];
    enum sts_status status = hash_identity(store, issuer, subject, digest);
    struct db_value args[] = {db_blob(digest, STORE_HASH_SIZE)};

    return status ? status : db_run_number(store, DB_IDENTITY_USER, args, 1, 0, ret_user);
}
