/* SPDX-License-Identifier: MIT */
/* policy_key.h - the four keys of a policy, and how people miswrite them. */
#ifndef STS_POLICY_KEY_H
#define STS_POLICY_KEY_H

#include "base/bytes.h"

/* The fields of RFC 8461; those before MX count once. */
enum policy_key { KEY_VERSION, KEY_MODE, KEY_MAX_AGE, KEY_MX, KEY_UNKNOWN };

/* "max_age"; key is not UNKNOWN. */
const char *policy_key_name(enum policy_key key);
/* The field whose key this is, in whatever case; UNKNOWN: none. */
enum policy_key policy_key_find(struct bytes key);
/* The field that was plainly meant: "max-age", "Modes", "nmx", "version\t"; UNKNOWN: none. */
enum policy_key policy_key_meant(struct bytes key);
/* Does a key with its colon (or an equals sign) begin here, in whatever case, "max_age :" too? */
enum policy_key policy_key_begins(struct bytes text);

#endif
