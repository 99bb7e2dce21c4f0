/* SPDX-License-Identifier: MIT */
/* receiver.h - messages and reports that come in from the network, on their way into the store.
 *
 * They come in sets: the messages of a mailbox that were fetched together, or a single one that was
 * delivered.  Sets that wait are read together on a thread, by a parser that has nothing to lose,
 * and their reports are written by the store's writer, in one batch with whatever else waits there.
 * With them are written what was rejected (store/quarantine.h) and how much came this way
 * (store/ways.h).  `done` says what became of each message when all that is durable. */
#ifndef APP_RECEIVER_H
#define APP_RECEIVER_H

#include "app/verify_sender.h"
#include "base/bytes.h"
#include "store/sight.h"
#include "store/ways.h"

struct loop;
struct receiver;
struct store_writer;

enum receiver_outcome {
    RECEIVER_STORED,   /* a report of it is new, or a revision */
    RECEIVER_SEEN,     /* all its reports were there before */
    RECEIVER_FOREIGN,  /* nothing in it is, or should be, a report */
    RECEIVER_REJECTED, /* a report could not be read, or was not to be taken: `why` */
};

struct receiver_item {
    struct bytes bytes;
    const char *source; /* where it came from, for people and for the store */
    bool mail;          /* a message of a mailbox, which need not be a report; else by content */
    /* What became of it. */
    enum receiver_outcome outcome;
    size_t added, duplicates, revisions, rejected;
    const char *why;    /* of the first that was rejected, a msgid; NULL: none was */
    const char *detail; /* NULL: none */
    const char *part;   /* which part of the item that was; NULL: all of it */
};

/* A chunk of talloc on which all that it names hangs. */
struct receiver_set {
    struct receiver_item *items;
    size_t count;
    int64_t now; /* when they are received */
    /* kind NULL: not counted, and nothing is kept that is rejected; nor is what somebody uploads,
     * who has it and hears the reason. */
    struct store_way_name way;
    bool known_only; /* a report is rejected where the store knows none of its domains */
    /* Likewise, where one that it was sent to is none that they see; it counts for none but these.
     * Hangs on the set; NULL: not asked. */
    const struct store_sight *sight;
    bool again;    /* it was counted when it came for the first time */
    size_t faults; /* of the parser: steps that were passed over */
    /* Written in the same batch, before the reports; NULL. */
    enum sts_status (*first)(struct store *store, void *arg);
    void *first_arg; /* hangs on the set */
};

/* fault: with STS_E_IO; until it returns.  The set is the caller's again if he takes it with
 * talloc_steal(). */
typedef void (*receiver_done_fn)(void *arg, struct receiver_set *set, enum sts_status status,
                                 const struct store_fault *fault);

/* The writer is freed first, since it tells us what it has written. */
struct receiver_request {
    struct loop *loop;
    struct store_writer *writer;
    const struct verify_sender_request *verify; /* NULL: not asked for; outlives the receiver */
    size_t readers; /* threads, each with a parser; 0: one.  With several sets may change places */
};

STS_MUST_USE enum sts_status receiver_new(TALLOC_CTX *ctx, const struct receiver_request *request,
                                          struct receiver **ret);
/* STS_E_LIMIT: so much waits already that it has to come again later.  On an error the set stays
 * the caller's.  What was taken is stored, whatever becomes of who gave it; receiver_forget() keeps
 * `done` from being called. */
STS_MUST_USE enum sts_status receiver_take(struct receiver *receiver, struct receiver_set *set,
                                           receiver_done_fn done, void *arg);
void receiver_forget(struct receiver *receiver, const void *arg);

#endif
