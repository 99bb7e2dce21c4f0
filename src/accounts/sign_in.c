/* SPDX-License-Identifier: MIT */
/* sign_in.c - one step after the other, each in the thread it belongs to:
 *
 *   password    who is it? (a reader) - does the password fit? (passwords) - a session (the
 * writer), or a ticket where a second factor is on code        of a ticket: does it fit, and a
 * session (the writer, so that a code counts once) claim       the secret of the first start - a
 * hash (passwords) - an administrator, if there is none yet, and a session (the writer) */
#include "accounts/sign_in.h"

#include <string.h>

#include "accounts/account_name.h"
#include "accounts/accounts_parts.h"
#include "accounts/attempts.h"
#include "accounts/change.h"
#include "accounts/first_start.h"
#include "accounts/limits.h"
#include "accounts/password.h"
#include "accounts/session_write.h"
#include "accounts/token.h"
#include "accounts/totp.h"
#include "base/clock.h"
#include "event/jobs.h"
#include "event/loop.h"

enum sign_in_kind { BY_PASSWORD, BY_CODE, BY_CLAIM };

/* What goes to the writer. */
struct sign_in_data {
    enum sign_in_kind kind;
    struct session_write session;
    char *fits; /* the hash that the password was held against; NULL: a claim */
    char *password_hash, *code;
    enum sign_in outcome;
};

struct sign_in_run {
    struct accounts *accounts;
    struct sign_in_request request; /* done and arg only */
    enum sign_in_kind kind;
    int64_t user;
    char *name, *password, *password_hash, *code, *address, *agent, *ticket;
    char *fits;   /* as in struct sign_in_data */
    char *secret; /* of the session to be */
};

static void finish(struct sign_in_run *run, const struct sign_in_result *result)
{
    run->request.done(run->request.arg, result);
}

static void fail(struct sign_in_run *run, enum sign_in outcome)
{
    finish(run, &(struct sign_in_result){.outcome = outcome});
}

/* ---- tickets --------------------------------------------------------------------------------- */

static void drop_ticket(struct accounts *accounts, struct sign_in_ticket *ticket)
{
    TAILQ_REMOVE(&accounts->tickets, ticket, link);
    accounts->ticket_count--;
    talloc_free(ticket);
}

static struct sign_in_ticket *find_ticket(struct accounts *accounts, const char *secret)
{
    struct sign_in_ticket *ticket, *found = NULL;

    while ((ticket = TAILQ_FIRST(&accounts->tickets)) && ticket->until <= clock_now())
        drop_ticket(accounts, ticket);
    TAILQ_FOREACH(ticket, &accounts->tickets, link)
    if (crypto_equal(bytes_of(ticket->secret), bytes_of(secret)))
        found = ticket;
    return found;
}

/* The oldest goes where there are too many: whoever knows no password makes none. */
static const char *add_ticket(struct sign_in_run *run)
{
    struct accounts *accounts = run->accounts;
    struct sign_in_ticket *ticket = talloc_zero(accounts, struct sign_in_ticket);

    if (!ticket)
        return NULL;
    if (accounts->ticket_count >= TICKETS_MAX)
        drop_ticket(accounts, TAILQ_FIRST(&accounts->tickets));
    ticket->user = run->user;
    ticket->until = clock_now() + TICKET_S;
    ticket->secret = once_secret_new(ticket);
    ticket->name = talloc_strdup(ticket, run->name);
    ticket->fits = talloc_strdup(ticket, run->fits);
    ticket->password_hash = talloc_strdup(ticket, run->password_hash);
    if (!ticket->secret || !ticket->name || !ticket->fits) {
        talloc_free(ticket);
        return NULL;
    }
    TAILQ_INSERT_TAIL(&accounts->tickets, ticket, link);
    accounts->ticket_count++;
    return ticket->secret;
}

/* ---- in the writer's thread ------------------------------------------------------------------ */

static enum sts_status claim(struct store *store, struct sign_in_data *data)
{
    static const enum sign_in outcomes[] = {[STORE_CLAIMED] = SIGN_IN_DONE,
                                            [STORE_CLAIMED_BEFORE] = SIGN_IN_CLAIMED,
                                            [STORE_CLAIM_NAME_TAKEN] = SIGN_IN_TAKEN};
    const struct store_user user = {
        .name = data->session.name, .password = data->password_hash, .created = data->session.now};
    enum store_claimed claimed;
    enum sts_status status = store_claim(store, &user, &claimed, &data->session.user);

    if (status)
        return status;
    data->outcome = outcomes[claimed];
    return claimed == STORE_CLAIMED ? session_note(store, &data->session, ACCOUNT_CLAIM) : STS_OK;
}

