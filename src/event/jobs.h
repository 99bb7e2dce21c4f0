/* SPDX-License-Identifier: MIT */
/* jobs.h - work that blocks, on threads of its own; its result comes back in the loop.
 *
 * A store, a file or a sum over many reports takes longer than a loop may be held up.  A job is one
 * function: `work` is called on a worker thread, and when it has returned, `done` in the loop. Jobs
 * begin in the order in which they were started.  With one worker each ends before the next begins,
 * and results come in that order: a writer's thread.
 *
 * Whose memory is it?  talloc is not for two threads: a chunk, all that hangs on it and its parent
 * belong to one thread at a time.  So all that `work` reads and writes hangs on one chunk, `data`,
 * and that moves:
 *
 *   until jobs_start()   it is the caller's; then it is taken from its parent
 *   while it waits, in `work`   the job's.  `work` may allocate below `data`, and on NULL; what it
 *                        makes for `done` it hangs on `data`
 *   in `done`            the loop's again; it hangs on the handle and goes with it, unless `done`
 *                        takes it with talloc_steal()
 *   cancelled            freed: by the loop, or by the worker where it was at work.  So a
 *                        destructor in `data` must not care which thread it runs in
 *
 * What `work` uses besides must outlive the pool, and be only read, or have a lock, or be used by
 * the jobs of a pool with one worker alone.
 *
 * The language of the thread that starts a job (base/i18n.h) counts in `work` too.  All signals are
 * blocked there.  An allocation that fails there is not forgiven (base/memory.h) unless `work` says
 * so.  How many jobs wait is not bounded here: whoever could start any number uses a semaphore. */
#ifndef EVENT_JOBS_H
#define EVENT_JOBS_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include <mtasts/status.h>

struct jobs;
struct jobs_handle;
struct loop;

struct jobs_request {
    void (*work)(void *data);
    void (*done)(void *arg, void *data);
    void *data; /* NULL: none */
    void *arg;  /* of `done`, and stays in the loop's thread */
};

/* Starts `workers` threads, at least one; STS_E_NOMEM where one cannot be had.  Freeing the pool,
 * which only the loop's thread may do and no `done`, waits for the jobs that are at work; the
 * others never begin.  No `done` comes after that; handles that are left do nothing any more. */
STS_MUST_USE enum sts_status jobs_new(TALLOC_CTX *ctx, struct loop *loop, size_t workers,
                                      struct jobs **ret);
/* In the loop's thread, from where `done` comes.  On an error `data` stays the caller's.  Freeing
 * the handle cancels: `done` does not come.  A job that is already at work goes on, unheeded. */
STS_MUST_USE enum sts_status jobs_start(TALLOC_CTX *ctx, struct jobs *jobs,
                                        const struct jobs_request *request,
                                        struct jobs_handle **ret);
/* In `work`: nobody wants the result any more, as the handle was freed or the pool ends.  What
 * takes seconds asks now and then.  Elsewhere false. */
bool jobs_is_cancelled(void);
/* So many have not begun. */
size_t jobs_waiting(struct jobs *jobs);

#endif
