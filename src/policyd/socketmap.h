/* SPDX-License-Identifier: MIT */
/* socketmap.h - the protocol by which Postfix and Sendmail ask for a table's value, without a
 * socket: bytes in, requests out, replies written (socketmap_table(5)).
 *
 * A client sends a request and waits for its reply.  One that sends several at once gets the
 * replies in their order if each is answered before the next is taken. */
#ifndef POLICYD_SOCKETMAP_H
#define POLICYD_SOCKETMAP_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include "base/bytes.h"

/* ---- requests -------------------------------------------------------------------------------- */

enum socketmap_event {
    SOCKETMAP_MORE,    /* nothing: more bytes are needed */
    SOCKETMAP_REQUEST, /* "MAP KEY"; what follows waits in the input */
    SOCKETMAP_STRANGE, /* well framed, but no blank in it: answer PERM and go on */
    SOCKETMAP_BROKEN,  /* the connection is of no use any more: close it */
};

struct socketmap_request {
    struct bytes map, key; /* borrowed from the input; may hold any byte */
};

/* Takes the next request from the front of *input.  What is left after SOCKETMAP_MORE is never
 * longer than socketmap_room(). */
enum socketmap_event socketmap_next(struct bytes *input, struct socketmap_request *ret);
size_t socketmap_room(void);

/* ---- replies --------------------------------------------------------------------------------- */

/* The payload of SOCKETMAP_NOT_FOUND; the blank is of the documented form, and Sendmail's. */
#define SOCKETMAP_NOTHING "NOTFOUND "

/* To Postfix the last three are one: the mail is deferred, and the reason is logged. */
enum socketmap_status {
    SOCKETMAP_OK,        /* and the value */
    SOCKETMAP_NOT_FOUND, /* the text is not sent */
    SOCKETMAP_TEMP,      /* and the reason; as of the others */
    SOCKETMAP_TIMEOUT,
    SOCKETMAP_PERM,
};

/* The payload of a reply, owned by ctx.  A value is taken as it is: it must not be empty, and with
 * "OK " in front of it no longer than LIMIT_SOCKETMAP_REPLY, or NULL is returned.  A reason is made
 * printable and cut.  NULL also: no memory. */
char *socketmap_reply(TALLOC_CTX *ctx, enum socketmap_status status, const char *text);

/* What a connection has to send. */
struct socketmap_output {
    TALLOC_CTX *ctx;
    char *bytes;
    size_t length, room;
};

/* The payload as a netstring, at the end.  False: no memory, and nothing was added. */
bool socketmap_put(struct socketmap_output *output, struct bytes payload);
/* So many bytes were sent. */
void socketmap_sent(struct socketmap_output *output, size_t length);

#endif
