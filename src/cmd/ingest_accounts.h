/* SPDX-License-Identifier: MIT */
/* ingest_accounts.h - ingest with --account: the reports of mailboxes, once or from now on. */
#ifndef CMD_INGEST_ACCOUNTS_H
#define CMD_INGEST_ACCOUNTS_H

#include "app/ingest.h"
#include "cmd/options.h"

/* ret: of all accounts; owned by ctx.  *ret_store is the store's name.  0 or an exit status; where
 * the result is to be shown all the same, ret->rejected is not NULL. */
int ingest_accounts(TALLOC_CTX *ctx, const struct options *options, struct ingested *ret,
                    const char **ret_store);

#endif
