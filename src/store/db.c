/* SPDX-License-Identifier: MIT */
/* db.c - batches, migrations and values: what both databases share. */
#include "store/db.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

#define DETAIL_MAX 300 /* bytes of a database's sentence that are worth showing */

struct db_value db_number(int64_t number)
{
    return (struct db_value){.kind = DB_NUMBER, .number = number};
}

struct db_value db_text(const char *text)
{
    if (!text)
        return (struct db_value){.kind = DB_NULL};
    return (struct db_value){.kind = DB_TEXT, .bytes = bytes_of(text)};
}

struct db_value db_blob(const void *data, size_t length)
{
    return (struct db_value){.kind = DB_BLOB, .bytes = {data, length}};
}

const char *db_text_of(const struct db_value *value)
{
    return value->kind == DB_NULL ? NULL : value->bytes.data;
}

enum sts_status db_fail(struct store *store, enum store_trouble trouble, const char *detail)
{
    struct store_fault *fault = &store->fault;
    bool refused = trouble == STORE_TROUBLE_REFUSED && store->purpose == STORE_WRITE;

    TALLOC_FREE(fault->detail);
    fault->trouble = trouble == STORE_TROUBLE_REFUSED && !refused ? STORE_TROUBLE_OTHER : trouble;
    fault->store = store->name;
    if (detail)
        fault->detail = text_printable(store, detail, strcspn(detail, "\n"), DETAIL_MAX);
    return refused ? STS_E_REFUSED : STS_E_IO;
}

void store_take_fault(struct store *store, const struct store_fault *fault)
{
    (void)db_fail(store, fault->trouble, fault->detail);
}

struct store_fault *db_fault_copy(TALLOC_CTX *ctx, const struct store_fault *fault)
{
    struct store_fault *copy = talloc_zero(ctx, struct store_fault);

    if (!copy)
        return NULL;
    *copy = (struct store_fault){fault->trouble, talloc_strdup(copy, fault->store),
                                 talloc_strdup(copy, fault->detail)};
    return copy;
}

enum sts_status db_damaged(struct store *store)
{
    return db_fail(store, STORE_TROUBLE_DAMAGED, N_("a value is missing"));
}

enum sts_status db_fit(TALLOC_CTX *ctx, const char *text, const char **ret)
{
    size_t length = text ? strlen(text) : 0;

    *ret = text;
    if (length == 0 || text_is_utf8(text, length))
        return STS_OK;
    *ret = text_printable(ctx, text, length, 0);
    return *ret ? STS_OK : STS_E_NOMEM;
}

/* What came first is the reason; a server says of all that follows that something failed before. */
static void spoil(struct store *store, enum sts_status status)
{
    if (store->in_batch && !store->spoiled)
        store->spoiled = status;
}

/* Of a batch that is lost: whatever it was, the store has not taken it. */
static enum sts_status lost(const struct store *store)
{
    return store->spoiled == STS_E_REFUSED ? STS_E_REFUSED : STS_E_IO;
}

enum sts_status db_run(struct store *store, enum db_statement statement,
                       const struct db_value *args, size_t count, db_row_fn fn, void *arg)
{
    enum sts_status status = store->driver->run(store, statement, args, count, fn, arg);

    if (status)
        spoil(store, status);
    return status;
}

static bool take_number(void *arg, const struct db_value *row)
{
    int64_t *number = arg;

    *number = row->number;
    return false;
}

enum sts_status db_run_number(struct store *store, enum db_statement statement,
                              const struct db_value *args, size_t count, int64_t otherwise,
                              int64_t *ret)
{
    *ret = otherwise;
    return db_run(store, statement, args, count, take_number, ret);
}

/* ---- batches --------------------------------------------------------------------------------- */

/* A database that failed may have rolled back by itself, so a failure here means nothing; the fault
 * that is kept is the one that led here. */
static void undo(struct store *store)
{
    struct store_fault fault = store->fault;

    store->fault.detail = NULL;
    (void)store->driver->execute(store, "ROLLBACK");
    TALLOC_FREE(store->fault.detail);
    store->fault = fault;
}

