/* SPDX-License-Identifier: MIT */
/* mailbox.c - sessions, passes over all folders, and the time in between.
 *
 * One thing is under way at a time: a command (`step` follows its answer), a write (`writing`), the
 * reading of the secret, or a timer.  A session that ends while the store is writing is noticed
 * when the next command is given. */
#include "app/mailbox_work.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "event/jobs.h"
#include "event/loop.h"
#include "store/writer.h"

#define SIGN_IN_MS     60000
#define LOGOUT_MS      2000
#define IDLE_LEAST_MS  540000  /* 9 minutes: some routers forget a connection after ten */
#define IDLE_MOST_MS   1500000 /* 25: servers may hang up after 30 (RFC 2177) */
#define POLL_MS        300000  /* without IDLE, and where there are other folders */
#define BACK_OFF_FIRST 10000
#define BACK_OFF_LAST  1800000
#define SECRET_MAX     16384 /* bytes: tokens of large providers have some thousand */

static void begin_pass(struct mailbox *mailbox);
static void begin_session(struct mailbox *mailbox);

struct imap_engine *mailbox_engine(const struct mailbox *mailbox)
{
    return imap_engine_of(mailbox->imap);
}

/* A little more or less, so that many do not come at once. */
static int64_t about(int64_t ms)
{
    return ms - ms / 5 + (int64_t)arc4random_uniform((uint32_t)(ms / 5 * 2 + 1));
}

static void wait_for(struct mailbox *mailbox, int64_t ms, loop_fn then)
{
    int64_t due = loop_now(mailbox->request.loop) + ms;

    TALLOC_FREE(mailbox->timer);
    if (loop_timer_start(mailbox, mailbox->request.loop, due, then, mailbox, &mailbox->timer) !=
        STS_OK)
        mailbox->request.done(mailbox->request.arg, false);
}

/* ---- the end of a pass ----------------------------------------------------------------------- */

static void go_on(struct mailbox *mailbox);

static void on_pass_put(void *arg, void *data, enum sts_status status,
                        const struct store_fault *fault)
{
    struct mailbox *mailbox = arg;

    (void)data;
    (void)fault; /* where the store fails, the pass has said so */
    mailbox->writing = false;
    mailbox->complete = mailbox->complete && status == STS_OK;
    go_on(mailbox);
}

/* It could not be written. */
static void on_pass_lost(void *arg)
{
    go_on(arg);
}

static void end_pass(struct mailbox *mailbox)
{
    mailbox->complete = !mailbox->pass.fault;
    mailbox->request.passed(mailbox->request.arg, &mailbox->pass);
    if (mailbox_pass_put(mailbox, on_pass_put))
        mailbox->writing = true;
    else
        wait_for(mailbox, 0, on_pass_lost);
}

void mailbox_pass_over(struct mailbox *mailbox)
{
    mailbox->back_off_ms = 0;
    end_pass(mailbox);
}

void mailbox_fail(struct mailbox *mailbox, const char *fault, const char *subject,
                  const char *detail)
{
    int64_t wait = mailbox->back_off_ms ? mailbox->back_off_ms * 2 : BACK_OFF_FIRST;

    mailbox->back_off_ms = wait < BACK_OFF_LAST ? wait : BACK_OFF_LAST;
    talloc_free(mailbox->subject);
    talloc_free(mailbox->detail);
    mailbox->subject = subject ? talloc_strdup(mailbox, subject) : NULL;
    mailbox->detail = detail ? talloc_strdup(mailbox, detail) : NULL;
    mailbox->pass.fault = fault;
    mailbox->pass.subject = mailbox->subject;
    mailbox->pass.detail = mailbox->detail;
    mailbox->pass.more = false;
    mailbox->pass.again_ms = mailbox->request.follow ? about(mailbox->back_off_ms) : 0;
    TALLOC_FREE(mailbox->set);
    TALLOC_FREE(mailbox->imap);
    TALLOC_FREE(mailbox->timer);
    end_pass(mailbox);
}

void mailbox_fail_store(struct mailbox *mailbox, const struct store_fault *fault)
{
    if (fault)
        mailbox_fail(mailbox, store_trouble_text(fault->trouble), fault->store, fault->detail);
    else
        mailbox_fail(mailbox, N_("not enough memory"), NULL, NULL);
}

/* ---- the session ----------------------------------------------------------------------------- */

static void fail_session(struct mailbox *mailbox)
{
    const struct imap_failure *failure = imap_engine_failure(mailbox_engine(mailbox));

    mailbox_fail(mailbox, imap_fault_text(failure->fault), NULL, failure->detail);
}

