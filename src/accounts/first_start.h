/* SPDX-License-Identifier: MIT */
/* first_start.h - who may become the first administrator: whoever can read what the service wrote
 * when it first began.
 *
 * A secret in a file that only its owner can read, until it is used.  Who comes first without it
 * gets nothing; of several who have it the store chooses one (store_claim()). */
#ifndef ACCOUNTS_FIRST_START_H
#define ACCOUNTS_FIRST_START_H

#include <stdbool.h>

#include <talloc.h>

#include <mtasts/status.h>

/* The secret of the file, made with mode 0600 where there is none; *ret_new: it was made.  Owned by
 * ctx.  STS_E_IO: the file cannot be read or made, and errno tells why. */
STS_MUST_USE enum sts_status first_start_secret(TALLOC_CTX *ctx, const char *path, char **ret,
                                                bool *ret_new);
bool first_start_is(const char *secret, const char *given);
/* It was used. */
void first_start_over(const char *path);

#endif
