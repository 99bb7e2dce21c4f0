/* SPDX-License-Identifier: MIT */
/* chunks.h - a body in chunks (RFC 9112 section 7.1).  Private to http/. */
#ifndef HTTP_CHUNKS_H
#define HTTP_CHUNKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "http/fault.h"

enum chunks_state {
    CHUNK_SIZE,
    CHUNK_EXTENSION,
    CHUNK_SIZE_LF,
    CHUNK_DATA,
    CHUNK_CR,
    CHUNK_LF,
    TRAILER_BEGIN, /* of a line; the empty one is the last */
    TRAILER_NAME,
    TRAILER_VALUE,
    TRAILER_LF,
    TRAILERS_LF, /* of the empty line */
    CHUNKS_ENDED
};

/* Begins as zeros, but for `allowed`. */
struct chunks {
    enum chunks_state state;
    unsigned digits;     /* of this size */
    unsigned extensions; /* bytes, of all chunks */
    unsigned trailers;   /* bytes */
    int64_t left;        /* of this chunk */
    int64_t allowed;     /* so many bytes of data may still come */
};

/* Takes from the front of *input up to the next piece, which is empty where more input is needed or
 * the last chunk was read (CHUNKS_ENDED). */
struct http_fault chunks_next(struct chunks *chunks, struct bytes *input, struct bytes *ret_piece);

#endif
