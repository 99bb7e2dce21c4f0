/* SPDX-License-Identifier: MIT */
/* accounts.c - the store and passwords, as jobs whose handle belongs to whoever asks. */
#include "accounts/accounts.h"

#include "accounts/accounts_parts.h"
#include "accounts/attempts.h"
#include "accounts/first_start.h"
#include "accounts/password.h"
#include "base/clock.h"
#include "event/jobs.h"
#include "store/readers.h"
#include "store/writer.h"

static enum sts_status take_first_start(struct accounts *accounts)
{
    bool is_new;

    TAILQ_INIT(&accounts->tickets);
    if (!accounts->setup.first_start)
        return STS_OK;
    return first_start_secret(accounts, accounts->setup.first_start, &accounts->first_start,
                              &is_new);
}

enum sts_status accounts_new(TALLOC_CTX *ctx, const struct accounts_setup *setup,
                             struct accounts **ret)
{
    struct accounts *accounts = talloc_zero(ctx, struct accounts);
    enum sts_status status = STS_E_NOMEM;

    if (!accounts)
        return STS_E_NOMEM;
    accounts->setup = *setup;
    accounts->attempts = attempts_new(accounts);
    if (accounts->attempts)
        status = passwords_new(accounts, setup->loop, &accounts->passwords);
    if (!status)
        status = take_first_start(accounts);
    if (status)
        talloc_free(accounts);
    else
        *ret = accounts;
    return status;
}

struct loop *accounts_loop(const struct accounts *accounts)
{
    return accounts->setup.loop;
}

bool accounts_may_try(struct accounts *accounts, const char *address)
{
    int64_t wait_s;

    return attempts_try(accounts->attempts, &(struct attempt_of){.address = address},
                        clock_monotonic_ms(), &wait_s);
}

const char *accounts_first_start(const struct accounts *accounts)
{
    return accounts->first_start;
}

/* ---- work ------------------------------------------------------------------------------------ */

/* What the writer was given; it outlives the handle where that is freed. */
struct writing {
    struct accounts *accounts;
    struct accounts_handle *handle; /* NULL: nobody wants to know */
};

struct accounts_handle {
    struct accounts *accounts;
    struct accounts_work work;
    struct writing *writing;
};

static int handle_drop(struct accounts_handle *handle)
{
    if (handle->writing)
        handle->writing->handle = NULL;
    return 0;
}

static void say_fault(const struct accounts *accounts, const struct store_fault *fault)
{
    if (fault && accounts->setup.fault)
        accounts->setup.fault(accounts->setup.arg, fault);
}

static void on_read(void *arg, void *data, enum sts_status status, const struct store_fault *fault)
{
    const struct accounts_handle *handle = arg;

    say_fault(handle->accounts, fault);
    handle->work.done(handle->work.arg, data, status);
}

static void on_written(void *arg, void *data, enum sts_status status,
                       const struct store_fault *fault)
{
    struct writing *writing = arg;
    struct accounts_handle *handle = writing->handle;

    say_fault(writing->accounts, fault);
    if (handle)
        handle->writing = NULL;
    talloc_free(writing);
    if (handle)
        handle->work.done(handle->work.arg, data, status);
}

static enum sts_status start_reading(struct accounts_handle *handle, struct accounts *accounts)
{
    const struct store_read_request request = {handle->work.work, on_read, handle->work.data,
                                               handle};
    struct jobs_handle *job;

    return store_read_start(handle, accounts->setup.readers, &request, &job);
}

static enum sts_status start_writing(struct accounts_handle *handle, struct accounts *accounts)
{
    struct store_writer_request request = {
        .write = handle->work.work, .done = on_written, .data = handle->work.data};
    enum sts_status status;

    handle->writing = talloc_zero(accounts, struct writing);
    if (!handle->writing)
        return STS_E_NOMEM;
    handle->writing->handle = handle;
    handle->writing->accounts = accounts;
    request.arg = handle->writing;
    status = store_writer_put(accounts->setup.writer, &request);
    if (status)
        TALLOC_FREE(handle->writing);
    return status;
}

enum sts_status accounts_work_start(TALLOC_CTX *ctx, struct accounts *accounts,
                                    const struct accounts_work *work, struct accounts_handle **ret)
{
    struct accounts_handle *handle = talloc_zero(ctx, struct accounts_handle);
    enum sts_status status;

    if (!handle)
        return STS_E_NOMEM;
    handle->work = *work;
    handle->accounts = accounts;
    talloc_set_destructor(handle, handle_drop);
    status = work->writes ? start_writing(handle, accounts) : start_reading(handle, accounts);
    if (status)
        talloc_free(handle);
    else
        *ret = handle;
    return status;
}

/* ---- who is it? ------------------------------------------------------------------------------ */

struct asking {
    struct account_proof proof;
    struct account *account;
    int64_t mark;
};