enum sts_status store_begin(struct store *store)
{
    enum sts_status status;

    if (store->in_batch)
        return STS_E_INVALID;
    status = store->driver->execute(store, store->driver->begin);
    if (status) /* what begins in two steps may stand half begun */
        undo(store);
    store->in_batch = !status;
    store->spoiled = STS_OK;
    return status;
}

void store_rollback(struct store *store)
{
    if (!store->in_batch)
        return;
    store->in_batch = false;
    TALLOC_FREE(store->last_domain); /* its number may have been given in this batch */
    undo(store);
}

enum sts_status store_commit(struct store *store)
{
    enum sts_status status;

    if (!store->in_batch)
        return STS_E_INVALID;
    if (store->spoiled) {
        store_rollback(store);
        return lost(store);
    }
    status = store->driver->execute(store, "COMMIT");
    if (status)
        store_rollback(store);
    store->in_batch = false;
    return status;
}

enum sts_status store_batch(struct store *store,
                            enum sts_status (*write)(struct store *store, void *arg), void *arg)
{
    bool own = !store->in_batch;
    enum sts_status status;

    if (own) {
        status = store_begin(store);
        if (status)
            return status;
    } else if (store->spoiled) {
        return lost(store);
    }
    status = write(store, arg);
    if (status) /* half of it may have been written */
        spoil(store, status);
    if (!own)
        return status;
    if (!status)
        return store_commit(store);
    store_rollback(store);
    return status;
}

/* ---- domains --------------------------------------------------------------------------------- */

enum sts_status db_domain(struct store *store, const char *domain, int64_t *ret)
{
    struct db_value args[] = {db_text(domain)};
    enum sts_status status;

    if (store->last_domain && strcmp(store->last_domain, domain) == 0) {
        *ret = store->last_domain_id;
        return STS_OK;
    }
    status = db_run_number(store, DB_DOMAIN_ID, args, 1, -1, ret);
    if (!status && *ret < 0)
        status = db_run_number(store, DB_DOMAIN_ADD, args, 1, -1, ret);
    if (status)
        return status;
    TALLOC_FREE(store->last_domain);
    store->last_domain = talloc_strdup(store, domain); /* without memory it is looked up again */
    store->last_domain_id = *ret;
    return STS_OK;
}

/* ---- migrations ------------------------------------------------------------------------------ */

static enum sts_status other_version(struct store *store, enum store_trouble trouble,
                                     int64_t version)
{
    char detail[96];

    (void)snprintf(detail, sizeof detail, "schema %lld, this mtasts has %lld", (long long)version,
                   (long long)store->driver->migration_count);
    return db_fail(store, trouble, detail);
}

/* Inside a batch: whoever came first has migrated, whoever waited sees it. */
static enum sts_status migrate(struct store *store, void *arg)
{
    const struct db_driver *driver = store->driver;
    int64_t version;
    enum sts_status status = driver->version(store, &version);

    (void)arg;
    if (!status && version > driver->migration_count)
        return other_version(store, STORE_TROUBLE_NEWER, version);
    if (status || version == driver->migration_count)
        return status;
    if (version == 0 && driver->create)
        status = driver->execute(store, driver->create);
    for (int64_t i = version; !status && i < driver->migration_count; i++)
        status = driver->execute(store, driver->migrations[i]);
    return status ? status : driver->set_version(store, driver->migration_count);
}

enum sts_status db_migrate(struct store *store)
{
    int64_t version;
    enum sts_status status = store->driver->version(store, &version);

    if (status || version == store->driver->migration_count)
        return status;
    if (version > store->driver->migration_count)
        return other_version(store, STORE_TROUBLE_NEWER, version);
    store->made = !version;
    if (store->purpose == STORE_READ)
        return version ? other_version(store, STORE_TROUBLE_OLDER, version)
                       : db_fail(store, STORE_TROUBLE_ABSENT, NULL);
    return store_batch(store, migrate, NULL);
}
