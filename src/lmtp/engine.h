/* SPDX-License-Identifier: MIT */
/* engine.h - LMTP as a server speaks it (RFC 2033), without a socket: bytes in, messages and
 * replies out.
 *
 * One strict reading: lines end with CR LF and nothing else does, a message ends with CR LF "." CR
 * LF, nothing may be sent behind DATA before it was answered, and every size has a ceiling.  A
 * message in which a CR or LF stands alone is refused as a whole, since two servers may disagree
 * about where it ends. */
#ifndef LMTP_ENGINE_H
#define LMTP_ENGINE_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "base/bytes.h"

#define LMTP_LINE_MAX       2048        /* of a command, with its line end */
#define LMTP_MESSAGE_MAX    (32u << 20) /* three times what mail servers take by default */
#define LMTP_RECIPIENTS_MAX 100         /* RFC 5321 section 4.5.3.1.8 */
#define LMTP_FAULTS_MAX     20          /* commands that are refused, then we hang up */
#define LMTP_OUTPUT_MAX     65536       /* replies that nobody reads */

struct lmtp_engine;

enum lmtp_state {
    LMTP_TALK,    /* feed what comes */
    LMTP_MESSAGE, /* one is complete: lmtp_engine_take_message(), later lmtp_engine_answer() */
    LMTP_OVER,    /* send what is left and hang up */
};

/* What becomes of a message, for each of its recipients. */
enum lmtp_verdict {
    LMTP_STORED, /* 250 */
    LMTP_LATER,  /* 451: busy, or the disk is full */
};

/* host: names us in the greeting; copied. */
STS_MUST_USE enum sts_status lmtp_engine_new(TALLOC_CTX *ctx, const char *host,
                                             struct lmtp_engine **ret);
/* Is a message under way, so that its text is to come? */
bool lmtp_engine_in_text(const struct lmtp_engine *engine);
enum lmtp_state lmtp_engine_state(const struct lmtp_engine *engine);
/* In the state LMTP_TALK.  Takes bytes up to the end of a message, whose state it then has;
 * *ret_used: how many. */
STS_MUST_USE enum sts_status lmtp_engine_feed(struct lmtp_engine *engine, const void *data,
                                              size_t length, size_t *ret_used);
/* Replies to send, NULL: none.  Borrowed until the next call; taken as sent. */
const char *lmtp_engine_output(struct lmtp_engine *engine, size_t *ret_length);

/* In the state LMTP_MESSAGE, once: the message, owned by ctx from then on.  Its recipients are
 * borrowed until the answer. */
struct bytes lmtp_engine_take_message(struct lmtp_engine *engine, TALLOC_CTX *ctx);
const char *const *lmtp_engine_recipients(const struct lmtp_engine *engine, size_t *ret_count);
STS_MUST_USE enum sts_status lmtp_engine_answer(struct lmtp_engine *engine,
                                                enum lmtp_verdict verdict);

#endif
