/* SPDX-License-Identifier: MIT */
/* hname.h - host names: letters, digits and hyphens in labels of 1 to 63 (RFC 5321 Domain). */
#ifndef BASE_HNAME_H
#define BASE_HNAME_H

#include <stdbool.h>

#include "base/bytes.h"

#define HNAME_MAX   253 /* bytes, without a final dot */
#define HNAME_LABEL 63

/* A host name of A-labels in either case, without a final dot.  The last label is not all digits:
 * that would be an address. */
bool hname_valid(struct bytes name);
/* An IPv4 or IPv6 address, in brackets or not. */
bool hname_is_address(struct bytes text);
#define HNAME_ADDRESS_SIZE 46 /* bytes, with the NUL */
/* The same, in the form of inet_ntop(): lower case, no brackets. */
bool hname_address(struct bytes text, char ret[HNAME_ADDRESS_SIZE]);
/* The same name, case of ASCII letters ignored? */
bool hname_equal(struct bytes a, struct bytes b);
/* "mx.example.com" ends with ".example.com", case of ASCII letters ignored; and with itself. */
bool hname_ends_with(const char *name, const char *end);
/* Where the parent begins: behind the first dot.  Empty if there is none. */
struct bytes hname_parent(struct bytes name);
/* The domain that somebody registered, as far as can be told without a list of all public
 * suffixes: the last two labels, or three below "co.uk" and the like.  Points into name; a "*." in
 * front does no harm. */
const char *hname_registered(const char *name);

#endif
