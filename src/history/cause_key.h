/* SPDX-License-Identifier: MIT */
/* cause_key.h - what a finding of one domain has in common with those of others: the MX host, the
 * certificate, the host or the provider of the policy.
 *
 * A key is "KIND:VALUE".  The store keeps it with each finding, and those that a domain uses,
 * faulty or not, as its parts (store/rollups.h), so that it can be said how many domains share it.
 */
#ifndef HISTORY_CAUSE_KEY_H
#define HISTORY_CAUSE_KEY_H

#include <talloc.h>

#include "rules/rules.h"

/* X(symbol, kind): what the value is */
#define CAUSE_KINDS(X)                                                                             \
    X(MX, "mx")                   /* an MX host */                                                 \
    X(NOT_COVERED, "not-covered") /* an MX host that policies do not list; its part is "mx" */     \
    X(CERTIFICATE, "cert")        /* beginning of the digest, ':', a name in it */                 \
    X(POLICY_HOST, "policy-host") /* what mta-sts.DOMAIN is an alias of */                         \
    X(POLICY_ADDRESS, "policy-address") /* ... or the first address that it has */                 \
    X(PROVIDER, "provider")             /* of the mail, by its id (vendors/provider.h) */          \
    X(OWN, "own")                       /* code of a finding that says what our network hides */   \
    X(CODE, "code")                     /* code of a finding that has nothing in common but that */

enum cause_kind {
#define X(symbol, name) CAUSE_##symbol,
    CAUSE_KINDS(X)
#undef X
        CAUSE_KIND_COUNT
};

#define CAUSE_KEY_MAX 400 /* bytes of a key */

/* *ret_value: what follows the colon.  CAUSE_KIND_COUNT: it is no key. */
enum cause_kind cause_kind_of(const char *key, const char **ret_value);

/* Of a finding; owned by ctx.  NULL: no memory. */
const char *cause_key(TALLOC_CTX *ctx, const struct diagnosis *diagnosis,
                      const struct finding *finding);
/* What the domain uses, sorted, each once; owned by ctx. */
STS_MUST_USE enum sts_status cause_parts(TALLOC_CTX *ctx, const struct diagnosis *diagnosis,
                                         const char *const **ret, size_t *ret_count);

#endif
