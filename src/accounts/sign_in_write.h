/* SPDX-License-Identifier: MIT */
/* sign_in_write.h - a sign-in in the writer's thread: does it still hold, does the code fit, and
 * the session; private to accounts/. */
#ifndef ACCOUNTS_SIGN_IN_WRITE_H
#define ACCOUNTS_SIGN_IN_WRITE_H

#include "accounts/session_write.h"
#include "accounts/sign_in_outcome.h"

enum sign_in_kind { BY_PASSWORD, BY_CODE, BY_CLAIM };

struct sign_in_data {
    enum sign_in_kind kind;
    struct session_write session;
    char *fits; /* the hash that the password was held against; NULL: a claim */
    char *password_hash, *code;
    enum sign_in outcome;
};

/* For accounts_work_start() with writes set: data is a struct sign_in_data. */
STS_MUST_USE enum sts_status sign_in_write(struct store *store, void *data);
/* The same of one that failed: the log. */
STS_MUST_USE enum sts_status sign_in_write_failure(struct store *store, void *data);

#endif
