/* SPDX-License-Identifier: MIT */
/* mail_accounts.h - the file of IMAP accounts: in the syntax of a configuration file, each section
 * an account. */
#ifndef CMD_MAIL_ACCOUNTS_H
#define CMD_MAIL_ACCOUNTS_H

#include <talloc.h>

#include "app/mailbox.h"
#include "cmd/options.h"

#define MAIL_ACCOUNTS_FILE "/etc/mtasts/accounts"

struct mail_accounts {
    const char *path; /* of the file */
    struct mailbox_account *accounts;
    size_t count;
};

/* The file's accounts that --account names.  0, or after a line on standard error EXIT_USAGE, or
 * EXIT_INTERNAL where the file cannot be read. */
int mail_accounts_read(TALLOC_CTX *ctx, const struct options *options, struct mail_accounts *ret);

#endif
