/* SPDX-License-Identifier: MIT */
/* work.h - one scan at work: of scan.c, reader.c, worker.c and save.c; private to scan/. */
#ifndef SCAN_WORK_H
#define SCAN_WORK_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/queue.h>

#include "event/loop.h"
#include "history/stored_check.h"
#include "scan/queue.h"
#include "scan/scan.h"
#include "store/writer.h"

#define TICK_MS 20  /* how often a worker looks whether it is late */
#define LAG_MS  60  /* so late, it has as much to do as it can bear */
#define OUT_MAX 512 /* lines that wait to be written before no more domains are begun */

#define SAVING_MAX 500 /* results that wait for the store before no more are taken */

/* A line, and the check to be stored before it is written; NULL: none. */
struct result {
    char *line;
    struct stored_check *check;
    bool continued; /* as in struct scan_config */
    int64_t since;
};

enum { STOP_NO, STOP_DRAIN, STOP_DROP };

struct name {
    const char *given;
    const char *name; /* A-labels */
};

struct work {
    const struct scan_config *config;
    struct loop *loop;          /* of the caller's thread */
    struct wakeup *lines_added; /* or closed */
    struct loop_timer *progress;
    int64_t started;
    int write_errno;           /* 0: all could be written */
    int reader_stops;          /* an eventfd, which ends the reader's wait */
    struct net_common *common; /* a root of its own */
    struct queue *names;       /* of struct name */
    struct queue *lines;       /* of struct result; closed by the last that adds to it */
    struct store_writer *writer;
    int64_t saved, unsaved;
    struct worker *workers;
    size_t worker_count;
    pthread_t reader;
    atomic_int writers; /* threads that may still add to lines */
    atomic_int stop;
    atomic_int outcome; /* enum scan_outcome: the first that went wrong */
    atomic_int read_errno;
    atomic_bool dropped; /* some domain was begun and not finished, or not begun */
    atomic_llong done, unusable, failed, running, done_before;
    atomic_llong listed; /* names of the list; -1: not known yet */
    atomic_bool listed_is_guess;
    int64_t read; /* the reader's: names so far */
    pthread_mutex_t estimate_lock;
    struct estimate *estimate;
    int64_t begun; /* under the same lock */
};

/* The threads' stacks and loops end when nothing is left to do. */
void *reader_main(void *arg);
void *worker_main(void *arg);

struct worker {
    struct work *work;
    TALLOC_CTX *mem; /* a root of its own: talloc is not for two threads */
    struct loop *loop;
    struct net *net;
    struct wakeup *wakeup;
    struct loop_timer *tick;
    pthread_t thread;
    size_t jobs, running;
    LIST_HEAD(, unit) units;
    int64_t ticks_at; /* when the tick is due */
    bool lagging, dropped;
    struct totals totals;
};

/* Opens the net.  In the caller's thread, before the worker's own begins. */
STS_MUST_USE enum sts_status worker_open(struct worker *worker, char **ret_why);
void work_fail(struct work *work, enum scan_outcome outcome);
/* A look begins, at the time that is returned, or ends. */
int64_t work_look_begins(struct work *work);
void work_look_ends(struct work *work, int64_t began);
/* To be called by each thread that wrote lines, at its end. */
void work_leave(struct work *work);
/* All workers: there may be something to begin, or to end. */
void work_wake(struct work *work);
/* A line with its end, and a check or NULL, both without a parent, go out after the others.  put
 * waits where there are many, push does not; false: nothing goes out any more. */
bool work_put_line(struct work *work, char *line);
bool work_push_result(struct work *work, char *line, struct stored_check *check);

/* ---- in the caller's thread ------------------------------------------------------------------ */

/* Writes the line, which is taken over. */
void work_write(struct work *work, char *line);
STS_MUST_USE enum sts_status work_save_open(struct work *work);
bool work_saves_no_more(const struct work *work);
/* Takes the result over. */
void work_save(struct work *work, struct result *result);

#endif
