/* SPDX-License-Identifier: MIT */
/* password.h - passwords hashed by crypt(3), on threads of their own.
 *
 * A hash takes as long as it is meant to, so it is a job; two at a time, and so many wait at most.
 * Whether there is a user of that name cannot be told from the time: without a hash one is made up
 * that no password fits. */
#ifndef ACCOUNTS_PASSWORD_H
#define ACCOUNTS_PASSWORD_H

#include <stdbool.h>

#include <talloc.h>

#include <mtasts/status.h>

struct jobs_handle;
struct loop;
struct passwords;

/* As crypt(5) has it, owned by ctx; NULL: no memory.  It takes its time. */
char *password_hash(TALLOC_CTX *ctx, const char *password);
/* Likewise.  hash NULL: nobody's, so false. */
bool password_matches(const char *password, const char *hash);
/* Made by another method, or cheaper than it would be today. */
bool password_is_old(const char *hash);

enum password_fault { PASSWORD_GOOD, PASSWORD_SHORT, PASSWORD_LONG };
/* May it be somebody's? */
enum password_fault password_judge(const char *password);

STS_MUST_USE enum sts_status passwords_new(TALLOC_CTX *ctx, struct loop *loop,
                                           struct passwords **ret);

struct password_result {
    enum sts_status status;
    bool matches;
    char *hash; /* a new one is to be stored; owned by the result; NULL: none */
};

struct password_request {
    const char *password;
    bool make;        /* a hash of it, without a look at another */
    const char *hash; /* NULL: there is no such user, or one without a password */
    void (*done)(void *arg, struct password_result *result);
    void *arg;
};

/* STS_E_LIMIT: too many wait.  Freeing the handle cancels. */
STS_MUST_USE enum sts_status password_start(TALLOC_CTX *ctx, struct passwords *passwords,
                                            const struct password_request *request,
                                            struct jobs_handle **ret);

#endif