/* What belongs to the handle and stays in the loop. */
struct asked {
    struct accounts *accounts;
    void (*done)(void *arg, struct account *account, enum sts_status status);
    void *arg;
};

static bool copy(TALLOC_CTX *ctx, const char **text)
{
    if (!*text)
        return true;
    *text = talloc_strdup(ctx, *text);
    return *text != NULL;
}

static struct asking *asking_new(const struct account_proof *proof)
{
    struct asking *asking = talloc_zero(NULL, struct asking);

    if (!asking)
        return NULL;
    asking->proof = *proof;
    if (copy(asking, &asking->proof.session) && copy(asking, &asking->proof.token) &&
        copy(asking, &asking->proof.address))
        return asking;
    talloc_free(asking);
    return NULL;
}

static enum sts_status find_account(struct store *store, void *data)
{
    struct asking *asking = data;

    return account_find(store, asking, &asking->proof, &asking->account, &asking->mark);
}

static enum sts_status write_mark(struct store *store, void *data)
{
    const struct asking *asking = data;

    return account_mark(store, &asking->proof, asking->mark);
}

static void on_marked(void *arg, void *data, enum sts_status status,
                      const struct store_fault *fault)
{
    (void)arg;
    (void)data;
    (void)status;
    (void)fault;
}

/* That a session is in use is written when there is time, and nobody waits for it. */
static void mark(struct accounts *accounts, const struct asking *asking)
{
    struct asking *again = asking->mark ? asking_new(&asking->proof) : NULL;
    const struct store_writer_request request = {
        .write = write_mark, .done = on_marked, .data = again};

    if (!again)
        return;
    again->mark = asking->mark;
    if (store_writer_put(accounts->setup.writer, &request))
        talloc_free(again);
}

static void on_found(void *arg, void *data, enum sts_status status)
{
    const struct asked *asked = arg;
    struct asking *asking = data;

    if (!status && asking->account)
        mark(asked->accounts, asking);
    asked->done(asked->arg, status ? NULL : asking->account, status);
}

enum sts_status accounts_who_start(TALLOC_CTX *ctx, struct accounts *accounts,
                                   const struct accounts_who *who, struct accounts_handle **ret)
{
    const struct account_proof proof = {who->session, who->token, who->address, clock_now()};
    struct asked *asked = talloc_zero(ctx, struct asked);
    struct asking *asking = asking_new(&proof);
    struct accounts_work work = {
        .work = find_account, .data = asking, .done = on_found, .arg = asked};
    enum sts_status status = STS_E_NOMEM;

    if (asked && asking) {
        *asked = (struct asked){accounts, who->done, who->arg};
        status = accounts_work_start(ctx, accounts, &work, ret);
    }
    if (status) {
        talloc_free(asking);
        talloc_free(asked);
        return status;
    }
    (void)talloc_steal(*ret, asked);
    return STS_OK;
}

/* ---- attempts -------------------------------------------------------------------------------- */

bool accounts_may_guess(struct accounts *accounts, const char *name, const char *address,
                        int64_t *ret_wait_s)
{
    return attempts_try(accounts->attempts, &(struct attempt_of){name, address, false},
                        clock_monotonic_ms(), ret_wait_s);
}

void accounts_guessed_well(struct accounts *accounts, const char *name, const char *address)
{
    attempts_forget(accounts->attempts, name, address);
}

/* ---- a new hash ------------------------------------------------------------------------------ */

struct hash_run {
    struct accounts *accounts;
    char *password;
    void (*done)(void *arg, const char *hash, bool wrong);
    void *arg;
    struct jobs_handle *job;
};

static void on_made(void *arg, struct password_result *result)
{
    const struct hash_run *run = arg;

    run->done(run->arg, result->hash, false);
}

static void on_before(void *arg, struct password_result *result)
{
    struct hash_run *run = arg;
    const struct password_request request = {
        .password = run->password, .make = true, .done = on_made, .arg = run};

    if (!result->matches)
        run->done(run->arg, NULL, true);
    else if (password_start(run, run->accounts->passwords, &request, &run->job))
        run->done(run->arg, NULL, false);
}

enum sts_status accounts_hash_start(TALLOC_CTX *ctx, struct accounts *accounts,
                                    const struct accounts_hash *hash, void **ret)
{
    struct hash_run *run = talloc_zero(ctx, struct hash_run);
    struct password_request request = {
        .password = hash->password, .make = true, .done = on_made, .arg = run};
    enum sts_status status = STS_E_NOMEM;

    if (!run)
        return STS_E_NOMEM;
    *run = (struct hash_run){.accounts = accounts, .done = hash->done, .arg = hash->arg};
    run->password = talloc_strdup(run, hash->password);
    if (hash->before) {
        request.password = hash->before;
        request.hash = hash->before_hash;
        request.make = false;
        request.done = on_before;
    }
    if (run->password)
        status = password_start(run, accounts->passwords, &request, &run->job);
    if (status)
        talloc_free(run);
    else
        *ret = run;
    return status;
}
