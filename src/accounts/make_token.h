/* SPDX-License-Identifier: MIT */
/* make_token.h - a token of the API made by whoever may write the store, without a browser. */
#ifndef ACCOUNTS_MAKE_TOKEN_H
#define ACCOUNTS_MAKE_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

struct store;

struct make_token_request {
    const char *user, *group; /* names */
    const char *purpose;
    unsigned scopes; /* enum token_scope */
    int64_t now, expires;
};

enum make_token_outcome {
    MAKE_TOKEN_DONE,
    MAKE_TOKEN_NO_USER,   /* or a disabled one */
    MAKE_TOKEN_NO_GROUP,  /* there is none of that name */
    MAKE_TOKEN_NO_MEMBER, /* the user has no role in it */
    MAKE_TOKEN_FULL       /* the user has as many as they may */
};

/* The token itself, owned by ctx, is stored nowhere.  STS_E_NOMEM also where there is no chance. */
STS_MUST_USE enum sts_status make_token(TALLOC_CTX *ctx, struct store *store,
                                        const struct make_token_request *request,
                                        enum make_token_outcome *ret_outcome, char **ret_token);

#endif
