/* SPDX-License-Identifier: MIT */
/* cause.h - what most likely stands behind a failure in a TLS report.
 *
 * Result types are not comparable between senders: one calls every TLS error
 * certificate-not-trusted, another writes validation-failure for a host the policy does not cover.
 * So the cause is found by sender, result type, the words of the failure-reason-code, and which
 * members are there. */
#ifndef RULES_CAUSE_H
#define RULES_CAUSE_H

#include "reports/reports.h"
#include "rules/rules.h"

enum cause_host {
    CAUSE_ANY_HOST,
    CAUSE_WITH_HOST,      /* a receiving-mx-hostname is there: it failed at the mail server */
    CAUSE_WITHOUT_HOST,   /* none is there: it failed before, at the policy */
    CAUSE_HOST_UNCOVERED, /* it is there, and the policy in the report does not cover it */
    CAUSE_HOST_COVERED,   /* it is there, and the policy in the report covers it */
    CAUSE_UNDER_TLSA,     /* reported under a TLSA policy */
};

/* Whose fault most likely?  X(symbol, name) */
#define CAUSE_FAULTS(X)                                                                            \
    X(YOURS, "yours")       /* the domain's: its servers, DNS or policy */                         \
    X(SENDER, "sender")     /* the sender's: its own set-up */                                     \
    X(PROVIDER, "provider") /* the provider's that runs the MX host */                             \
    X(BETWEEN, "between")   /* what is between the two: the network, filters, a mismatch of TLS */ \
    X(UNCLEAR, "unclear")   /* the report does not tell */

enum cause_fault {
#define X(symbol, name) CAUSE_FAULT_##symbol,
    CAUSE_FAULTS(X)
#undef X
        CAUSE_FAULT_COUNT
};
const char *cause_fault_name(enum cause_fault fault);

struct cause {
    const char *name;        /* "mx-not-covered": never changes its meaning */
    const char *result_type; /* NULL: any */
    const char *sender;      /* a part of the sender's name; NULL: any */
    const char *reason;      /* a part of the reason or of the information; NULL: any */
    enum cause_host host;
    enum cause_fault fault;
    const char *detail; /* msgid: places {senders} {count} {at} {domain} {result_type}; {reason} in
                           rows with a reason */
};

/* Does the policy under which it failed cover the host? */
enum cause_cover { COVER_UNKNOWN, COVER_YES, COVER_NO };
enum cause_cover cause_cover(const struct tally_failure *failure);

/* The first row that fits; the last fits everything.  Never NULL. */
const struct cause *cause_of(const struct tally_failure *failure);
/* Steps for this cause, msgids, before those of the finding's advice; NULL: none. */
const char *const *cause_fix(const struct cause *cause);
extern const struct cause cause_rows[]; /* ends with the row that fits everything */

#endif
