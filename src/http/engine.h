/* SPDX-License-Identifier: MIT */
/* engine.h - requests out of the bytes of a connection, without a socket (RFC 9112).
 *
 * The caller gives what has come and takes one event after the other, each with what it was made
 * of taken from the front of the bytes; so it decides when the next request is read, and pipelined
 * ones wait in its own buffer.  What the engine allocates is a head, and limits.h has its ceiling;
 * pieces of a body are those of the bytes given.  After an error the connection is of no use any
 * more: nobody knows where the next request would begin.  Answer and close. */
#ifndef HTTP_ENGINE_H
#define HTTP_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

#include "base/bytes.h"
#include "http/fault.h"
#include "http/request.h"

struct http_engine;

enum http_event_kind {
    HTTP_EVENT_MORE,  /* nothing: more bytes are needed */
    HTTP_EVENT_HEAD,  /* `request`; say what body it may have: http_engine_allow() */
    HTTP_EVENT_BODY,  /* `piece`, not empty; borrowed from the bytes given */
    HTTP_EVENT_END,   /* the request is complete */
    HTTP_EVENT_ERROR, /* `fault`; the same again at each further call */
};

struct http_event {
    enum http_event_kind kind;
    struct http_request
        *request; /* the caller's: to be freed, or moved from the engine it hangs on */
    struct bytes piece;
    struct http_fault fault;
};

/* What a connection waits for; each has a deadline of its own. */
enum http_phase {
    HTTP_PHASE_IDLE, /* the first byte of a request; the peer may close without harm */
    HTTP_PHASE_HEAD,
    HTTP_PHASE_BODY,
    HTTP_PHASE_OVER, /* nothing: after an error, or a request that was the connection's last */
};

/* NULL: no memory. */
struct http_engine *http_engine_new(TALLOC_CTX *ctx);
/* Takes from the front of *input what leads to the next event.  An event does not need new bytes
 * (the end of a request without a body), so call it until it says HTTP_EVENT_MORE, with what is
 * left, or until there is something to answer. */
struct http_event http_engine_next(struct http_engine *engine, struct bytes *input);
/* After a head: its body may have so many bytes.  Without this call it may have none.  What is more
 * is an error 413: at the next event where the length is known beforehand, else when the chunk is
 * announced that goes beyond.  False: the length is known, and it is too large. */
bool http_engine_allow(struct http_engine *engine, int64_t max);
enum http_phase http_engine_phase(const struct http_engine *engine);

#endif
