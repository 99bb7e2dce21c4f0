/* SPDX-License-Identifier: MIT */
/* date.h - a time as HTTP writes it (RFC 9110 section 5.6.7). */
#ifndef HTTP_DATE_H
#define HTTP_DATE_H

#include <stdint.h>

#define HTTP_DATE_SIZE 32

/* "Mon, 30 Nov 2026 11:00:00 GMT"; seconds since 1970, not negative. */
void http_date(int64_t now, char text[HTTP_DATE_SIZE]);

#endif
