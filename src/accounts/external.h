/* SPDX-License-Identifier: MIT */
/* external.h - somebody whom another provider vouches for: a proxy that signs people in, or OpenID
 * Connect.
 *
 * An account belongs to the provider's name and its subject, never to an email address, and never
 * to an account of ours that happens to have the same name.  Their groups are read at each sign-in
 * (role_map.h); the last administrator stays one, whatever they say. */
#ifndef ACCOUNTS_EXTERNAL_H
#define ACCOUNTS_EXTERNAL_H

#include "accounts/role_map.h"
#include "accounts/sign_in.h"

struct external_identity {
    const char *issuer, *subject;
    const char *name; /* what the account is to be called; where that is taken, something like it */
    const char *const *groups;
    size_t group_count;
};

struct external_request {
    struct external_identity identity;
    const struct role_map *map; /* NULL: roles are given here, and everybody may come in */
    const char *address, *agent;
    /* DONE; WRONG: the account is disabled; NO_ROLE: none of their groups means anything here */
    void (*done)(void *arg, const struct sign_in_result *result);
    void *arg;
};

struct external_run;
STS_MUST_USE enum sts_status external_sign_in_start(TALLOC_CTX *ctx, struct accounts *accounts,
                                                    const struct external_request *request,
                                                    struct external_run **ret);

#endif
