/* SPDX-License-Identifier: MIT */
/* sqlite_file.h - the file of a store before SQLite opens it; private to store/. */
#ifndef STORE_SQLITE_FILE_H
#define STORE_SQLITE_FILE_H

#include "store/db.h"

/* Makes it, for nobody but its owner, or says why it is not there. */
STS_MUST_USE enum sts_status sqlite_file_find(struct store *store, const char *path,
                                              enum store_purpose purpose);
/* "file:PATH?immutable=1".  Owned by ctx; NULL: no memory. */
char *sqlite_file_uri_at_rest(TALLOC_CTX *ctx, const char *path);

#endif
