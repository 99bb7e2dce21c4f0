/* SPDX-License-Identifier: MIT */
/* confirm.h - the owner of an address is asked by a mail with a link whether messages may be sent
 * there; until the page behind it was confirmed, nothing but such mails is.
 *
 * The store knows the hash of the word in the link. */
#ifndef ALERTS_CONFIRM_H
#define ALERTS_CONFIRM_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

#include "store/store.h"

/* What a message says that asks. */
struct confirm_question {
    const char *word;  /* NULL: there is nothing to ask any more */
    const char *asker; /* a user; NULL: unknown */
    const char *group_name;
    int64_t until;
};
struct store_channel;
/* Makes the word of a message to that channel, which takes the place of the one before; texts hang
 * on ctx.  There is none where the channel was confirmed meanwhile. */
STS_MUST_USE enum sts_status confirm_prepare(TALLOC_CTX *ctx, struct store *store,
                                             const struct store_channel *channel, int64_t now,
                                             struct confirm_question *ret);

/* The channel behind a word. */
struct confirmation {
    const char *word;
    const char *from; /* the address of whoever confirms; NULL */
    int64_t now;
    /* what came of it */
    int64_t id, group; /* id 0: the word is unknown, was used, or is too old */
    char *target, *group_name, *pace;
    int64_t hour;
    bool no_memory;
};
/* data is a struct confirmation, on which its texts hang.  The first only looks. */
STS_MUST_USE enum sts_status confirmation_read(struct store *store, void *data);
STS_MUST_USE enum sts_status confirmation_write(struct store *store, void *data);

#endif
