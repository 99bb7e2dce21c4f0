/* SPDX-License-Identifier: MIT */
/* add_token.h - a new token of the API, within one ceiling, however it comes. */
#ifndef ACCOUNTS_ADD_TOKEN_H
#define ACCOUNTS_ADD_TOKEN_H

#include "store/accounts.h"

enum token_added {
    TOKEN_ADDED,
    TOKEN_TAKEN,    /* the label is another's */
    TOKEN_NO_MAKER, /* the one that makes it was revoked meanwhile */
    TOKEN_TOO_MANY  /* the user has as many as they may */
};

/* *ret_id: of what was added. */
STS_MUST_USE enum sts_status add_token(struct store *store, const struct store_token *token,
                                       enum token_added *ret, int64_t *ret_id);

#endif
