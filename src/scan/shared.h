/* SPDX-License-Identifier: MIT */
/* shared.h - this machine's part of a scan that several share.
 *
 *     queue ──shards──► names ──(a pipe)──► scan_run() ──lines──(a pipe)──► shards ──► store
 *
 * A thread of its own takes shards while scan_run() has too little to do, hands their names to it
 * as a list without an end, and collects the lines.  A shard of which all lines are there goes into
 * the store, and then leaves the queue.  What was begun and not finished at the end is given back.
 */
#ifndef SCAN_SHARED_H
#define SCAN_SHARED_H

#include "queue/broker.h"
#include "store/scans.h"

/* Who was heard of so lately lives: longer than the queue waits for a sign. */
#define SHARED_ALIVE_S 30

struct shared_config {
    struct broker *broker;
    const char *store; /* as in store_open() */
    const char *worker;
    int64_t room; /* another shard is taken while fewer domains are under way */
    /* In the thread, once when the queue or the store is lost; one of the two is given. */
    void (*lost)(void *arg, enum broker_status queue, const struct store_fault *store);
    void *arg;
};

struct shared_summary {
    int64_t shards, domains; /* stored */
    int64_t fenced;          /* shards that another worker had begun meanwhile */
    int64_t back;            /* shards that were given back */
    int64_t unsaved;         /* of these, looked at and not stored: the store was away */
};

struct shared;

/* What scan_run() reads and writes. */
STS_MUST_USE enum sts_status shared_new(TALLOC_CTX *ctx, const struct shared_config *config,
                                        struct shared **ret);
int shared_in(const struct shared *shared);
int shared_out(const struct shared *shared);
/* False: no thread can be had. */
bool shared_start(struct shared *shared);
/* No shard is taken any more. */
void shared_drain(struct shared *shared);
/* After scan_run(): what is whole is stored, the rest given back. */
void shared_end(struct shared *shared, struct shared_summary *ret);

#endif
