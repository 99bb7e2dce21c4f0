/* SPDX-License-Identifier: MIT */
/* mailboxes.h - how far the folders of each mailbox were read, and whose reports are taken. */
#ifndef STORE_MAILBOXES_H
#define STORE_MAILBOXES_H

#include "store/store.h"

/* Every message up to `uid` was dealt with.  A folder with another UIDVALIDITY is another one. */
struct store_folder_place {
    int64_t uidvalidity, uid;
};

/* folder: as the account's configuration names it. */
STS_MUST_USE enum sts_status store_put_folder_place(struct store *store, const char *account,
                                                    const char *folder,
                                                    struct store_folder_place place);
/* Zeros where it was never read. */
STS_MUST_USE enum sts_status store_folder_place(struct store *store, const char *account,
                                                const char *folder, struct store_folder_place *ret);

/* Is it one that was checked, or that a group owns? */
STS_MUST_USE enum sts_status store_knows_domain(struct store *store, const char *domain, bool *ret);

#endif
