/* SPDX-License-Identifier: MIT */
/* account.h - who somebody is to this service, and what that allows. */
#ifndef ACCOUNTS_ACCOUNT_H
#define ACCOUNTS_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "store/accounts.h"

struct account_role {
    int64_t group;
    const char *group_name;
    enum store_role role;
};

struct account {
    int64_t user;
    const char *name;
    const char *language; /* NULL: as the browser says */
    bool administrator;   /* of the service: ADMIN of all groups; never with a token */
    bool second_factor;
    int64_t session;        /* its number; 0: it came with a token of the API */
    int64_t token;          /* of the API, its number; 0: it came with a session */
    int64_t token_ends;     /* 0: never */
    const char *form_token; /* what its forms bring along; NULL without a session */
    unsigned scopes;        /* enum token_scope; with a session all of them */
    struct account_role *roles;
    size_t role_count; /* by the name of the group; with a token that of its group at most */
};

/* NONE: the group is none of theirs, and is not to be known to be there. */
enum store_role account_role_in(const struct account *account, int64_t group);
/* Are they so much in any group, or an administrator? */
bool account_is_anywhere(const struct account *account, enum store_role role);

/* What came with a request. */
struct account_proof {
    const char *session; /* of the cookie; NULL */
    const char *token;   /* of the API; NULL */
    const char *address;
    int64_t now;
};

/* *ret, owned by ctx, is NULL where it proves nothing: not known, over, disabled.  *ret_mark: that
 * it was used is to be written down by account_mark(). */
STS_MUST_USE enum sts_status account_find(struct store *store, TALLOC_CTX *ctx,
                                          const struct account_proof *proof, struct account **ret,
                                          int64_t *ret_mark);
/* mark: as account_find() gave it. */
STS_MUST_USE enum sts_status account_mark(struct store *store, const struct account_proof *proof,
                                          int64_t mark);

#endif
