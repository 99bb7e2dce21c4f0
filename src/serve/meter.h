/* SPDX-License-Identifier: MIT */
/* meter.h - what the service counts of itself, for /metrics and the access log. */
#ifndef SERVE_METER_H
#define SERVE_METER_H

#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

struct meter;
struct route;
struct service;

enum meter_refusal {
    METER_CONNECTIONS, /* as many as there may be */
    METER_ADDRESS,     /* as many from one address or network */
    METER_FILES,       /* no open file was left */
    METER_DEADLINE,    /* a phase took too long */
    METER_SLOW_READER, /* a stream was not read fast enough */
    METER_HOST,        /* 421 */
    METER_FOREIGN,     /* 403: a form of another site */
    METER_MALFORMED,   /* no HTTP */
    METER_TOO_LARGE,   /* 413, 414, 431 */
    METER_SPACE,       /* no room for an upload, no memory */
    METER_TLS,         /* a handshake failed */
    METER_REFUSALS     /* so many kinds */
};

struct meter_request {
    const struct route *route; /* NULL: none */
    unsigned status;
    int64_t milliseconds;
};

/* NULL: no memory. */
struct meter *meter_new(TALLOC_CTX *ctx, const struct service *service);
void meter_count(struct meter *meter, const struct meter_request *request);
void meter_refuse(struct meter *meter, enum meter_refusal reason);
void meter_accept(struct meter *meter);

/* What the loop and others know now. */
struct meter_now {
    size_t connections, streams;
    int64_t longest_hold_ms; /* of a turn of the loop, since the last time it was asked */
    size_t jobs_waiting;
    int64_t certificate_expires; /* seconds since 1970; 0: there is no TLS of our own */
};

/* In the text format of Prometheus.  Owned by ctx; NULL: no memory. */
char *meter_text(TALLOC_CTX *ctx, const struct meter *meter, const struct meter_now *now);

#endif
