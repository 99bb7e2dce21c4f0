/* SPDX-License-Identifier: MIT */
/* smtp_engine.h - the dialogue with an MX host, without a socket (RFC 5321, RFC 3207).
 *
 * Greeting, EHLO (HELO where that is refused), STARTTLS, EHLO, QUIT and nothing else.  Bytes in,
 * bytes out; it writes what it learns into a struct smtp_session.  Every line, reply and session
 * has a ceiling (limits.h). */
#ifndef NET_SMTP_ENGINE_H
#define NET_SMTP_ENGINE_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "facts/facts.h"

struct smtp_engine;

enum smtp_state {
    SMTP_TALK,      /* send what smtp_engine_output() gives, feed what comes */
    SMTP_START_TLS, /* the peer said 220: begin the handshake, then smtp_engine_secured() */
    SMTP_DONE,      /* outcome and phase of the session are set */
};

/* The session is filled in as the dialogue goes, also where it is cut off; what hangs on it belongs
 * to it, so it is a talloc context and outlives the engine. */
STS_MUST_USE enum sts_status smtp_engine_new(TALLOC_CTX *ctx, struct smtp_session *session,
                                             const char *helo, struct smtp_engine **ret);
enum smtp_state smtp_engine_state(const struct smtp_engine *engine);
/* Plain text from the peer, before TLS or decrypted. */
STS_MUST_USE enum sts_status smtp_engine_feed(struct smtp_engine *engine, const void *data,
                                              size_t length);
void smtp_engine_eof(struct smtp_engine *engine);
/* Bytes to send, NULL if there are none.  Borrowed; taken as sent. */
const char *smtp_engine_output(struct smtp_engine *engine, size_t *ret_length);
/* TLS stands: what follows is encrypted. */
STS_MUST_USE enum sts_status smtp_engine_secured(struct smtp_engine *engine);

#endif