/* Is somebody else going to come back to it?  Then the end is noticed there. */
static bool is_elsewhere(const struct mailbox *mailbox)
{
    return mailbox->writing || (mailbox->timer && !mailbox->step);
}

static void on_imap(void *arg)
{
    struct mailbox *mailbox = arg;
    mailbox_step step = mailbox->step;

    if (imap_engine_state(mailbox_engine(mailbox)) == IMAP_ENDED) {
        if (!is_elsewhere(mailbox))
            fail_session(mailbox);
        return;
    }
    mailbox->step = NULL;
    if (step)
        step(mailbox);
}

void mailbox_go(struct mailbox *mailbox, enum sts_status given, int64_t wait_ms, mailbox_step step)
{
    if (given == STS_OK) {
        mailbox->step = step;
        imap_go(mailbox->imap, loop_now(mailbox->request.loop) + wait_ms);
    } else if (imap_engine_state(mailbox_engine(mailbox)) == IMAP_ENDED) {
        fail_session(mailbox);
    } else if (given == STS_E_INVALID) {
        mailbox_fail(mailbox, N_("this is not the name of a folder"),
                     mailbox->request.account->folders[0], NULL);
    } else {
        mailbox_fail_store(mailbox, NULL);
    }
}

struct secret {
    char *path;
    char text[SECRET_MAX + 1];
    int error; /* 0: none */
};

