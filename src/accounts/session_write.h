/* SPDX-License-Identifier: MIT */
/* session_write.h - a session that begins, in the writer's thread; private to accounts/. */
#ifndef ACCOUNTS_SESSION_WRITE_H
#define ACCOUNTS_SESSION_WRITE_H

#include <stdint.h>

#include <mtasts/status.h>

#include "accounts/change.h"
#include "accounts/crypto.h"

struct session_write {
    int64_t user, now;
    const char *name, *address, *agent;
    uint8_t hash[CRYPTO_SHA256_SIZE]; /* of its secret */
};

/* With the log.  Sessions that are over go. */
STS_MUST_USE enum sts_status session_write(struct store *store,
                                           const struct session_write *session);
/* An entry of the log. */
STS_MUST_USE enum sts_status session_note(struct store *store, const struct session_write *session,
                                          enum account_action action);

#endif
