/* SPDX-License-Identifier: MIT */
/* accounts.h - the accounts of a running service: who is signed in, and changes.
 *
 * All in the loop's thread, and nothing there waits: the store and passwords are jobs.  Each start
 * gives a handle whose freeing cancels; what is being written is written all the same. */
#ifndef ACCOUNTS_ACCOUNTS_H
#define ACCOUNTS_ACCOUNTS_H

#include "accounts/account.h"

struct accounts;
struct accounts_handle;
struct loop;
struct store_readers;
struct store_writer;

struct accounts_setup {
    struct loop *loop;
    struct store_writer *writer;
    struct store_readers *readers;
    /* Where the secret of the first start is; NULL: nobody can claim the service. */
    const char *first_start;
    /* The store failed, and why; NULL. */
    void (*fault)(void *arg, const struct store_fault *fault);
    void *arg;
};

STS_MUST_USE enum sts_status accounts_new(TALLOC_CTX *ctx, const struct accounts_setup *setup,
                                          struct accounts **ret);

/* Of their callbacks. */
struct loop *accounts_loop(const struct accounts *accounts);
/* One more attempt from that address (attempts.h)? */
bool accounts_may_try(struct accounts *accounts, const char *address);
/* The secret of the first start; NULL: nobody can claim the service, or it was claimed. */
const char *accounts_first_start(const struct accounts *accounts);

/* ---- who is it? ------------------------------------------------------------------------------ */

struct accounts_who {
    const char *session, *token; /* as struct account_proof; both NULL: do not ask */
    const char *address;
    /* account: NULL, nobody; it is the handle's until it is taken.  status: what the store said. */
    void (*done)(void *arg, struct account *account, enum sts_status status);
    void *arg;
};
STS_MUST_USE enum sts_status accounts_who_start(TALLOC_CTX *ctx, struct accounts *accounts,
                                                const struct accounts_who *who,
                                                struct accounts_handle **ret);

/* ---- reading and changing -------------------------------------------------------------------- */

struct accounts_work {
    /* In a thread of its own, inside a batch for what writes; data as in store/writer.h. */
    enum sts_status (*work)(struct store *store, void *data);
    bool writes;
    void *data;
    void (*done)(void *arg, void *data, enum sts_status status);
    void *arg;
};
STS_MUST_USE enum sts_status accounts_work_start(TALLOC_CTX *ctx, struct accounts *accounts,
                                                 const struct accounts_work *work,
                                                 struct accounts_handle **ret);

/* A new hash of a password.  hash NULL: there is no room for it now, or what has to fit first did
 * not; then wrong is set. */
struct accounts_hash {
    const char *password;
    const char *before, *before_hash; /* NULL: nothing has to fit */
    void (*done)(void *arg, const char *hash, bool wrong);
    void *arg;
};
STS_MUST_USE enum sts_status accounts_hash_start(TALLOC_CTX *ctx, struct accounts *accounts,
                                                 const struct accounts_hash *hash, void **ret);
/* One more attempt at a password of this account: they count together with those to sign in. False:
 * too many, and *ret_wait_s says in how many seconds the next one may be made. */
bool accounts_may_guess(struct accounts *accounts, const char *name, const char *address,
                        int64_t *ret_wait_s);
void accounts_guessed_well(struct accounts *accounts, const char *name, const char *address);

#endif