static enum sts_status use_recovery(struct store *store, struct sign_in_data *data)
{
    uint8_t hash[CRYPTO_SHA256_SIZE];
    bool done = false;
    enum sts_status status = recovery_code_hash(data->code, hash);

    if (status == STS_E_INVALID)
        return STS_OK;
    if (!status)
        status = store_use_recovery(store, data->session.user, hash, &done);
    if (!status && done)
        status = session_note(store, &data->session, ACCOUNT_RECOVERY_CODE);
    data->outcome = done ? SIGN_IN_DONE : SIGN_IN_WRONG;
    return status;
}

/* Of the app, or a recovery code. */
static enum sts_status check_code(struct store *store, struct sign_in_data *data)
{
    TALLOC_CTX *work = talloc_new(data);
    struct bytes secret;
    int64_t last, step;
    bool fresh = false;
    enum sts_status status =
        work ? store_factor(store, work, data->session.user, &secret, &last) : STS_E_NOMEM;

    data->outcome = SIGN_IN_WRONG;
    if (!status && totp_check(secret, data->code, data->session.now, last, &step)) {
        status = store_use_step(store, data->session.user, step, &fresh);
        data->outcome = fresh ? SIGN_IN_DONE : SIGN_IN_WRONG;
    } else if (!status) {
        status = use_recovery(store, data);
    }
    talloc_free(work);
    return status;
}

static enum sts_status add_session(struct store *store, struct sign_in_data *data)
{
    enum sts_status status = STS_OK;

    if (data->kind != BY_CLAIM && data->password_hash)
        status = store_set_password(store, data->session.user, data->password_hash);
    return status ? status : session_write(store, &data->session);
}

/* Since the password was given it may have been changed, or the account disabled or deleted. */
static enum sts_status still_fits(struct store *store, struct sign_in_data *data)
{
    struct store_user *user = NULL;
    enum sts_status status = store_user_numbered(store, data, data->session.user, &user);

    if (!user || user->disabled || !user->password || strcmp(user->password, data->fits) != 0)
        data->outcome = SIGN_IN_EXPIRED;
    talloc_free(user);
    return status;
}

static enum sts_status write_sign_in(struct store *store, void *arg)
{
    struct sign_in_data *data = arg;
    enum sts_status status = STS_OK;

    data->outcome = SIGN_IN_DONE;
    if (data->kind == BY_CLAIM)
        status = claim(store, data);
    else
        status = still_fits(store, data);
    if (!status && data->outcome == SIGN_IN_DONE && data->kind == BY_CODE)
        status = check_code(store, data);
    if (status)
        return status;
    if (data->outcome == SIGN_IN_DONE)
        return add_session(store, data);
    return data->outcome == SIGN_IN_WRONG
               ? session_note(store, &data->session, ACCOUNT_SIGN_IN_FAILED)
               : STS_OK;
}

static enum sts_status write_failure(struct store *store, void *arg)
{
    const struct sign_in_data *data = arg;

    return session_note(store, &data->session, ACCOUNT_SIGN_IN_FAILED);
}

/* ---- in the loop ----------------------------------------------------------------------------- */

static bool same(TALLOC_CTX *ctx, const char *text, char **ret)
{
    *ret = talloc_strdup(ctx, text ? text : "");
    return *ret != NULL;
}

static bool fill_session(struct sign_in_data *data, const struct sign_in_run *run)
{
    data->session.name = talloc_strdup(data, run->name ? run->name : "");
    data->session.address = talloc_strdup(data, run->address);
    data->session.agent = talloc_strdup(data, run->agent);
    return data->session.name && data->session.address && data->session.agent;
}

static struct sign_in_data *data_of(const struct sign_in_run *run)
{
    struct sign_in_data *data = talloc_zero(NULL, struct sign_in_data);

    if (!data)
        return NULL;
    data->kind = run->kind;
    data->session.user = run->user;
    data->session.now = clock_now();
    data->password_hash = talloc_strdup(data, run->password_hash);
    if (same(data, run->code, &data->code) && same(data, run->fits, &data->fits) &&
        fill_session(data, run) && (data->password_hash || !run->password_hash) &&
        (!run->secret || session_secret_hash(run->secret, data->session.hash)))
        return data;
    talloc_free(data);
    return NULL;
}

