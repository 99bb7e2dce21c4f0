/* SPDX-License-Identifier: MIT */
/* store_postgres_reach.h - a connection to the server of a URI; private to the driver. */
#ifndef STORE_STORE_POSTGRES_REACH_H
#define STORE_STORE_POSTGRES_REACH_H

#include "store/db.h"

struct pg_conn; /* libpq's PGconn */

/* Names the store.  ret: for PQfinish() of the caller, after a failure too; as it was where the URI
 * is none. */
STS_MUST_USE enum sts_status store_postgres_reach(struct store *store, const char *where,
                                                  struct pg_conn **ret);

#endif
