/* SPDX-License-Identifier: MIT */
/* rows.h - rows of a statement, seen to be of the kinds that are expected; private to store/. */
#ifndef STORE_ROWS_H
#define STORE_ROWS_H

#include "store/db.h"

struct rows_reader {
    /* A letter for each column: n number, N number or NULL, t text, T text or NULL, b blob,
     * B blob or NULL.  A file may say anything, also against its schema. */
    const char *kinds;
    db_row_fn each;
    void *arg;
    bool damaged; /* set by rows_run() */
};

STS_MUST_USE enum sts_status rows_run(struct store *store, enum db_statement statement,
                                      const struct db_value *args, size_t count,
                                      struct rows_reader *reader);

/* One statement that writes, as a batch or as part of the one that is open.  *ret_id: the number
 * that it returns, 0 where it touched no row; NULL: it returns none. */
STS_MUST_USE enum sts_status rows_write(struct store *store, enum db_statement statement,
                                        const struct db_value *args, size_t count, int64_t *ret_id);

/* The same: did it touch a row? */
STS_MUST_USE enum sts_status rows_change(struct store *store, enum db_statement statement,
                                         const struct db_value *args, size_t count, bool *ret_done);

/* A number that may be missing, as 0. */
struct db_value rows_number_or_null(int64_t number);

#endif