static void on_session(void *arg, void *written, enum sts_status status)
{
    struct sign_in_run *run = arg;
    const struct sign_in_data *data = written;
    struct sign_in_ticket *ticket = run->ticket ? find_ticket(run->accounts, run->ticket) : NULL;

    if (status) {
        fail(run, SIGN_IN_FAILED);
        return;
    }
    if (data->outcome == SIGN_IN_DONE)
        attempts_forget(run->accounts->attempts, run->name, run->address);
    if (ticket && (data->outcome == SIGN_IN_DONE || data->outcome == SIGN_IN_EXPIRED))
        drop_ticket(run->accounts, ticket);
    if (run->kind == BY_CLAIM && data->outcome != SIGN_IN_TAKEN) {
        first_start_over(run->accounts->setup.first_start);
        TALLOC_FREE(run->accounts->first_start);
    }
    finish(run, &(struct sign_in_result){
                    .outcome = data->outcome, .secret = run->secret, .user = data->session.user});
}

static void begin_session(struct sign_in_run *run)
{
    struct accounts_work work = {
        .work = write_sign_in, .writes = true, .done = on_session, .arg = run};
    struct accounts_handle *handle;

    run->secret = session_secret_new(run);
    work.data = run->secret ? data_of(run) : NULL;
    if (work.data && !accounts_work_start(run, run->accounts, &work, &handle))
        return;
    talloc_free(work.data);
    fail(run, SIGN_IN_FAILED);
}

static void on_noted(void *arg, void *data, enum sts_status status)
{
    (void)data;
    fail(arg, status ? SIGN_IN_FAILED : SIGN_IN_WRONG);
}

static void note_failure(struct sign_in_run *run)
{
    struct accounts_work work = {
        .work = write_failure, .writes = true, .done = on_noted, .arg = run, .data = data_of(run)};
    struct accounts_handle *handle;

    if (work.data && !accounts_work_start(run, run->accounts, &work, &handle))
        return;
    talloc_free(work.data);
    fail(run, SIGN_IN_FAILED);
}

/* ---- by password ----------------------------------------------------------------------------- */

struct lookup {
    char *name;
    struct store_user *user;
};

static enum sts_status find_user(struct store *store, void *data)
{
    struct lookup *lookup = data;

    return store_user_named(store, lookup, lookup->name, &lookup->user);
}

struct fitting {
    struct sign_in_run *run;
    bool second_factor;
};

static void on_fits(void *arg, struct password_result *result)
{
    const struct fitting *fitting = arg;
    struct sign_in_run *run = fitting->run;
    const char *ticket;

    if (!result->matches) {
        note_failure(run);
        return;
    }
    run->password_hash = talloc_strdup(run, result->hash);
    if (!fitting->second_factor) {
        begin_session(run);
        return;
    }
    ticket = add_ticket(run);
    finish(run, &(struct sign_in_result){.outcome = ticket ? SIGN_IN_CODE : SIGN_IN_FAILED,
                                         .secret = ticket});
}

static void start_hash(struct sign_in_run *run, const struct password_request *request)
{
    struct jobs_handle *handle;
    enum sts_status status = password_start(run, run->accounts->passwords, request, &handle);

    if (status == STS_E_LIMIT)
        finish(run, &(struct sign_in_result){.outcome = SIGN_IN_LATER, .wait_s = 2});
    else if (status)
        fail(run, SIGN_IN_FAILED);
}

/* Nobody of that name, and nobody who may sign in with a password, take as long as the others. */
static void on_user(void *arg, void *data, enum sts_status status)
{
    struct sign_in_run *run = arg;
    const struct lookup *lookup = data;
    const struct store_user *user = status ? NULL : lookup->user;
    struct fitting *fitting = talloc_zero(run, struct fitting);
    const struct password_request request = {.password = run->password,
                                             .hash =
                                                 user && !user->disabled ? user->password : NULL,
                                             .done = on_fits,
                                             .arg = fitting};

    if (status || !fitting) {
        fail(run, SIGN_IN_FAILED);
        return;
    }
    run->user = user ? user->id : 0;
    if (!same(run, user ? user->password : NULL, &run->fits)) {
        fail(run, SIGN_IN_FAILED);
        return;
    }
    *fitting = (struct fitting){run, user && user->second_factor};
    start_hash(run, &request);
}

static enum sts_status start_password(struct sign_in_run *run)
{
    struct lookup *lookup = talloc_zero(NULL, struct lookup);
    struct accounts_work work = {.work = find_user, .data = lookup, .done = on_user, .arg = run};
    struct accounts_handle *handle;
    enum sts_status status = STS_E_NOMEM;

    if (lookup && same(lookup, run->name, &lookup->name))
        status = accounts_work_start(run, run->accounts, &work, &handle);
    if (status)
        talloc_free(lookup);
    return status;
}

/* ---- claims ---------------------------------------------------------------------------------- */

static void on_hash(void *arg, struct password_result *result)
{
    struct sign_in_run *run = arg;

    run->password_hash = talloc_strdup(run, result->hash);
    if (run->password_hash)
        begin_session(run);
    else
        fail(run, SIGN_IN_FAILED);
}

