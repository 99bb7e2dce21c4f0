/* SPDX-License-Identifier: MIT */
/* checks.c - checks and their codes: kept, and read as a history. */
#include "store/certificates.h"
#include "store/db.h"
#include "store/rollup_work.h"
#include "store/rows.h"

#include <string.h>

/* ---- writing --------------------------------------------------------------------------------- */

static enum sts_status put_code(struct store *store, int64_t check, size_t place,
                                const struct store_code *code)
{
    TALLOC_CTX *work = talloc_new(store);
    const char *subject, *cause;
    enum sts_status status = work ? db_fit(work, code->subject, &subject) : STS_E_NOMEM;

    if (!status)
        status = db_fit(work, code->cause, &cause);
    if (status) {
        talloc_free(work);
        return status;
    }
    struct db_value args[] = {db_number(check),    db_number((int64_t)place),
                              db_text(code->code), db_text(code->severity),
                              db_text(subject),    db_text(cause)};
    status = db_run(store, DB_CODE_ADD, args, 6, NULL, NULL);
    talloc_free(work);
    return status;
}

#define ABSENT (-1)

/* The row of the check: the one with the same facts, judged anew, or another. */
static enum sts_status put_row(struct store *store, const struct store_check *check, int64_t domain,
                               int64_t *ret)
{
    struct db_value args[] = {db_number(domain),
                              db_number(check->observed_at),
                              db_blob(check->facts.data, check->facts.length),
                              db_text(check->verdict),
                              db_text(check->posture),
                              db_text(check->delivery),
                              rows_number_or_null(check->cert_ends)};
    enum sts_status status = db_run_number(store, DB_CHECK_SAME, args, 3, ABSENT, ret);

    if (status)
        return status;
    if (*ret == ABSENT)
        return db_run_number(store, DB_CHECK_ADD, args, 7, ABSENT, ret);
    args[2] = db_number(*ret);
    status = db_run(store, DB_CHECK_AGAIN, args + 2, 5, NULL, NULL);
    return status ? status : db_run(store, DB_CODES_DROP, args + 2, 1, NULL, NULL);
}

static enum sts_status put_check(struct store *store, void *arg)
{
    struct store_check *check = arg;
    int64_t domain;
    enum sts_status status = db_domain(store, check->domain, &domain);

    if (!status)
        status = put_row(store, check, domain, &check->seq);
    for (size_t i = 0; !status && i < check->code_count; i++)
        status = put_code(store, check->seq, i, &check->codes[i]);
    if (!status)
        status = certificates_seen(store, domain, check);
    return status ? status : rollup_check_stored(store, domain, check);
}

enum sts_status store_number_check(struct store *store, const struct store_check *check,
                                   int64_t *ret_seq)
{
    struct store_check copy = *check;
    enum sts_status status;

    if (!check->domain || !check->verdict || !check->posture || !check->delivery)
        return STS_E_INVALID;
    if (check->facts.length > STORE_RAW_MAX || check->code_count > STORE_LIST_MAX ||
        check->part_count > STORE_LIST_MAX || check->certificate_count > STORE_LIST_MAX)
        return STS_E_LIMIT;
    status = store_batch(store, put_check, &copy);
    if (!status)
        *ret_seq = copy.seq;
    return status;
}

enum sts_status store_put_check(struct store *store, const struct store_check *check)
{
    int64_t seq;

