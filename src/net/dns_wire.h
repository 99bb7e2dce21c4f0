/* SPDX-License-Identifier: MIT */
/* dns_wire.h - a DNS message (RFC 1035 section 4) as facts.
 *
 * The C library's message walker does the bounds; this file follows the CNAME chain from the name
 * asked and keeps the records of the type asked that its end owns.  Records of other owners are not
 * looked at: an answer for a name that was not asked is no answer. */
#ifndef NET_DNS_WIRE_H
#define NET_DNS_WIRE_H

#include <stddef.h>

#include <mtasts/status.h>

#include "facts/facts.h"

/* Fills outcome, rcode, cnames, records, truncated, ttl and negative_ttl of `answer`, whose name
 * and type are set; what hangs on it belongs to it.  A message that is none: outcome FAILED, rcode
 * "malformed".  Error: STS_E_NOMEM. */
STS_MUST_USE enum sts_status dns_wire_read(struct dns_answer *answer, const void *packet,
                                           size_t length);
/* "SERVFAIL" for 2; "RCODE 99" for unknown ones is owned by ctx.  NULL for 0 and for no memory. */
const char *dns_rcode_name(void *ctx, int rcode);
/* The number of the type in the protocol. */
int dns_type_number(enum dns_type type);

#endif
