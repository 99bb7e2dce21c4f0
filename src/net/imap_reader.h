/* SPDX-License-Identifier: MIT */
/* imap_reader.h - the bytes of an IMAP server cut into responses (RFC 3501 section 2.2.2).
 *
 * A response is a line in which literals may stand, "{5}" CR LF and five bytes of any kind: where
 * it ends is known only by counting them, so that a line inside a mail is never taken for an
 * answer. The literal of a body is handed on as it comes; short ones elsewhere stay in the text of
 * the response as they were.  Private to net/. */
#ifndef NET_IMAP_READER_H
#define NET_IMAP_READER_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

#include "base/bytes.h"

struct imap_reader {
    char *text; /* of the response so far; a body stands as NIL */
    size_t length, room;
    size_t fixed;     /* so much of it is no line: what stands there begins no literal */
    uint32_t literal; /* bytes of it that are to come */
    bool body;        /* they are a body's */
    uint64_t bodies;  /* bytes of bodies of this response */
    bool too_large;   /* a body was dropped */
    void (*take)(void *arg, const char *data, size_t length);
    void *arg;
};

enum imap_read {
    IMAP_READ_MORE,     /* all was taken, the response goes on */
    IMAP_READ_RESPONSE, /* imap_reader_text(); then imap_reader_next() */
    IMAP_READ_LIMIT,    /* it is too long, or a literal is */
    IMAP_READ_NOMEM,
};

/* Takes from *bytes what belongs to the response. */
enum imap_read imap_reader_feed(TALLOC_CTX *ctx, struct imap_reader *reader, struct bytes *bytes);
/* Without its line end. */
struct bytes imap_reader_text(const struct imap_reader *reader);
void imap_reader_next(struct imap_reader *reader);

#endif
