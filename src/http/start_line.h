/* SPDX-License-Identifier: MIT */
/* start_line.h - the first line of a request (RFC 9112 section 3).  Private to http/. */
#ifndef HTTP_START_LINE_H
#define HTTP_START_LINE_H

#include "base/bytes.h"
#include "http/fault.h"
#include "http/request.h"

/* Sets method, minor, path and query, which are owned by the request, a talloc context. */
struct http_fault http_start_line(struct http_request *request, struct bytes line);

#endif
