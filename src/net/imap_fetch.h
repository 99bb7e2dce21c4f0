/* SPDX-License-Identifier: MIT */
/* imap_fetch.h - "(UID 7 RFC822.SIZE 120 BODY[] NIL)": the items of an answer to FETCH. */
#ifndef NET_IMAP_FETCH_H
#define NET_IMAP_FETCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

/* One message of an answer to FETCH. */
struct imap_mail {
    uint32_t uid;   /* 0: not told, so the server speaks of something else */
    int64_t size;   /* RFC822.SIZE; -1: not told */
    bool body;      /* BODY[] was in it: what came of it since the last one is this message's */
    bool too_large; /* a part of the body was dropped */
};

/* False: it is no list of items.  *ret_quoted: a body that came as a quoted string, with its
 * backslashes; length 0: none. */
bool imap_fetch_read(struct bytes items, struct imap_mail *ret, struct bytes *ret_quoted);

#endif
