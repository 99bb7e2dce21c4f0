/* SPDX-License-Identifier: MIT */
/* store_sqlite.c - the store as one file.
 *
 * journal_mode=WAL: readers never wait for the writer.  synchronous=FULL, not NORMAL: with NORMAL
 * a power cut may take back the last batches that were called kept, and whoever has fed a mailbox
 * to `ingest` may have emptied it since.  The price is one flush a batch.
 *
 * A reader makes nothing and changes nothing; without the right to write it goes the ways of
 * unwritable.h. */
#include "store/db.h"
#include "store/sqlite_file.h"
#include "store/unwritable.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/i18n.h"

#define APPLICATION_ID     "1297372243" /* "MTAS"; marks the file as ours (file(1) reads it too) */
#define APPLICATION_NUMBER 1297372243

#define ID                       "INTEGER PRIMARY KEY"
#define BLOB                     "BLOB"
#define EITHER(sqlite, postgres) sqlite

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

struct prepared {
    sqlite3_stmt *statement;           /* NULL: not yet */
    unsigned char places[DB_ARGS_MAX]; /* of $1, $2 ...; SQLite numbers them as they come */
};

struct sqlite {
    sqlite3 *db;
    struct prepared prepared[DB_STATEMENTS];
    bool at_rest; /* read as a file that does not change */
    struct stat resting;
};

/* ---- faults ---------------------------------------------------------------------------------- */

static const struct {
    int code; /* primary result code, or errno below */
    enum store_trouble trouble;
} by_result[] =
    {
        {SQLITE_FULL, STORE_TROUBLE_FULL},
        {SQLITE_READONLY, STORE_TROUBLE_READ_ONLY},
        {SQLITE_CORRUPT, STORE_TROUBLE_DAMAGED},
        {SQLITE_NOTADB, STORE_TROUBLE_DAMAGED},
        {SQLITE_BUSY, STORE_TROUBLE_BUSY},
        {SQLITE_LOCKED, STORE_TROUBLE_BUSY},
        {SQLITE_CANTOPEN, STORE_TROUBLE_UNREACHABLE},
        {SQLITE_PERM, STORE_TROUBLE_UNREACHABLE},
        {SQLITE_AUTH, STORE_TROUBLE_UNREACHABLE},
        {SQLITE_CONSTRAINT, STORE_TROUBLE_REFUSED},
        {SQLITE_MISMATCH, STORE_TROUBLE_REFUSED},
        {SQLITE_TOOBIG, STORE_TROUBLE_REFUSED},
},
  by_errno[] = {
      {ENOSPC, STORE_TROUBLE_FULL},
      {EDQUOT, STORE_TROUBLE_FULL},
      {EFBIG, STORE_TROUBLE_FULL},
      {EROFS, STORE_TROUBLE_READ_ONLY},
};

static enum store_trouble trouble_of(int code, int number)
{
    if (code == SQLITE_IOERR || code == SQLITE_CANTOPEN)
        for (size_t i = 0; i < sizeof by_errno / sizeof *by_errno; i++)
            if (by_errno[i].code == number)
                return by_errno[i].trouble;
    for (size_t i = 0; i < sizeof by_result / sizeof *by_result; i++)
        if (by_result[i].code == code)
            return by_result[i].trouble;
    return STORE_TROUBLE_OTHER;
}

/* The handle knows what went wrong last.  It forgets the system's error where it was a commit that
 * failed; then errno still has it. */
static enum sts_status fail(struct store *store)
{
    struct sqlite *sqlite = store->connection;
    int just_now = errno, code = sqlite3_errcode(sqlite->db) & 0xff;
    int known = sqlite3_system_errno(sqlite->db), number = known ? known : just_now;
    bool system = (code == SQLITE_IOERR || code == SQLITE_CANTOPEN) && number != 0;
    char detail[256];

    if (code == SQLITE_NOMEM)
        return STS_E_NOMEM;
    (void)snprintf(detail, sizeof detail, "%s%s%s", sqlite3_errmsg(sqlite->db), system ? ": " : "",
                   system ? strerror(number) : "");
    return db_fail(store, trouble_of(code, number), detail);
}

/* ---- running --------------------------------------------------------------------------------- */

static enum sts_status execute(struct store *store, const char *sql)
{
    struct sqlite *sqlite = store->connection;

    return sqlite3_exec(sqlite->db, sql, NULL, NULL, NULL) ? fail(store) : STS_OK;
}

static int prepare(struct sqlite *sqlite, enum db_statement which)
{
    struct prepared *prepared = &sqlite->prepared[which];
    int result = sqlite3_prepare_v3(sqlite->db, statements[which], -1, SQLITE_PREPARE_PERSISTENT,
                                    &prepared->statement, NULL);

    for (size_t i = 0; !result && i < DB_ARGS_MAX; i++) {
        char name[24];

        (void)snprintf(name, sizeof name, "$%zu", i + 1);
        prepared->places[i] =
            (unsigned char)sqlite3_bind_parameter_index(prepared->statement, name);
    }
    return result;
}

