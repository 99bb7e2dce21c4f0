/* SPDX-License-Identifier: MIT */
/* store_postgres_reach.c - the server of a URI, and what is said where it cannot be reached. */
#include "store/store_postgres_reach.h"

#include <string.h>

#include <libpq-fe.h>

#include "base/i18n.h"

#define CONNECT_S "10" /* a server that answers at all answers by then */

static void no_notice(void *arg, const char *message)
{
    (void)arg;
    (void)message;
}

/* Without user and password; a URI that cannot be read may hold one anywhere. */
static enum sts_status name_it(struct store *store, const PGconn *conn)
{
    const char *host = PQhost(conn), *database = PQdb(conn);

    store->name = talloc_asprintf(store, "postgresql://%s/%s", host && *host != '/' ? host : "",
                                  database ? database : "");
    return store->name ? STS_OK : STS_E_NOMEM;
}

/* Is it the server that is missing, and not a right or a database?  Of those the server tells, with
 * the word FATAL; where it said nothing, it may have come back meanwhile. */
static bool is_away(const PGconn *conn, const char *const *keys, const char *const *values)
{
    PGPing answer = PQpingParams(keys, values, 1);

    return answer == PQPING_REJECT || answer == PQPING_NO_RESPONSE ||
           (answer == PQPING_OK && !strstr(PQerrorMessage(conn), "FATAL"));
}

static enum sts_status reach(struct store *store, const char *where, PGconn **ret)
{
    /* A server that is cut off is lost within a minute, not within hours; the URI may say else. */
    const char *const keys[] = {"connect_timeout",  "keepalives_idle",  "keepalives_interval",
                                "keepalives_count", "tcp_user_timeout", "application_name",
                                "dbname",           "client_encoding",  NULL};
    const char *const values[] = {CONNECT_S, "30",  "10",   "3", "60000",
                                  "mtasts",  where, "UTF8", NULL};
    PGconn *conn = PQconnectdbParams(keys, values, 1);
    const char *encoding;
    enum sts_status status;

    *ret = conn;
    if (!conn)
        return STS_E_NOMEM;
    status = name_it(store, conn);
    if (status)
        return status;
    if (PQstatus(conn) != CONNECTION_OK)
        return db_fail(store,
                       is_away(conn, keys, values) ? STORE_TROUBLE_AWAY : STORE_TROUBLE_UNREACHABLE,
                       PQerrorMessage(conn));
    (void)PQsetNoticeProcessor(conn, no_notice, NULL);
    encoding = PQparameterStatus(conn, "server_encoding");
    if (!encoding || strcmp(encoding, "UTF8") != 0)
        return db_fail(store, STORE_TROUBLE_UNREACHABLE,
                       "its encoding is not UTF8: CREATE DATABASE ... ENCODING 'UTF8'");
    return STS_OK;
}

/* An error about a URI repeats it, password and all, so libpq is asked beforehand. */
static enum sts_status check_uri(struct store *store, const char *where)
{
    PQconninfoOption *options = PQconninfoParse(where, NULL);

    if (options) {
        PQconninfoFree(options);
        return STS_OK;
    }
    store->name = talloc_strdup(store, "postgresql://");
    return db_fail(store, STORE_TROUBLE_UNREACHABLE, N_("not a valid PostgreSQL URI"));
}

enum sts_status store_postgres_reach(struct store *store, const char *where, PGconn **ret)
{
    enum sts_status status = check_uri(store, where);

    return status ? status : reach(store, where, ret);
}
