/* SPDX-License-Identifier: MIT */
/* policy_import.h - what another policy daemon has cached, so that nothing that it protects goes
 * without on the day of the change: pure.
 *
 * - The cache file of postfix-tlspol, unpacked: a gob stream.
 * - Lines of postfix-mta-sts-resolver, out of its SQLite or PostgreSQL table sts_policy_cache:
 *   domain, ts, pol_id and pol_body, with tabs between them.
 *
 * A policy keeps the time at which it ends there; one that has ended is not taken.  Where the id of
 * the record is not known, none is made up, and the record leads to a fetch. */
#ifndef POLICYD_POLICY_IMPORT_H
#define POLICYD_POLICY_IMPORT_H

#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include "base/bytes.h"
#include "store/cached_policies.h"

struct policy_import {
    struct store_cached_policy *list; /* owned by ctx; its texts, too */
    size_t count;
    size_t expired;  /* domains of which all that was known has ended */
    size_t unusable; /* no domain, or a policy that no sender would use */
    size_t line;     /* of POLICY_IMPORT_BAD_LINE, from 1 */
};

enum policy_import_fault {
    POLICY_IMPORT_OK,
    POLICY_IMPORT_NO_MEMORY,
    POLICY_IMPORT_EMPTY,
    POLICY_IMPORT_SQLITE,  /* the file itself, of which we want the lines */
    POLICY_IMPORT_NAMES,   /* a list that does not tell when anything ends */
    POLICY_IMPORT_UNKNOWN, /* another program's, or another version's */
    POLICY_IMPORT_ENDS_EARLY,
    POLICY_IMPORT_DAMAGED,
    POLICY_IMPORT_BAD_LINE,
    POLICY_IMPORT_TOO_MANY, /* more than LIMIT_POLICY_DOMAINS */
    POLICY_IMPORT_FAULTS
};
/* A msgid; never NULL, of those that are no fault either. */
const char *policy_import_fault_text(enum policy_import_fault fault);

/* *ret is set in any case; there is nothing to be taken from it where there is a fault. */
enum policy_import_fault policy_import_read(TALLOC_CTX *ctx, struct bytes bytes, int64_t now,
                                            struct policy_import *ret);

#endif