static int bind(sqlite3_stmt *statement, int at, const struct db_value *value)
{
    switch (value->kind) {
    case DB_NUMBER:
        return sqlite3_bind_int64(statement, at, value->number);
    case DB_TEXT:
        return sqlite3_bind_text64(statement, at, value->bytes.data, value->bytes.length,
                                   SQLITE_STATIC, SQLITE_UTF8);
    case DB_BLOB: /* without an address it would be NULL */
        return sqlite3_bind_blob64(statement, at, value->bytes.data ? value->bytes.data : "",
                                   value->bytes.length, SQLITE_STATIC);
    case DB_NULL:
        break;
    }
    return sqlite3_bind_null(statement, at);
}

static struct db_value column(sqlite3_stmt *statement, int at)
{
    switch (sqlite3_column_type(statement, at)) {
    case SQLITE_INTEGER:
        return db_number(sqlite3_column_int64(statement, at));
    case SQLITE_TEXT:
        return db_text((const char *)sqlite3_column_text(statement, at));
    case SQLITE_BLOB: {
        const void *data = sqlite3_column_blob(statement, at);

        return db_blob(data, (size_t)sqlite3_column_bytes(statement, at));
    }
    default:
        return (struct db_value){.kind = DB_NULL};
    }
}

/* What was read while somebody wrote, errors included, counts for nothing. */
static enum sts_status check_rest(struct store *store, enum sts_status status)
{
    const struct sqlite *sqlite = store->connection;

    if (!sqlite->at_rest || unwritable_still_is(store->name, &sqlite->resting))
        return status;
    return db_fail(store, STORE_TROUBLE_BUSY, N_("it was written to while being read"));
}

static int step_all(sqlite3_stmt *statement, db_row_fn fn, void *arg)
{
    struct db_value row[DB_COLUMNS_MAX];
    int columns = sqlite3_column_count(statement), result;

    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        for (int i = 0; i < columns && i < DB_COLUMNS_MAX; i++)
            row[i] = column(statement, i);
        if (fn && !fn(arg, row))
            return SQLITE_OK;
    }
    return result == SQLITE_DONE ? SQLITE_OK : result;
}

static enum sts_status run(struct store *store, enum db_statement which,
                           const struct db_value *args, size_t count, db_row_fn fn, void *arg)
{
    struct sqlite *sqlite = store->connection;
    struct prepared *prepared = &sqlite->prepared[which];
    enum sts_status status = STS_OK;
    int result = SQLITE_OK;

    if (!prepared->statement && prepare(sqlite, which))
        return fail(store);
    for (size_t i = 0; !result && i < count; i++)
        result = bind(prepared->statement, prepared->places[i], &args[i]);
    if (!result)
        result = step_all(prepared->statement, fn, arg);
    if (result) /* before the reset, which would tell the same again at best */
        status = fail(store);
    (void)sqlite3_reset(prepared->statement);
    (void)sqlite3_clear_bindings(prepared->statement);
    return check_rest(store, status);
}

/* A PRAGMA that gives one number. */
static enum sts_status ask(struct store *store, const char *sql, int64_t *ret)
{
    struct sqlite *sqlite = store->connection;
    sqlite3_stmt *statement = NULL;
    enum sts_status status = STS_OK;

    if (sqlite3_prepare_v2(sqlite->db, sql, -1, &statement, NULL))
        return fail(store);
    if (sqlite3_step(statement) == SQLITE_ROW)
        *ret = sqlite3_column_int64(statement, 0);
    else
        status = fail(store);
    (void)sqlite3_finalize(statement);
    return status;
}

/* ---- opening --------------------------------------------------------------------------------- */

static int sqlite_drop(struct sqlite *sqlite)
{
    for (size_t i = 0; i < DB_STATEMENTS; i++)
        (void)sqlite3_finalize(sqlite->prepared[i].statement);
    (void)sqlite3_close(sqlite->db);
    return 0;
}

/* An empty file becomes ours; another program's is left alone.  The mark comes with the tables, so
 * it is asked for after them: another of us may just be making both. */
static enum sts_status recognise(struct store *store)
{
    int64_t id = 0, tables = 0;
    enum sts_status status = ask(store, "SELECT count(*) FROM sqlite_schema", &tables);

    if (!status)
        status = ask(store, "PRAGMA application_id", &id);
    if (status || id == APPLICATION_NUMBER || (!id && !tables))
        return status;
    return db_fail(store, STORE_TROUBLE_FOREIGN, NULL);
}

/* `WAL` is written in the file and holds from then on; changing to it takes a lock that may be
 * held, and whoever holds it is making the same change, so a busy answer is not waited for here:
 * db_migrate() waits, and the next opening finds it done. */
