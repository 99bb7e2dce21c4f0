/* SPDX-License-Identifier: MIT */
/* check_work.h - one check of the queue: what is known of it, and who follows it; private to app/.
 */
#ifndef APP_CHECK_WORK_H
#define APP_CHECK_WORK_H

#include <sys/queue.h>

#include "app/check_run.h"

struct check_queue;
struct check_follower;
struct lane;
struct loop;

struct run {
    struct check_run view; /* in front: what others see */
    TAILQ_ENTRY(run) link;
    struct loop *loop;
    const struct runs *waiting; /* the list of those that wait */
    struct check_queue *queue;
    const char *given;
    char **wishers; /* addresses of the clients that want it, one for each time it was asked for */
    size_t wanted;  /* the count of them */
    const struct lane *lane; /* once it is under way, ... */
    size_t index;            /* ... which it is there */
    int64_t ended;           /* of the loop's clock */
    TALLOC_CTX *seen;        /* holds facts and diagnosis */
    struct look_event events[LOOK_STEPS + LOOK_HOSTS_MAX];
    LIST_HEAD(, check_follower) followers;
};

TAILQ_HEAD(runs, run);

/* Of a new one, before anybody follows it. */
void check_run_begin(struct run *run);
/* With its place in the queue as it is now.  NULL for NULL. */
const struct check_run *check_run_view(struct run *run);
/* There is something new of it. */
void check_run_tell(struct run *run);
STS_MUST_USE enum sts_status check_run_follow(TALLOC_CTX *ctx, struct run *run,
                                              void (*changed)(void *arg,
                                                              const struct check_run *run),
                                              void *arg, struct check_follower **ret);

/* Copied and judged; what was known before stays where there is no memory. */
STS_MUST_USE enum sts_status check_run_take(struct run *run, const struct facts *facts);
void check_run_note(struct run *run, const struct look_progress *progress);
/* All there is was known at the end, if not before. */
void check_run_note_rest(struct run *run, const struct facts *facts);

#endif
