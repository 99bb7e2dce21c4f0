/* SPDX-License-Identifier: MIT */
/* make_admin.h - an administrator made by whoever may write the store: at the beginning, and where
 * nobody can sign in any more. */
#ifndef ACCOUNTS_MAKE_ADMIN_H
#define ACCOUNTS_MAKE_ADMIN_H

#include <stdbool.h>
#include <stdint.h>

#include <mtasts/status.h>

struct store;

/* name: as account_name_of_user() gave it; hash: of the password.  *ret_new: false, there was a
 * user of that name, who is an administrator now and has this password, and no second factor. */
STS_MUST_USE enum sts_status make_admin(struct store *store, const char *name, const char *hash,
                                        int64_t now, bool *ret_new);

#endif