static enum sts_status settle(struct store *store)
{
    static const char *const settings[] = {
        "PRAGMA foreign_keys=ON", "PRAGMA trusted_schema=OFF", "PRAGMA synchronous=FULL",
        "PRAGMA cell_size_check=ON", /* damage is to be found before it is followed */
    };
    struct sqlite *sqlite = store->connection;
    enum sts_status status = recognise(store);

    for (size_t i = 0; !status && i < sizeof settings / sizeof *settings; i++)
        status = execute(store, settings[i]);
    if (!status && store->purpose == STORE_READ)
        return execute(store, "PRAGMA query_only=ON");
    if (!status) /* indexes of hashes are written all over */
        status = execute(store, "PRAGMA cache_size=-16384;PRAGMA wal_autocheckpoint=4000");
    if (!status && !sqlite3_db_readonly(sqlite->db, "main") &&
        sqlite3_exec(sqlite->db, "PRAGMA journal_mode=WAL", NULL, NULL, NULL) &&
        (sqlite3_errcode(sqlite->db) & 0xff) != SQLITE_BUSY)
        status = fail(store);
    return status;
}

/* Pages are given up for others before more are taken. */
void store_bound_memory(int64_t bytes)
{
    (void)sqlite3_soft_heap_limit64(bytes);
}

/* A log is made beside the store, and where that cannot be made SQLite only says that something
 * could not be opened. */
static enum sts_status explain(struct store *store, const char *path, enum sts_status status)
{
    const struct sqlite *sqlite = store->connection;
    int error = sqlite3_system_errno(sqlite->db);
    const char *slash = strrchr(path, '/');
    char *folder;

    if (status != STS_E_IO || store->fault.trouble != STORE_TROUBLE_UNREACHABLE ||
        error == EMFILE || error == ENFILE)
        return status;
    if (store->purpose == STORE_READ)
        return access(path, R_OK) ? db_fail(store, STORE_TROUBLE_UNREACHABLE, strerror(errno))
                                  : db_fail(store, STORE_TROUBLE_UNREACHABLE,
                                            "its -wal and -shm files must be readable as well");
    folder =
        slash ? talloc_strndup(store, path, (size_t)(slash - path) + 1) : talloc_strdup(store, ".");
    if (folder && access(folder, W_OK) && (errno == EROFS || errno == EACCES))
        status = db_fail(store, STORE_TROUBLE_READ_ONLY, strerror(errno));
    talloc_free(folder);
    return status;
}

static enum sts_status open_file(struct store *store, const char *path)
{
    struct sqlite *sqlite = store->connection;
    bool readable_only = store->purpose == STORE_READ && unwritable_is(path);
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                (readable_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
    /* To SQLite ":memory:" is a store that this connection alone has. */
    const char *name = *path == ':' ? talloc_asprintf(sqlite, "./%s", path) : path;

    if (!name)
        return STS_E_NOMEM;
    sqlite->at_rest = readable_only && unwritable_is_at_rest(path, &sqlite->resting);
    if (sqlite->at_rest) {
        flags |= SQLITE_OPEN_URI;
        name = sqlite_file_uri_at_rest(sqlite, path);
        if (!name)
            return STS_E_NOMEM;
    }
    if (sqlite3_open_v2(name, &sqlite->db, flags, NULL))
        return sqlite->db ? explain(store, path, fail(store)) : STS_E_NOMEM;
    return STS_OK;
}

static enum sts_status sqlite_open(struct store *store, const char *where,
                                   enum store_purpose purpose)
{
    struct sqlite *sqlite = talloc_zero(store, struct sqlite);
    enum sts_status status;

    store->connection = sqlite;
    store->name = talloc_strdup(store, where);
    if (!sqlite || !store->name)
        return STS_E_NOMEM;
    talloc_set_destructor(sqlite, sqlite_drop);
    status = sqlite_file_find(store, where, purpose);
    if (!status)
        status = open_file(store, where);
    if (status)
        return status;
    (void)sqlite3_busy_timeout(sqlite->db, STORE_WAIT_S * 1000);
    (void)sqlite3_db_config(sqlite->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    return explain(store, where, settle(store));
}

static enum sts_status version(struct store *store, int64_t *ret)
{
    return ask(store, "PRAGMA user_version", ret);
}

static enum sts_status set_version(struct store *store, int64_t number)
{
    char sql[128];

    (void)snprintf(sql, sizeof sql,
                   "PRAGMA application_id=" APPLICATION_ID ";PRAGMA user_version=%lld",
                   (long long)number);
    return execute(store, sql);
}

const struct db_driver db_sqlite = {
    .open = sqlite_open,
    .execute = execute,
    .run = run,
    .version = version,
    .set_version = set_version,
    .begin = "BEGIN IMMEDIATE",
    .migrations = migrations,
    .migration_count = sizeof migrations / sizeof *migrations,
};
