/* SPDX-License-Identifier: MIT */
/* task.h - what a look waits for; private to probe/.
 *
 * A question, a fetch, a session, a series of handshakes: each kind of task has a struct of its
 * own, in the file that does it, with a struct task in front.  It is begun by task_new(), waits for
 * nothing, for another domain's look (task_look_up()) or to be admitted (task_admit()), does its
 * work, and ends by task_done(), behind the start of what follows from it.  So the list of a
 * probe's tasks says when the look is over: nobody counts.
 *
 * Handles whose results are to outlive the task are children of the facts; `cut` frees them. */
#ifndef PROBE_TASK_H
#define PROBE_TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>
#include <sys/queue.h>

#include "event/loop.h"
#include "net/lookup_cache.h"

struct permit;
struct probe;
struct slot;

struct task_kind {
    size_t size; /* of its struct */
    /* The time is up: hand over what was seen, stop the rest.  NULL: there is nothing but memory.
     */
    void (*cut)(void *task);
};

struct task {
    const struct task_kind *kind;
    struct probe *probe;
    LIST_ENTRY(task) link;
    bool background;     /* nothing else waits for it */
    int64_t waits_since; /* for others; 0: it does not */
};

/* NULL: no memory.  The newest is the first of the list. */
void *task_new(struct probe *probe, const struct task_kind *kind);
/* It is over, or could not go on; frees it, and ends the probe if it was the last one. */
void task_done(struct task *task, enum sts_status status);
/* In a start function: where that failed nothing is left. */
STS_MUST_USE enum sts_status task_started(struct task *task, enum sts_status status);
/* Every task hands over what it has and is gone. */
void task_cut_all(struct probe *probe);

/* Is there none but those in the background? */
bool task_all_idle(const struct probe *probe);
/* Does any wait for others? */
bool task_any_waits(const struct probe *probe);
/* What it waited for has come: that was no time of the domain's. */
void task_goes_on(struct task *task);

/* What other domains need too is looked at once.  key: NULL is taken for a lack of memory.  `begin`
 * (the task's own work) is called at once where it is this domain's turn; else `known` comes, from
 * the loop.  *ret is a child of the facts, which need what it holds. */
typedef enum sts_status (*task_begin_fn)(void *task);
STS_MUST_USE enum sts_status task_look_up(struct task *task, const char *key, lookup_fn known,
                                          task_begin_fn begin, struct lookup **ret);

/* Leave to send to one address: a slot there, then a permit of this thread's. */
struct admission {
    struct task *task;
    struct slot *slot; /* held, or in the queue */
    struct permit *permit;
    loop_fn ready;
};
/* To connect; `ready` is called with the task. */
STS_MUST_USE enum sts_status task_admit(struct task *task, struct admission *admission,
                                        const char *address, int64_t port, loop_fn ready);
/* The same for a question to a name server. */
STS_MUST_USE enum sts_status task_admit_question(struct task *task, struct admission *admission,
                                                 const char *address, loop_fn ready);
void admission_end(struct admission *admission);

#endif
