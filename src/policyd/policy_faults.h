/* SPDX-License-Identifier: MIT */
/* policy_faults.h - what is wrong with the protection of a domain that no mail server reports:
 * pure.
 *
 * Mail servers report handshakes.  A host that no pattern of the policy names is passed over before
 * any, as is one whose TLSA records are required and missing; and where records cannot be used or
 * are bogus, Postfix reports a success without a policy, or nothing (RFC 8460 section 4.3). */
#ifndef POLICYD_POLICY_FAULTS_H
#define POLICYD_POLICY_FAULTS_H

#include <mtasts/result.h>

#include "facts/facts.h"
#include "policyd/policy_reply.h"

/* One MX host, or the domain itself; "" where there is nothing to say.  Lines have an end between
 * them. */
struct policy_fault {
    enum sts_outcome outcome;
    const char *reason; /* what it is; for one kind of outcome there are several */
    const char *type;   /* of the policy: "sts", "tlsa" */
    const char *domain; /* of the policy; of TLSA records their base domain */
    const char *host;
    const char *lines; /* the policy as it is published, or the TLSA records */
    const char *mx;    /* patterns */
};

struct policy_faults {
    struct policy_fault *list;
    size_t count;
};

struct policy_faults_request {
    const struct policy_known *known; /* its MX hosts are told of by its policy */
    const struct facts *facts; /* of a look-up of the record or of DANE; NULL: none was made */
    bool dane_required;        /* here, by the administrator */
    bool no_policy, no_dane;   /* likewise: whatever is published, it does not count */
};
/* Owned by ctx.  STS_E_NOMEM. */
STS_MUST_USE enum sts_status policy_faults_find(TALLOC_CTX *ctx,
                                                const struct policy_faults_request *request,
                                                struct policy_faults *ret);

/* Is the host, in the policy, one that it names? */
bool policy_names_host(const struct live_policy *policy, const char *host);
/* Its patterns, as events have them.  NULL: no memory. */
char *policy_patterns(TALLOC_CTX *ctx, const struct live_policy *policy);

#endif
