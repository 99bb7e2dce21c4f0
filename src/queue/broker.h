/* SPDX-License-Identifier: MIT */
/* broker.h - the shards of scans in a stream of NATS JetStream, each until it is acknowledged.
 *
 * The stream is a work queue with at most one message a shard: to publish what is there changes
 * nothing.  What it holds is a hint and never the truth, which the store has.  All functions may
 * wait some seconds for the broker; they are for one thread at a time. */
#ifndef QUEUE_BROKER_H
#define QUEUE_BROKER_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

#include "base/msgid.h"

/* X(symbol, msgid) */
#define BROKER_TROUBLES(X)                                                                         \
    X(OK, "")                                                                                      \
    X(NOTHING, "") /* no shard is waiting, or the shard is there */                                \
    X(AWAY, N_("no NATS server responds there; check the address and start nats-server"))          \
    X(LOGIN, N_("the NATS server refused the login; check the file of --queue-credentials"))       \
    X(DENIED, N_("the NATS server denies access to the subjects mtasts.> and $JS.API.>; grant "    \
                 "publish and subscribe permissions"))                                             \
    X(TLS, N_("TLS with the NATS server failed; check --queue-ca and whether the address must "    \
              "begin with tls://"))                                                                \
    X(NO_JETSTREAM, N_("JetStream is disabled on the NATS server; start nats-server with -js"))    \
    X(FULL, N_("the NATS server has no room for the stream; free some space or raise the limits "  \
               "of JetStream"))                                                                    \
    X(VERSION, N_("the NATS server is too old or the stream mtasts-scan was not created by "       \
                  "mtasts; nats-server 2.9 or later is required"))                                 \
    X(REPLICAS, N_("the NATS servers are too few for this number of replicas; use --replicas 1"))  \
    X(CREDENTIALS, N_("the file of --queue-credentials could not be read"))                        \
    X(OTHER, N_("the NATS server failed"))

enum broker_status {
#define X(symbol, text) BROKER_##symbol,
    BROKER_TROUBLES(X)
#undef X
};

/* A msgid, without a full stop. */
const char *broker_trouble_text(enum broker_status status);

struct broker_options {
    const char *urls;        /* one or more, separated by commas */
    const char *credentials; /* a file; NULL: none */
    const char *ca_file;     /* of PEM; NULL: those of the system */
    int64_t replicas;        /* of a stream that is made */
    const char *client;      /* what the broker's log calls us */
};

struct broker;

/* Connects, and makes the stream where it is not there.  Later it connects again by itself.
 * ret_detail: what the library said, owned by ctx, or NULL. */
enum broker_status broker_open(TALLOC_CTX *ctx, const struct broker_options *options,
                               struct broker **ret, char **ret_detail);
/* The same as broker_open() does, where the broker may have lost it. */
enum broker_status broker_mend(struct broker *broker);
/* What the library said of the last failure.  Borrowed. */
const char *broker_detail(const struct broker *broker);

/* NOTHING: it is there already.  first: at the beginning of a scan; the message then has an id, so
 * that none is added again while its first delivery is fresh. */
enum broker_status broker_publish(struct broker *broker, int64_t scan, int64_t shard, bool first);

/* One that was delivered; freeing it says nothing to the broker. */
struct handout {
    int64_t scan, shard;
    void *message; /* the library's */
    struct broker *broker;
};
/* Waits so long.  *ret is owned by ctx. */
enum broker_status broker_fetch(struct broker *broker, TALLOC_CTX *ctx, int64_t wait_ms,
                                struct handout **ret);

#define BROKER_SIGN_MS 4000 /* so often a shard in work is to be vouched for */
#define BROKER_WAIT_S  20   /* without a sign it is delivered to another worker */

enum broker_word {
    BROKER_DONE,    /* it leaves the stream */
    BROKER_BACK,    /* another may have it */
    BROKER_WORKING, /* a sign of life */
};
/* Where the connection is lost it is sent later, or never: then it is delivered again. */
void broker_say(struct handout *handout, enum broker_word word);

#endif
