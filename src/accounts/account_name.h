/* SPDX-License-Identifier: MIT */
/* account_name.h - what users and groups may be called. */
#ifndef ACCOUNTS_ACCOUNT_NAME_H
#define ACCOUNTS_ACCOUNT_NAME_H

#include <talloc.h>

/* As it is stored: without blanks at both ends, and of a user in small letters, so that Ada and ada
 * are one.  NULL: nobody is called that (empty, too long, characters that cannot be seen), or no
 * memory. */
char *account_name_of_user(TALLOC_CTX *ctx, const char *typed);
char *account_name_of_group(TALLOC_CTX *ctx, const char *typed);

#endif