/* Its first line. */
static void read_secret(void *data)
{
    struct secret *secret = data;
    int fd = open(secret->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    ssize_t got = fd < 0 ? -1 : read(fd, secret->text, SECRET_MAX);

    secret->error = got < 0 ? errno : 0;
    secret->text[got < 0 ? 0 : got] = '\0';
    secret->text[strcspn(secret->text, "\r\n")] = '\0';
    if (fd >= 0)
        close(fd);
}

static void on_session(struct mailbox *mailbox)
{
    mailbox->folder = 0;
    mailbox->signed_in = true;
    mailbox_folder_begin(mailbox);
}

static void open_session(struct mailbox *mailbox, const char *secret)
{
    const struct mailbox_account *account = mailbox->request.account;
    const struct imap_request request = {.login = {.user = account->user,
                                                   .password = account->token_file ? NULL : secret,
                                                   .token = account->token_file ? secret : NULL,
                                                   .host = account->host,
                                                   .port = account->port,
                                                   .tls = account->tls},
                                         .sink = {mailbox_on_body, mailbox_on_mail, mailbox},
                                         .deadline = loop_now(mailbox->request.loop) + SIGN_IN_MS,
                                         .done = on_imap,
                                         .arg = mailbox};

    mailbox->step = on_session;
    if (imap_open(mailbox, mailbox->request.loop, mailbox->request.dns, mailbox->request.trust,
                  &request, &mailbox->imap) != STS_OK)
        mailbox_fail_store(mailbox, NULL);
}

static void on_secret(void *arg, void *data)
{
    struct mailbox *mailbox = arg;
    struct jobs_handle *job = mailbox->job;
    struct secret *secret = talloc_steal(mailbox, data);

    mailbox->job = NULL;
    if (secret->error)
        mailbox_fail(mailbox, N_("the file with the password or token cannot be read"),
                     secret->path, strerror(secret->error));
    else if (!*secret->text)
        mailbox_fail(mailbox, N_("the file with the password or token is empty"), secret->path,
                     NULL);
    else
        open_session(mailbox, secret->text);
    explicit_bzero(secret->text, sizeof(secret->text));
    talloc_free(secret);
    talloc_free(job);
}

static void begin_session(struct mailbox *mailbox)
{
    const struct mailbox_account *account = mailbox->request.account;
    struct secret *secret = talloc_zero(mailbox, struct secret);
    struct jobs_request request = {
        .work = read_secret, .done = on_secret, .data = secret, .arg = mailbox};

    TALLOC_FREE(mailbox->imap);
    if (secret)
        secret->path = talloc_strdup(secret, account->token_file ? account->token_file
                                                                 : account->password_file);
    if (!secret || !secret->path ||
        jobs_start(mailbox, mailbox->request.jobs, &request, &mailbox->job) != STS_OK)
        mailbox_fail_store(mailbox, NULL);
}

/* ---- from one pass to the next --------------------------------------------------------------- */

static void begin_pass(struct mailbox *mailbox)
{
    mailbox->pass = (struct mailbox_pass){.fault = NULL};
    mailbox->signed_in = false;
    if (mailbox->imap && imap_engine_state(mailbox_engine(mailbox)) == IMAP_READY)
        on_session(mailbox);
    else
        begin_session(mailbox);
}

static void on_time(void *arg)
{
    struct mailbox *mailbox = arg;

    TALLOC_FREE(mailbox->timer);
    begin_pass(mailbox);
}

static void hang_up(void *arg)
{
    struct mailbox *mailbox = arg;

    TALLOC_FREE(mailbox->imap);
    TALLOC_FREE(mailbox->timer);
    if (mailbox->request.follow)
        wait_for(mailbox, about(POLL_MS), on_time);
    else
        mailbox->request.done(mailbox->request.arg, mailbox->complete);
}

/* A word of good-bye, for which nobody waits. */
static void leave(struct mailbox *mailbox)
{
    mailbox->step = NULL;
    if (mailbox->imap && imap_engine_logout(mailbox_engine(mailbox)) == STS_OK)
        imap_go(mailbox->imap, loop_now(mailbox->request.loop) + LOGOUT_MS);
    wait_for(mailbox, 0, hang_up);
}

/* ---- waiting for messages -------------------------------------------------------------------- */

static void end_idle(struct mailbox *mailbox)
{
    TALLOC_FREE(mailbox->timer);
    mailbox_go(mailbox, imap_engine_end_idle(mailbox_engine(mailbox)), MAILBOX_REPLY_MS,
               begin_pass);
}

static void on_idle_time(void *arg)
{
    struct mailbox *mailbox = arg;

    if (imap_engine_state(mailbox_engine(mailbox)) == IMAP_IDLING)
        end_idle(mailbox);
    else
        mailbox_fail(mailbox, imap_fault_text(IMAP_FAULT_TIMEOUT), NULL, NULL);
}

/* News, or the server will not have it. */
static void on_idle(struct mailbox *mailbox)
{
    if (imap_engine_state(mailbox_engine(mailbox)) == IMAP_IDLING)
        end_idle(mailbox);
    else
        leave(mailbox);
}

static int64_t idle_ms(const struct mailbox *mailbox)
{
    if (mailbox->request.account->folder_count > 1) /* it tells of one folder only */
        return about(POLL_MS);
    return IDLE_LEAST_MS + (int64_t)arc4random_uniform(IDLE_MOST_MS - IDLE_LEAST_MS);
}

static void idle(struct mailbox *mailbox)
{
    mailbox_go(mailbox, imap_engine_idle(mailbox_engine(mailbox)), (int64_t)2 * IDLE_MOST_MS,
               on_idle);
    if (mailbox->step == on_idle)
        wait_for(mailbox, idle_ms(mailbox), on_idle_time);
}

/* Behind the last folder: the first is the one to wait in. */
static void on_first_selected(struct mailbox *mailbox)
{
    idle(mailbox);
}

static void wait_in_first(struct mailbox *mailbox)
{
    const struct mailbox_account *account = mailbox->request.account;
    bool examine = !account->move_to && !account->quarantine;

    if (account->folder_count == 1)
        idle(mailbox);
    else
        mailbox_go(mailbox,
                   imap_engine_select(mailbox_engine(mailbox), account->folders[0], examine),
                   MAILBOX_REPLY_MS, on_first_selected);
}

/* The pass is written down. */
static void go_on(struct mailbox *mailbox)
{
    TALLOC_FREE(mailbox->timer);
    if (mailbox->pass.more)
        begin_pass(mailbox);
    else if (mailbox->pass.fault && mailbox->request.follow)
        wait_for(mailbox, mailbox->pass.again_ms, on_time);
    else if (mailbox->pass.fault || !mailbox->request.follow ||
             !imap_engine_can_idle(mailbox_engine(mailbox)))
        leave(mailbox);
    else
        wait_in_first(mailbox);
}

/* ---- the start ------------------------------------------------------------------------------- */

static int mailbox_drop(struct mailbox *mailbox)
{
    receiver_forget(mailbox->request.receiver, mailbox);
    store_writer_forget(mailbox->request.writer, mailbox);
    return 0;
}

enum sts_status mailbox_start(TALLOC_CTX *ctx, const struct mailbox_request *request,
                              struct mailbox **ret)
{
    struct mailbox *mailbox = talloc_zero(ctx, struct mailbox);
    enum sts_status status;

    if (!mailbox)
        return STS_E_NOMEM;
    mailbox->request = *request;
    status = loop_timer_start(mailbox, request->loop, 0, on_time, mailbox, &mailbox->timer);
    if (status != STS_OK) {
        talloc_free(mailbox);
        return status;
    }
    talloc_set_destructor(mailbox, mailbox_drop);
    *ret = mailbox;
    return STS_OK;
}
