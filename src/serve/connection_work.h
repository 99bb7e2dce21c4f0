/* SPDX-License-Identifier: MIT */
/* connection_work.h - what a connection consists of: connection.c (its phases), connection_bytes.c
 * (reading, writing, deadlines) and connection_requests.c (requests and exchanges).  Private to
 * serve/. */
#ifndef SERVE_CONNECTION_WORK_H
#define SERVE_CONNECTION_WORK_H

#include <sys/types.h>

#include "http/engine.h"
#include "net/tls_server.h"
#include "serve/body.h"
#include "serve/connection.h"
#include "serve/exchange_work.h"
#include "serve/limits.h"
#include "serve/meter.h"
#include "serve/soon.h"

/* A connection is in one phase at a time:
 *
 *   READ    the handshake of TLS, then the engine reads a request, or none has begun
 *   ANSWER  the route has it; what comes meanwhile is kept, up to LIMIT_AHEAD
 *   LINGER  a request was refused before its body was read: who still sends would be reset by a
 *           plain close, and never see why
 *   OVER    it is closed before this turn ends */
enum connection_phase { PHASE_READ, PHASE_ANSWER, PHASE_LINGER, PHASE_OVER };

struct connection {
    struct connection_request request;
    struct loop *loop;
    char *peer;
    struct descriptor_watch *readable, *writable;
    struct loop_timer *timer;
    struct soon_entry soon;
    struct buffer in, out;
    struct tls_stream *tls; /* NULL: it is plain */
    struct http_engine *engine;
    enum connection_phase phase;
    int64_t since;    /* when the phase began, and within READ the head or the body */
    int64_t progress; /* when bytes were last sent, or the first of them put */
    struct exchange *exchange;
    struct body *body; /* NULL: the request has none */
    int64_t ended_at;  /* when the peer ended its side */
    int64_t looked;    /* when it was last looked whether it has gone since */
    size_t lingered;
    size_t counted; /* bytes unsent, as the crowd has them */
    bool last;      /* no further request is taken */
    bool ended;     /* the peer sends no more */
    bool used;      /* a request came before */
    bool held;      /* a request is not taken, since too much is unsent */
};

void connection_enter(struct connection *connection, enum connection_phase phase);
void connection_go_on_soon(struct connection *connection);

/* ---- bytes ----------------------------------------------------------------------------------- */

size_t connection_unsent(const struct connection *connection);
/* So much waits to be sent, here or to its address, that no further request is taken. */
bool connection_is_full(const struct connection *connection);
/* Tells the crowd; with nothing, that it has ended. */
void connection_count_unsent(struct connection *connection, size_t unsent);
/* Into the buffer `in`: as recv() returns; without memory -1 with errno ENOMEM. */
ssize_t connection_receive(struct connection *connection);
bool connection_is_shaking_hands(const struct connection *connection);
bool connection_waits_to_write(const struct connection *connection);
void connection_send(struct connection *connection);
/* The peer sends no more and takes nothing either: it has reset the connection. */
bool connection_is_reset(const struct connection *connection);
/* In PHASE_LINGER the answer is out: say so, and read on. */
void connection_say_end(struct connection *connection);
int64_t connection_deadline(const struct connection *connection);

/* ---- requests -------------------------------------------------------------------------------- */

/* Out of the buffer `in`.  False: there is nothing to go on with. */
bool connection_take_step(struct connection *connection);
/* The peer sends no more.  It may wait for the answer (RFC 9112 9.6), or have gone: a peer that is
 * asked to go on, which means nothing to it, answers with a reset if it has gone. */
void connection_probe(struct connection *connection);
/* The exchange that waits for it hears that all was sent. */
void connection_tell_sent(struct connection *connection);

#endif