    return store_number_check(store, check, &seq);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Rows are check by code; a check is handed on when the next one begins. */
struct checks_gather {
    TALLOC_CTX *ctx; /* of the check that is gathered */
    struct store_check *check;
    struct store_code *codes;
    store_check_fn fn;
    void *arg;
    bool stopped, no_memory, damaged;
};

static bool hand_on(struct checks_gather *gather)
{
    bool more = true;

    if (gather->check) {
        gather->check->codes = gather->codes;
        more = gather->fn(gather->arg, gather->check);
    }
    TALLOC_FREE(gather->check);
    gather->codes = NULL;
    return more;
}

static bool new_check(struct checks_gather *gather, const struct db_value *row)
{
    struct store_check *check = talloc_zero(gather->ctx, struct store_check);

    gather->check = check;
    if (!check)
        return false;
    check->seq = row[0].number;
    check->domain = talloc_strdup(check, db_text_of(&row[1]));
    check->observed_at = row[2].number;
    check->verdict = talloc_strdup(check, db_text_of(&row[3]));
    check->posture = talloc_strdup(check, db_text_of(&row[4]));
    check->delivery = talloc_strdup(check, db_text_of(&row[5]));
    return check->domain && check->verdict && check->posture && check->delivery;
}

static bool new_code(struct checks_gather *gather, const struct db_value *row)
{
    struct store_check *check = gather->check;
    size_t n = check->code_count;
    struct store_code *codes =
        talloc_realloc(check, gather->codes, struct store_code, (unsigned)n + 1);

    if (!codes)
        return false;
    gather->codes = codes;
    codes[n] = (struct store_code){talloc_strdup(check, db_text_of(&row[6])),
                                   talloc_strdup(check, db_text_of(&row[7])), NULL, NULL};
    if (row[8].kind != DB_NULL)
        codes[n].subject = talloc_strdup(check, db_text_of(&row[8]));
    check->code_count = n + 1;
    return codes[n].code && codes[n].severity && (row[8].kind == DB_NULL || codes[n].subject);
}

/* A file may say anything, also against its schema. */
static bool is_sound(const struct db_value *row)
{
    for (size_t i = 1; i < 9; i++)
        if (i != 2 && row[i].kind != DB_TEXT && (i < 6 || row[i].kind != DB_NULL))
            return false;
    return row[6].kind == DB_NULL || row[7].kind == DB_TEXT;
}

static bool gather_row(void *arg, const struct db_value *row)
{
    struct checks_gather *gather = arg;

    gather->damaged = !is_sound(row);
    if (gather->damaged)
        return false;
    if (!gather->check || gather->check->seq != row[0].number) {
        gather->stopped = !hand_on(gather);
        if (gather->stopped)
            return false;
        gather->no_memory = !new_check(gather, row);
    }
    if (!gather->no_memory && row[6].kind != DB_NULL)
        gather->no_memory = !new_code(gather, row);
    return !gather->no_memory;
}

/* Hands on all but the last check. */
static enum sts_status read_checks(struct store *store, struct checks_gather *gather,
                                   enum db_statement which, const struct db_value *args,
                                   size_t count)
{
    enum sts_status status = db_run(store, which, args, count, gather_row, gather);

    if (!status && gather->no_memory)
        status = STS_E_NOMEM;
    if (!status && gather->damaged)
        status = db_damaged(store);
    if (status || gather->stopped)
        TALLOC_FREE(gather->check);
    if (gather->check)
        gather->check->codes = gather->codes;
    return status;
}

enum sts_status store_history(struct store *store, const char *domain, int64_t since,
                              store_check_fn fn, void *arg)
{
    struct checks_gather gather = {.ctx = store, .fn = fn, .arg = arg};
    struct db_value args[] = {db_text(domain), db_number(since)};
    enum sts_status status = read_checks(store, &gather, DB_HISTORY, args, 2);

    (void)hand_on(&gather);
    return status;
}

static bool keep_facts(void *arg, const struct db_value *row)
{
    struct store_check *check = arg;
    char *copy = talloc_size(check, row[0].bytes.length + 1);

    if (copy) {
        if (row[0].bytes.length > 0)
            memcpy(copy, row[0].bytes.data, row[0].bytes.length);
        copy[row[0].bytes.length] = '\0';
        check->facts = (struct bytes){copy, row[0].bytes.length};
    }
    return false;
}

enum sts_status store_check_numbered(struct store *store, TALLOC_CTX *ctx, int64_t seq,
                                     struct store_check **ret)
{
    struct checks_gather gather = {.ctx = ctx};
    struct db_value args[] = {db_number(seq)};
    enum sts_status status = read_checks(store, &gather, DB_CHECK_BY_ID, args, 1);

    if (!status && gather.check) {
        status = db_run(store, DB_CHECK_FACTS, args, 1, keep_facts, gather.check);
        if (!status && !gather.check->facts.data)
            status = STS_E_NOMEM;
    }
    if (status)
        talloc_free(gather.check);
    else
        *ret = gather.check;
    return status;
}

enum sts_status store_last_check(struct store *store, TALLOC_CTX *ctx, const char *domain,
                                 int64_t not_after, struct store_check **ret)
{
    struct db_value args[] = {db_text(domain), db_number(not_after)};
    int64_t seq;
    enum sts_status status = db_run_number(store, DB_CHECK_LAST, args, 2, ABSENT, &seq);

    return status ? status : store_check_numbered(store, ctx, seq, ret);
}

enum sts_status store_checked_since(struct store *store, const char *domain, int64_t seq,
                                    int64_t *ret)
{
    struct db_value args[] = {db_text(domain), db_number(seq)};

    return db_run_number(store, DB_CHECKED_SINCE, args, 2, INT64_MAX, ret);
}
