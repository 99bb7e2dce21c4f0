/* SPDX-License-Identifier: MIT */
/* db.h - what the verbs need of a database; private to store/.  Only the two drivers see SQL and
 * a database library.
 *
 * A driver prepares the statements of statements.def when they are first used.  Values go in and
 * rows come out as struct db_value, borrowed for the call. */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "store/store.h"

enum db_statement {
#define STATEMENT(symbol, sql) DB_##symbol,
#include "store/statements.def"
#undef STATEMENT
    DB_STATEMENTS
};

#define DB_ARGS_MAX    20
#define DB_COLUMNS_MAX 24

enum db_kind { DB_NULL, DB_NUMBER, DB_TEXT, DB_BLOB };

struct db_value {
    enum db_kind kind;
    int64_t number;
    struct bytes bytes; /* TEXT: a NUL follows, and none is inside */
};

struct db_value db_number(int64_t number);
struct db_value db_text(const char *text); /* NULL: DB_NULL */
struct db_value db_blob(const void *data, size_t length);
/* NULL for DB_NULL. */
const char *db_text_of(const struct db_value *value);

/* False: enough. */
typedef bool (*db_row_fn)(void *arg, const struct db_value *row);

struct db_driver {
    /* Sets store->name and store->connection; on failure the fault. */
    enum sts_status (*open)(struct store *store, const char *where, enum store_purpose purpose);
    /* Statements that yield no rows. */
    enum sts_status (*execute)(struct store *store, const char *sql);
    enum sts_status (*run)(struct store *store, enum db_statement statement,
                           const struct db_value *args, size_t count, db_row_fn fn, void *arg);
    /* 0: nothing is there yet. */
    enum sts_status (*version)(struct store *store, int64_t *ret);
    enum sts_status (*set_version)(struct store *store, int64_t version);
    const char *begin;             /* for a writer: nobody else writes until the end */
    const char *create;            /* the place of the tables, before the first; NULL: none */
    const char *const *migrations; /* [n] leads from version n to n + 1 */
    int64_t migration_count;
};

extern const struct db_driver db_sqlite, db_postgres;
/* How long a server may take for one statement before it counts as lost; 0: as long as ever.  For
 * tests, while no other thread uses a store. */
void db_postgres_wait(int64_t ms);

struct store {
    const struct db_driver *driver;
    enum store_purpose purpose;
    void *connection; /* the driver's; its destructor closes */
    char *name;
    bool made; /* it was empty when it was opened */
    bool in_batch;
    enum sts_status spoiled; /* what failed first inside the batch; STS_OK */
    struct store_fault fault;
    char *last_domain; /* the id of the domain used last, for batches about one domain */
    int64_t last_domain_id;
};

/* Write the fault down; the text is made printable and cut to its first line.  STS_E_IO; with
 * STORE_TROUBLE_REFUSED STS_E_REFUSED, to a writer. */
enum sts_status db_fail(struct store *store, enum store_trouble trouble, const char *detail);

/* NULL: no memory. */
struct store_fault *db_fault_copy(TALLOC_CTX *ctx, const struct store_fault *fault);

/* Bring the schema to the last version the driver knows.  Only a writer does: for a reader an empty
 * database is STORE_TROUBLE_ABSENT, an older one STORE_TROUBLE_OLDER. */
STS_MUST_USE enum sts_status db_migrate(struct store *store);

/* What was read is nothing that a store holds: STORE_TROUBLE_DAMAGED. */
enum sts_status db_damaged(struct store *store);

/* Run one statement; a failure spoils the batch. */
STS_MUST_USE enum sts_status db_run(struct store *store, enum db_statement statement,
                                    const struct db_value *args, size_t count, db_row_fn fn,
                                    void *arg);
/* The first column of the only row, a number; `otherwise` where there is no row. */
STS_MUST_USE enum sts_status db_run_number(struct store *store, enum db_statement statement,
                                           const struct db_value *args, size_t count,
                                           int64_t otherwise, int64_t *ret);

/* The number of a domain, new where it was not known.  In a batch only. */
STS_MUST_USE enum sts_status db_domain(struct store *store, const char *domain, int64_t *ret);

/* The text as it may be kept: itself, or printable where it is no UTF-8.  NULL stays. */
STS_MUST_USE enum sts_status db_fit(TALLOC_CTX *ctx, const char *text, const char **ret);

#endif
