/* SPDX-License-Identifier: MIT */
/* gzip.h - answers packed by gzip.
 *
 * Never of a page in which something secret (a token) stands beside what a stranger can choose: the
 * length gives the secret away bit by bit (BREACH). */
#ifndef HTTP_GZIP_H
#define HTTP_GZIP_H

#include <stdbool.h>

#include <talloc.h>

#include "base/bytes.h"

/* Does packing make such a body smaller?  Texts above 1 KB, that is. */
bool http_gzip_worth(const char *type, size_t length);

/* The whole body, owned by ctx.  False: no memory; it is sent as it is. */
bool http_gzip(TALLOC_CTX *ctx, struct bytes body, struct bytes *ret);
/* The same, smaller and slower: for what is packed once and sent to several. */
bool http_gzip_once(TALLOC_CTX *ctx, struct bytes body, struct bytes *ret);

/* A body that comes in pieces, of each of which the reader sees all at once: HTML as it becomes
 * known, events.  About 26 KB each, so that many may be open. */
struct http_gzip_stream;

/* NULL: no memory. */
struct http_gzip_stream *http_gzip_stream_new(TALLOC_CTX *ctx);
/* What is to be sent for this piece, owned by ctx; after the last piece no other comes.  False: no
 * memory, and the stream is of no use any more. */
bool http_gzip_stream_write(struct http_gzip_stream *stream, TALLOC_CTX *ctx, struct bytes piece,
                            bool last, struct bytes *ret);

#endif
