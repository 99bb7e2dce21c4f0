/* SPDX-License-Identifier: MIT */
/* store_postgres.c - the store in a PostgreSQL database, in a schema of its own, "mtasts".
 *
 * A writer takes one advisory lock for its batch.  So the rules are those of the file (one writes,
 * the others wait), batches that touch the same reports in another order cannot deadlock, and a
 * revision gets its number without a race. */
#include "store/db.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <libpq-fe.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "store/store_postgres_reach.h"

#define ID                       "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
#define BLOB                     "BYTEA"
#define EITHER(sqlite, postgres) postgres

#define STRING(x)    #x
#define STRING_OF(x) STRING(x)
#define ANSWER_MS    INT64_C(300000) /* for one statement, the longest migration too */
#define KEEP_LOCK                                                                                  \
    "7021786344870212947" /* any number that no other program of the database uses                 \
                           */

static const char *const migrations[] = {
#define MIGRATION(number, sql) [(number)-1] = (sql),
#include "store/schema.def"
#undef MIGRATION
};

static const char *const statements[] = {
#define STATEMENT(symbol, sql) [DB_##symbol] = (sql),
#include "store/statements.def"
#undef STATEMENT
};

struct postgres {
    PGconn *conn;
    bool prepared[DB_STATEMENTS];
};

/* ---- faults ---------------------------------------------------------------------------------- */

/* SQLSTATE by its beginning; the first that fits. */
static const struct {
    const char *state;
    enum store_trouble trouble;
} by_state[] = {
    {"53100", STORE_TROUBLE_FULL},        {"53", STORE_TROUBLE_BUSY},
    {"55P03", STORE_TROUBLE_BUSY},        {"40", STORE_TROUBLE_BUSY},
    {"25006", STORE_TROUBLE_READ_ONLY},   {"42501", STORE_TROUBLE_READ_ONLY},
    {"57P03", STORE_TROUBLE_UNREACHABLE}, {"57", STORE_TROUBLE_LOST},
    {"08", STORE_TROUBLE_LOST},           {"XX001", STORE_TROUBLE_DAMAGED},
    {"XX002", STORE_TROUBLE_DAMAGED},     {"22", STORE_TROUBLE_REFUSED},
    {"23", STORE_TROUBLE_REFUSED},        {"54", STORE_TROUBLE_REFUSED},
};

static enum store_trouble trouble_of(const char *state)
{
    for (size_t i = 0; state && i < sizeof by_state / sizeof *by_state; i++)
        if (strncmp(by_state[i].state, state, strlen(by_state[i].state)) == 0)
            return by_state[i].trouble;
    return STORE_TROUBLE_OTHER;
}

static bool is_denied(const char *state)
{
    return state && strcmp(state, "42501") == 0;
}

/* What the server said; `result` may be NULL where it said nothing.  An error without a SQLSTATE is
 * libpq's own: it could not reach the server any more. */
static enum sts_status fail(struct store *store, const PGresult *result)
{
    struct postgres *postgres = store->connection;
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *said = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;

    if (PQstatus(postgres->conn) != CONNECTION_OK || (result && !state))
        return db_fail(store, STORE_TROUBLE_LOST, PQerrorMessage(postgres->conn));
    if (!result)
        return STS_E_NOMEM; /* libpq gives no result only then */
    return db_fail(store,
                   store->purpose == STORE_READ && is_denied(state) ? STORE_TROUBLE_FORBIDDEN
                                                                    : trouble_of(state),
                   said ? said : PQresultErrorMessage(result));
}

/* ---- running --------------------------------------------------------------------------------- */

static bool went_well(const PGresult *result)
{
    switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_SINGLE_TUPLE:
        return true;
    default:
        return false;
    }
}

static int64_t answer_ms = ANSWER_MS;

void db_postgres_wait(int64_t ms)
{
    answer_ms = ms ? ms : ANSWER_MS;
}

/* Until an answer can be taken.  A server that is stopped, or whose machine hangs, keeps the
 * connection alive: it is cut, and libpq then says that it is lost. */
static void await(PGconn *conn)
{
    int64_t until = clock_monotonic_ms() + answer_ms;

    while (PQisBusy(conn)) {
        struct pollfd fd = {.fd = PQsocket(conn), .events = POLLIN};
        int64_t left = until - clock_monotonic_ms();

        if (left <= 0) {
            (void)shutdown(fd.fd, SHUT_RDWR);
            return;
        }
        if (poll(&fd, 1, (int)left) > 0 && !PQconsumeInput(conn))
            return;
    }
}

