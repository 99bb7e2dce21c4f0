/* SPDX-License-Identifier: MIT */
/* policy_key.h - the key of a look-up, as mail servers send it, and the domain whose policy counts.
 *
 * Postfix asks for the next hop as it is written: in capitals, in U-labels, with a port or in
 * brackets.  Where that is a plain domain and was not found it asks for each parent too, with a dot
 * in front (".example.com"); no policy covers a subdomain (RFC 8461 section 3.1). */
#ifndef POLICYD_POLICY_KEY_H
#define POLICYD_POLICY_KEY_H

#include <mtasts/match.h>

#include "base/bytes.h"

enum policy_key_kind {
    POLICY_KEY_DOMAIN,
    /* The others are not found, without a look-up: */
    POLICY_KEY_PARENT,  /* ".example.com" */
    POLICY_KEY_HOST,    /* "[host]": no MX records are used, so that no policy covers it */
    POLICY_KEY_ADDRESS, /* "192.0.2.1" */
    POLICY_KEY_UNUSABLE /* no host name: no certificate can be for its policy host; "a_b.example" */
};

/* domain: written for POLICY_KEY_DOMAIN only; lower-case A-labels without a final dot or port.
 * Where memory runs out, a name with U-labels is UNUSABLE. */
enum policy_key_kind policy_key_read(struct bytes key, char domain[STS_NAME_SIZE]);
/* "parent", "host" ... */
const char *policy_key_kind_name(enum policy_key_kind kind);

#endif