/* ---- beginning ------------------------------------------------------------------------------- */

/* What can be said at once is said at the next turn of the loop: no callback from inside start. */
struct at_once {
    struct sign_in_run *run;
    struct sign_in_result result;
    loop_fn go_on; /* NULL: the result */
};

static void on_turn(void *arg)
{
    struct at_once *at_once = arg;

    if (at_once->go_on)
        at_once->go_on(at_once->run);
    else
        finish(at_once->run, &at_once->result);
}

static enum sts_status soon(struct sign_in_run *run, loop_fn go_on, struct sign_in_result result)
{
    struct at_once *at_once = talloc_zero(run, struct at_once);
    struct loop *loop = run->accounts->setup.loop;
    struct loop_timer *timer;

    if (!at_once)
        return STS_E_NOMEM;
    *at_once = (struct at_once){run, result, go_on};
    return loop_timer_start(run, loop, loop_now(loop), on_turn, at_once, &timer);
}

static void go_on_with_session(void *arg)
{
    begin_session(arg);
}

static void go_on_with_hash(void *arg)
{
    struct sign_in_run *run = arg;

    start_hash(run, &(struct password_request){
                        .password = run->password, .make = true, .done = on_hash, .arg = run});
}

/* False: *ret_result is the answer. */
static bool may_try(struct sign_in_run *run, const char *account, struct sign_in_result *ret_result)
{
    *ret_result = (struct sign_in_result){.outcome = SIGN_IN_LATER};
    return attempts_try(run->accounts->attempts,
                        &(struct attempt_of){account, run->address, run->kind == BY_CODE},
                        clock_monotonic_ms(), &ret_result->wait_s);
}

static enum sts_status begin_claim(struct sign_in_run *run, const char *secret)
{
    struct sign_in_result result;

    run->kind = BY_CLAIM;
    if (!may_try(run, NULL, &result))
        return soon(run, NULL, result);
    if (!run->accounts->first_start)
        return soon(run, NULL, (struct sign_in_result){.outcome = SIGN_IN_CLAIMED});
    if (!first_start_is(run->accounts->first_start, secret))
        return soon(run, NULL, (struct sign_in_result){.outcome = SIGN_IN_WRONG});
    return soon(run, go_on_with_hash, result);
}

static enum sts_status begin_code(struct sign_in_run *run, const char *secret)
{
    struct sign_in_ticket *ticket = find_ticket(run->accounts, secret);
    struct sign_in_result result;

    run->kind = BY_CODE;
    if (!ticket)
        return soon(run, NULL, (struct sign_in_result){.outcome = SIGN_IN_EXPIRED});
    run->user = ticket->user;
    run->password_hash = talloc_strdup(run, ticket->password_hash);
    if (!same(run, ticket->name, &run->name) || !same(run, secret, &run->ticket) ||
        !same(run, ticket->fits, &run->fits))
        return STS_E_NOMEM;
    if (!may_try(run, run->name, &result))
        return soon(run, NULL, result);
    return soon(run, go_on_with_session, result);
}

static enum sts_status begin_password(struct sign_in_run *run)
{
    struct sign_in_result result;

    run->kind = BY_PASSWORD;
    if (!may_try(run, run->name, &result))
        return soon(run, NULL, result);
    return start_password(run);
}

static enum sts_status begin(struct sign_in_run *run, const struct sign_in_request *request)
{
    if (request->ticket)
        return begin_code(run, request->ticket);
    /* A name that nobody can have is looked for like any other. */
    run->name = account_name_of_user(run, request->name ? request->name : "");
    if (!run->name && !same(run, "", &run->name))
        return STS_E_NOMEM;
    return request->claim ? begin_claim(run, request->claim) : begin_password(run);
}

static int run_drop(struct sign_in_run *run)
{
    if (run->password)
        explicit_bzero(run->password, strlen(run->password));
    return 0;
}

enum sts_status sign_in_start(TALLOC_CTX *ctx, struct accounts *accounts,
                              const struct sign_in_request *request, struct sign_in_run **ret)
{
    struct sign_in_run *run = talloc_zero(ctx, struct sign_in_run);
    enum sts_status status = STS_E_NOMEM;

    if (!run)
        return STS_E_NOMEM;
    talloc_set_destructor(run, run_drop);
    run->accounts = accounts;
    run->request.done = request->done;
    run->request.arg = request->arg;
    if (same(run, request->password, &run->password) && same(run, request->code, &run->code) &&
        same(run, request->address, &run->address) && same(run, request->agent, &run->agent))
        status = begin(run, request);
    if (status)
        talloc_free(run);
    else
        *ret = run;
    return status;
}