static PGresult *next_result(PGconn *conn)
{
    await(conn);
    return PQgetResult(conn);
}

/* Of all that was sent the last, or the first that went wrong.  NULL: nothing was sent. */
static PGresult *only_result(PGconn *conn, int sent)
{
    PGresult *result, *last = NULL;

    while (sent && (result = next_result(conn))) {
        bool keep = last && !went_well(last);

        PQclear(keep ? result : last);
        last = keep ? last : result;
    }
    return last;
}

static PGresult *answer_to(PGconn *conn, const char *sql)
{
    return only_result(conn, PQsendQuery(conn, sql));
}

static enum sts_status execute(struct store *store, const char *sql)
{
    struct postgres *postgres = store->connection;
    PGresult *result = answer_to(postgres->conn, sql);
    enum sts_status status = went_well(result) ? STS_OK : fail(store, result);

    /* COMMIT of what had failed says ROLLBACK, and is no error to the server. */
    if (!status && strcmp(sql, "COMMIT") == 0 && strcmp(PQcmdStatus(result), "COMMIT") != 0)
        status = db_fail(store, STORE_TROUBLE_OTHER, N_("the server rolled back the transaction"));
    PQclear(result);
    return status;
}

#define DIGITS 24

/* Numbers go as text, so that the server takes them for whatever the column is; the rest as it
 * stands. */
struct parameters {
    const char *values[DB_ARGS_MAX];
    int lengths[DB_ARGS_MAX];
    int formats[DB_ARGS_MAX];
    char digits[DB_ARGS_MAX][DIGITS];
};

static void fill(struct parameters *p, const struct db_value *args, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        p->values[i] = NULL;
        p->lengths[i] = (int)args[i].bytes.length;
        p->formats[i] = args[i].kind == DB_BLOB;
        if (args[i].kind == DB_NUMBER) {
            (void)snprintf(p->digits[i], DIGITS, "%lld", (long long)args[i].number);
            p->values[i] = p->digits[i];
        } else if (args[i].kind != DB_NULL) {
            p->values[i] = args[i].bytes.data ? args[i].bytes.data : "";
        }
    }
}

#define OID_INT8  20
#define OID_BYTEA 17

static int64_t big_endian(const char *data)
{
    uint64_t number = 0;

    for (size_t i = 0; i < 8; i++)
        number = number << 8 | (unsigned char)data[i];
    return (int64_t)number;
}

/* All results come in binary; all numbers of the schema are BIGINT. */
static struct db_value cell(const PGresult *result, int column)
{
    const char *data = PQgetvalue(result, 0, column);

    if (PQgetisnull(result, 0, column))
        return (struct db_value){.kind = DB_NULL};
    switch (PQftype(result, column)) {
    case OID_INT8:
        return db_number(big_endian(data));
    case OID_BYTEA:
        return db_blob(data, (size_t)PQgetlength(result, 0, column));
    default:
        return db_text(data);
    }
}

static bool hand_on(const PGresult *result, db_row_fn fn, void *arg)
{
    struct db_value row[DB_COLUMNS_MAX];
    int columns = PQnfields(result);

    for (int i = 0; i < columns && i < DB_COLUMNS_MAX; i++)
        row[i] = cell(result, i);
    return fn(arg, row);
}

/* Rows one at a time: a history may be larger than memory.  The rest of an answer must be taken
 * even where nobody wants it. */
static enum sts_status take_rows(struct store *store, db_row_fn fn, void *arg)
{
    struct postgres *postgres = store->connection;
    enum sts_status status = STS_OK;
    bool enough = !fn;
    PGresult *result, *bad = NULL;

    while ((result = next_result(postgres->conn))) {
        if (!went_well(result) && !bad) {
            bad = result;
            continue;
        }
        if (PQresultStatus(result) == PGRES_SINGLE_TUPLE && !enough)
            enough = !hand_on(result, fn, arg);
        PQclear(result);
    }
    if (bad) /* only now is it known whether the connection lives */
        status = fail(store, bad);
    PQclear(bad);
    return status;
}

static enum sts_status prepare(struct store *store, enum db_statement which, const char *name)
{
    struct postgres *postgres = store->connection;
    PGresult *result;
    enum sts_status status;

