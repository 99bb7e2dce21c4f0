/* SPDX-License-Identifier: MIT */
/* grammar.h - the small words of HTTP (RFC 9110 section 5.6). */
#ifndef HTTP_GRAMMAR_H
#define HTTP_GRAMMAR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

/* A character of a method or a field's name (tchar). */
bool http_is_token(unsigned char c);
/* A control character; HTAB is none where it is a blank. */
bool http_is_control(unsigned char c);
/* The value of a hexadecimal digit; -1: it is none. */
int http_hex(unsigned char c);

/* Takes the next member of a list "a, b;q=1, c" from the front of *list, without blanks around it
 * and not empty.  False: there is none left.  A comma within quotes does not end a member. */
bool http_list_next(struct bytes *list, struct bytes *ret);

#endif
