/* SPDX-License-Identifier: MIT */
/* check_work.c - one check of the queue: what is known of it, and who follows it. */
#include "app/check_work.h"

#include "event/loop.h"
#include "facts/facts_copy.h"

#define PENDING (-1)

struct check_follower {
    LIST_ENTRY(check_follower) link;
    struct run *run; /* NULL: it is gone */
    struct loop_timer *timer;
    void (*changed)(void *arg, const struct check_run *run);
    void *arg;
};

const struct check_run *check_run_view(struct run *run)
{
    struct run *ahead;

    if (!run)
        return NULL;
    if (run->view.state == CHECK_QUEUED) {
        run->view.place = 1;
        TAILQ_FOREACH(ahead, run->waiting, link)
        {
            if (ahead == run)
                break;
            run->view.place++;
        }
    }
    return &run->view;
}

/* ---- those who follow ------------------------------------------------------------------------ */

static void on_follow(void *arg)
{
    struct check_follower *follower = arg;

    if (follower->run)
        follower->changed(follower->arg, check_run_view(follower->run));
}

static int follower_drop(struct check_follower *follower)
{
    if (follower->run)
        LIST_REMOVE(follower, link);
    return 0;
}

void check_run_tell(struct run *run)
{
    struct check_follower *follower;

    LIST_FOREACH(follower, &run->followers, link)
    loop_timer_again(follower->timer, loop_now(run->loop));
}

static int run_drop(struct run *run)
{
    struct check_follower *follower;

    while ((follower = LIST_FIRST(&run->followers))) {
        LIST_REMOVE(follower, link);
        follower->run = NULL;
        TALLOC_FREE(follower->timer);
    }
    return 0;
}

enum sts_status check_run_follow(TALLOC_CTX *ctx, struct run *run,
                                 void (*changed)(void *arg, const struct check_run *run), void *arg,
                                 struct check_follower **ret)
{
    struct check_follower *follower = talloc_zero(ctx, struct check_follower);
    struct loop *loop = run->loop;

    if (!follower)
        return STS_E_NOMEM;
    if (loop_timer_start(follower, loop, loop_now(loop), on_follow, follower, &follower->timer) !=
        STS_OK) {
        talloc_free(follower);
        return STS_E_NOMEM;
    }
    follower->run = run;
    follower->changed = changed;
    follower->arg = arg;
    LIST_INSERT_HEAD(&run->followers, follower, link);
    talloc_set_destructor(follower, follower_drop);
    *ret = follower;
    return STS_OK;
}

void check_run_begin(struct run *run)
{
    run->view.events = run->events;
    LIST_INIT(&run->followers);
    talloc_set_destructor(run, run_drop);
}

/* ---- what is known --------------------------------------------------------------------------- */

static void note(struct run *run, enum look_step step, size_t host, int64_t ms)
{
    struct check_run *view = &run->view;

    if (ms == PENDING)
        return;
    for (size_t i = 0; i < view->event_count; i++)
        if (run->events[i].step == step && run->events[i].host == host)
            return;
    run->events[view->event_count++] = (struct look_event){step, host, ms};
}

/* Hosts before the step that they make up. */
void check_run_note(struct run *run, const struct look_progress *progress)
{
    for (size_t i = 0; i < LOOK_STEPS; i++) {
        for (size_t j = 0; i == LOOK_MX && j < progress->host_count; j++)
            note(run, LOOK_MX, j, progress->hosts[j]);
        note(run, (enum look_step)i, LOOK_NO_HOST, progress->steps[i]);
    }
    run->view.host_count = progress->host_count;
}

void check_run_note_rest(struct run *run, const struct facts *facts)
{
    struct look_progress progress = {.host_count = facts->mx_count};

    if (progress.host_count > LOOK_HOSTS_MAX)
        progress.host_count = LOOK_HOSTS_MAX;
    for (size_t i = 0; i < LOOK_STEPS; i++)
        progress.steps[i] = facts->elapsed_ms;
    for (size_t i = 0; i < progress.host_count; i++)
        progress.hosts[i] = facts->elapsed_ms;
    check_run_note(run, &progress);
}

enum sts_status check_run_take(struct run *run, const struct facts *facts)
{
    TALLOC_CTX *seen = talloc_new(run);
    struct diagnosis *diagnosis = NULL;
    struct facts *copy;
    enum sts_status status = seen ? facts_copy(seen, facts, &copy) : STS_E_NOMEM;

    if (status == STS_OK)
        status = diagnose(seen, copy, copy->observed_at, &diagnosis);
    if (status != STS_OK) {
        talloc_free(seen);
        return status;
    }
    talloc_free(run->seen);
    run->seen = seen;
    run->view.diagnosis = diagnosis;
    return STS_OK;
}