    if (postgres->prepared[which])
        return STS_OK;
    result = only_result(postgres->conn,
                         PQsendPrepare(postgres->conn, name, statements[which], 0, NULL));
    status = went_well(result) ? STS_OK : fail(store, result);
    PQclear(result);
    postgres->prepared[which] = !status;
    return status;
}

static enum sts_status run(struct store *store, enum db_statement which,
                           const struct db_value *args, size_t count, db_row_fn fn, void *arg)
{
    struct postgres *postgres = store->connection;
    struct parameters p;
    char name[DIGITS];
    enum sts_status status;

    (void)snprintf(name, sizeof name, "s%d", (int)which);
    status = prepare(store, which, name);
    if (status)
        return status;
    fill(&p, args, count);
    if (!PQsendQueryPrepared(postgres->conn, name, (int)count, p.values, p.lengths, p.formats, 1))
        return fail(store, NULL);
    (void)PQsetSingleRowMode(postgres->conn);
    return take_rows(store, fn, arg);
}

/* ---- schema ---------------------------------------------------------------------------------- */

/* A statement outside the table, for the version only: the tables may not be there yet. */
static enum sts_status ask(struct store *store, const char *sql, bool *ret_null, int64_t *ret)
{
    struct postgres *postgres = store->connection;
    PGresult *result = answer_to(postgres->conn, sql);
    enum sts_status status =
        PQresultStatus(result) == PGRES_TUPLES_OK ? STS_OK : fail(store, result);

    if (!status) {
        *ret_null = PQntuples(result) == 0 || PQgetisnull(result, 0, 0);
        *ret = *ret_null ? 0 : strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    }
    PQclear(result);
    return status;
}

/* From the table of tables: to_regclass() may remember from before the lock that there is none. */
static enum sts_status version(struct store *store, int64_t *ret)
{
    bool absent;
    enum sts_status status = ask(store,
                                 "SELECT 1 FROM pg_catalog.pg_tables"
                                 " WHERE schemaname = 'mtasts' AND tablename = 'store_version'",
                                 &absent, ret);

    *ret = 0;
    if (status || absent)
        return status;
    return ask(store, "SELECT max(version) FROM mtasts.store_version", &absent, ret);
}

static enum sts_status set_version(struct store *store, int64_t number)
{
    char sql[160];

    (void)snprintf(sql, sizeof sql,
                   "CREATE TABLE IF NOT EXISTS store_version (version BIGINT NOT NULL);"
                   "DELETE FROM store_version; INSERT INTO store_version VALUES (%lld)",
                   (long long)number);
    return execute(store, sql);
}

/* ---- opening --------------------------------------------------------------------------------- */

static int postgres_drop(struct postgres *postgres)
{
    PQfinish(postgres->conn);
    return 0;
}

static enum sts_status postgres_open(struct store *store, const char *where,
                                     enum store_purpose purpose)
{
    /* Each of our statements goes along an index.  Where a table has grown since its statistics
     * were made, the server thinks it small and sorts all of it for one page; told what sorting
     * costs us, it would compile such statements before it runs them. */
    static const char settings[] =
        "SET search_path = mtasts; SET synchronous_commit = on;"
        "SET enable_sort = off; SET enable_bitmapscan = off; SET jit = off;"
        "SET lock_timeout = '" STRING_OF(STORE_WAIT_S) "s'";
    struct postgres *postgres = talloc_zero(store, struct postgres);
    int64_t number;
    enum sts_status status;

    store->connection = postgres;
    if (!postgres)
        return STS_E_NOMEM;
    talloc_set_destructor(postgres, postgres_drop);
    status = store_postgres_reach(store, where, &postgres->conn);
    if (!status)
        status = execute(store, settings);
    if (!status && purpose == STORE_READ)
        status = execute(store, "SET default_transaction_read_only = on");
    if (!status)
        status = version(store, &number);
    if (!status && number == 0 && purpose == STORE_READ)
        status = db_fail(store, STORE_TROUBLE_ABSENT, NULL);
    return status;
}

const struct db_driver db_postgres = {
    .open = postgres_open,
    .execute = execute,
    .run = run,
    .version = version,
    .set_version = set_version,
    .begin = "BEGIN; SELECT pg_advisory_xact_lock(" KEEP_LOCK ")",
    .create = "CREATE SCHEMA IF NOT EXISTS mtasts",
    .migrations = migrations,
    .migration_count = sizeof migrations / sizeof *migrations,
};
