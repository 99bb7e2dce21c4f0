/* SPDX-License-Identifier: MIT */
/* sign_in.h - from a name and a password, and a code where one is asked for, to a session.
 *
 * What is wrong is not told: a name that nobody has takes as long and gets the same answer. */
#ifndef ACCOUNTS_SIGN_IN_H
#define ACCOUNTS_SIGN_IN_H

#include "accounts/accounts.h"
#include "accounts/sign_in_outcome.h"

struct sign_in_run;

struct sign_in_result {
    enum sign_in outcome;
    const char *secret; /* DONE: the session's; CODE: what brings the code to this sign-in */
    int64_t wait_s;     /* LATER: then it may be tried again */
    int64_t user;
};

struct sign_in_request {
    const char *name, *password; /* as typed */
    const char *ticket, *code;   /* or this: of CODE, and of the app, or a recovery code */
    const char *claim;           /* or, with name and password: the secret of the first start */
    const char *address, *agent;
    void (*done)(void *arg, const struct sign_in_result *result);
    void *arg;
};
STS_MUST_USE enum sts_status sign_in_start(TALLOC_CTX *ctx, struct accounts *accounts,
                                           const struct sign_in_request *request,
                                           struct sign_in_run **ret);

#endif
