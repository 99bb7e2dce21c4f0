/* SPDX-License-Identifier: MIT */
/* zone.h - the writers for zone files and nsupdate (RFC 1035 section 5.1).
 *
 * Whatever goes into a line of a zone, or of an update, passes one of these.  NULL: no memory, or
 * what cannot be written there. */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include <talloc.h>

/* A name without its final dot; the signs that a zone file gives a meaning are escaped, escapes of
 * the name stay. */
char *zone_name(TALLOC_CTX *ctx, const char *name);
/* Between quotation marks that stand there already. */
char *zone_quoted(TALLOC_CTX *ctx, const char *text);
/* The data of a TXT record: character-strings of at most 255 octets in quotation marks. */
char *zone_strings(TALLOC_CTX *ctx, const char *text);

#endif
