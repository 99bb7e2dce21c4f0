/* SPDX-License-Identifier: MIT */
/* sign_in.c - one step after the other, each in the thread it belongs to:
 *
 *   password  who is it? (a reader) - does the password fit? (passwords) - a session (the writer),
 *             or a ticket where a second factor is on
 *   code      of a ticket: does it fit, and a session (the writer)
 *   claim     the secret of the first start - a hash (passwords) - an administrator, if there is
 *             none yet, and a session (the writer) */
#include "accounts/sign_in.h"

#include <string.h>

#include "accounts/account_name.h"
#include "accounts/attempts.h"
#include "accounts/first_start.h"
#include "accounts/limits.h"
#include "accounts/password.h"
#include "accounts/sign_in_ticket.h"
#include "accounts/sign_in_write.h"
#include "accounts/token.h"
#include "base/clock.h"
#include "event/jobs.h"
#include "event/loop.h"

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
    struct sign_in_ticket *ticket =
        run->ticket ? sign_in_ticket_find(run->accounts, run->ticket) : NULL;

    if (status) {
        fail(run, SIGN_IN_FAILED);
        return;
    }
    if (data->outcome == SIGN_IN_DONE)
        attempts_forget(run->accounts->attempts, run->name, run->address);
    if (ticket && (data->outcome == SIGN_IN_DONE || data->outcome == SIGN_IN_EXPIRED))
        sign_in_ticket_drop(run->accounts, ticket);
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
        .work = sign_in_write, .writes = true, .done = on_session, .arg = run};
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
    struct accounts_work work = {.work = sign_in_write_failure,
                                 .writes = true,
                                 .done = on_noted,
                                 .arg = run,
                                 .data = data_of(run)};
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
    ticket = sign_in_ticket_add(run->accounts,
                                &(struct sign_in_ticket){.user = run->user,
                                                         .name = run->name,
                                                         .fits = run->fits,
                                                         .password_hash = run->password_hash});
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
    struct sign_in_ticket *ticket = sign_in_ticket_find(run->accounts, secret);
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
