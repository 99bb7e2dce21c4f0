/* SPDX-License-Identifier: MIT */
/* escape.h - percent-encoded bytes (RFC 3986 section 2.1). */
#ifndef HTTP_ESCAPE_H
#define HTTP_ESCAPE_H

#include <stdbool.h>

#include "base/scanner.h"

/* Takes "%41", which comes next.  False: it is no escape, or stands for NUL. */
bool http_escape_take(struct scanner *scanner, char *ret);

#endif
