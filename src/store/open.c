/* SPDX-License-Identifier: MIT */
/* open.c - where the store is, and what is wrong with it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/db.h"

const char *store_trouble_text(enum store_trouble trouble)
{
    static const char *const texts[] = {
#define X(symbol, text) [STORE_TROUBLE_##symbol] = (text),
        STORE_TROUBLES(X)
#undef X
    };

    return texts[trouble];
}

bool store_trouble_passes(enum store_trouble trouble)
{
    return trouble == STORE_TROUBLE_AWAY || trouble == STORE_TROUBLE_BUSY ||
           trouble == STORE_TROUBLE_LOST;
}

const struct store_fault *store_fault(const struct store *store)
{
    return &store->fault;
}

const char *store_name(const struct store *store)
{
    return store->name;
}

bool store_is_new(const struct store *store)
{
    return store->made;
}

/* The folder and those above it, for the owner only.  What is wrong shows when the file is made. */
static void make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(path, 0700) && errno != EEXIST) {
            *slash = '/';
            return;
        }
        *slash = '/';
    }
}

bool store_of_service_is_closed(void)
{
    return access(STORE_OF_SERVICE, R_OK) != 0 && errno == EACCES;
}

/* Whoever has no store and may use that of the service finds it without an option. */
static bool serves(const char *own, enum store_purpose purpose)
{
    return (!own || access(own, F_OK) != 0) &&
           access(STORE_OF_SERVICE, purpose == STORE_WRITE ? R_OK | W_OK : R_OK) == 0;
}

/* XDG Base Directory Specification: a relative path is to be ignored. */
static char *default_file(TALLOC_CTX *ctx, enum store_purpose purpose, bool *ret_no_place)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    bool has_state = state && *state == '/', has_home = home && *home == '/';
    char *path = NULL;

    *ret_no_place = false;
    if (has_state)
        path = talloc_asprintf(ctx, "%s/mtasts/mtasts.db", state);
    else if (has_home)
        path = talloc_asprintf(ctx, "%s/.local/state/mtasts/mtasts.db", home);
    if (!has_state && serves(path, purpose)) {
        talloc_free(path);
        return talloc_strdup(ctx, STORE_OF_SERVICE);
    }
    *ret_no_place = !has_state && !has_home;
    if (path && purpose == STORE_WRITE)
        make_folders(path);
    return path;
}

static bool is_postgres(const char *where)
{
    struct bytes text = bytes_of(where);

    return bytes_begin(text, "postgresql://") || bytes_begin(text, "postgres://");
}

char *store_file(TALLOC_CTX *ctx, const char *where, enum store_purpose purpose)
{
    bool no_place;

    if (!where)
        return default_file(ctx, purpose, &no_place);
    return is_postgres(where) ? NULL : talloc_strdup(ctx, where);
}

static enum sts_status default_path(struct store *store, enum store_purpose purpose,
                                    const char **ret)
{
    bool no_place;

    *ret = default_file(store, purpose, &no_place);
    if (no_place)
        return db_fail(store, STORE_TROUBLE_NO_PLACE, NULL);
    return *ret ? STS_OK : STS_E_NOMEM;
}

static enum sts_status open_and_migrate(struct store *store, const char *where,
                                        enum store_purpose purpose)
{
    enum sts_status status;

    if (!where) {
        status = default_path(store, purpose, &where);
        if (status)
            return status;
    }
    store->driver = is_postgres(where) ? &db_postgres : &db_sqlite;
    store->purpose = purpose;
    status = store->driver->open(store, where, purpose);
    return status ? status : db_migrate(store);
}

static int store_drop(struct store *store)
{
    store_rollback(store);
    TALLOC_FREE(store->connection);
    return 0;
}

enum sts_status store_open(TALLOC_CTX *ctx, const char *where, enum store_purpose purpose,
                           struct store **ret, struct store_fault **ret_fault)
{
    struct store *store;
    struct store_fault *fault;
    enum sts_status status;

    if (where && !*where)
        return STS_E_INVALID;
    store = talloc_zero(ctx, struct store);
    fault = talloc_zero(ctx, struct store_fault);
    if (!store || !fault) {
        talloc_free(store);
        talloc_free(fault);
        return STS_E_NOMEM;
    }
    talloc_set_destructor(store, store_drop);
    status = open_and_migrate(store, where, purpose);
    if (status) {
        *fault = store->fault;
        fault->store = talloc_steal(fault, store->name);
        fault->detail = talloc_steal(fault, store->fault.detail);
        *ret_fault = fault;
        talloc_free(store);
        return status == STS_E_REFUSED ? STS_E_IO : status; /* the store cannot be used */
    }
    talloc_free(fault);
    *ret = store;
    return STS_OK;
}
