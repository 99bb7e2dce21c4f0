/* SPDX-License-Identifier: MIT */
/* downgrade.h - does what was found now protect less than what was known before?  Pure.
 *
 * Whoever wants mail to a domain unprotected takes away what protects it: the record, the policy or
 * the TLSA records.  The policy that is cached applies to its end all the same (RFC 8461 section
 * 10.2); but somebody should know before that. */
#ifndef POLICYD_DOWNGRADE_H
#define POLICYD_DOWNGRADE_H

#include "policyd/lookup.h"
#include "policyd/policy_cache.h"

enum downgrade {
    DOWNGRADE_RECORD,      /* it is gone while a policy in enforce applies */
    DOWNGRADE_MODE,        /* enforce has become testing or none */
    DOWNGRADE_PATTERNS,    /* a new one covers hosts that none covered before */
    DOWNGRADE_MAX_AGE,     /* less than a quarter of what it was */
    DOWNGRADE_CERTIFICATE, /* of the policy host, which was good when the policy was fetched */
    DOWNGRADE_DANE,        /* it no longer protects all MX hosts */
    DOWNGRADES
};
/* "record", "mode" ... */
const char *downgrade_name(enum downgrade downgrade);

/* A bit each; before it is put into the entry.  What stays as it was is told once. */
unsigned downgrades_of(const struct policy_entry *entry, const struct policy_found *found,
                       int64_t now);

#endif
