/* SPDX-License-Identifier: MIT */
/* event_stream.h - server-sent events as they go over the wire (text/event-stream of HTML). */
#ifndef HTTP_EVENT_STREAM_H
#define HTTP_EVENT_STREAM_H

#include <stdint.h>

#include <talloc.h>

#define EVENT_STREAM_TYPE "text/event-stream"
/* A line that is dropped by the reader and keeps the connection alive. */
#define EVENT_STREAM_COMMENT ":\n\n"

struct stream_event {
    const char *id;   /* comes back as Last-Event-ID; NULL: none */
    const char *name; /* NULL: "message" */
    const char *data; /* may have line ends; the reader gets LF for each.  NULL: none, and so no
                       * event: id and retry alone count */
    int retry_ms;     /* the reader's pause before it comes back; 0: not said */
};

/* Owned by ctx.  An id or name with a line end in it is left out.  NULL: no memory. */
char *event_stream_text(TALLOC_CTX *ctx, const struct stream_event *event);

#endif
