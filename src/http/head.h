/* SPDX-License-Identifier: MIT */
/* head.h - the head of a request, from its bytes to a struct http_request.  Private to http/. */
#ifndef HTTP_HEAD_READER_H
#define HTTP_HEAD_READER_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include "base/bytes.h"
#include "http/fault.h"
#include "http/request.h"

struct request_head;

/* NULL: no memory. */
struct request_head *request_head_new(TALLOC_CTX *ctx);
/* Takes from the front of *input what belongs to the head.  Its end was reached: *ret_ended. */
struct http_fault request_head_take(struct request_head *head, struct bytes *input,
                                    bool *ret_ended);
/* When it was reached.  The request is owned by ctx. */
struct http_fault request_head_finish(struct request_head *head, TALLOC_CTX *ctx,
                                      struct http_request **ret);

#endif
