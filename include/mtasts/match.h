/* SPDX-License-Identifier: MIT */
/* match.h - host names, and whether a policy covers one (RFC 8461 section 4.1).
 *
 * Names inside are lower-case A-labels without a final dot; sts_name_from_user() makes them so.
 * A pattern is a whole name, or "*." and a name: the star stands for exactly one left-most label.
 * The same rule judges a certificate's SAN dNSName (RFC 6125 section 6.4.3 as RFC 8461 narrows it).
 */
#ifndef MTASTS_MATCH_H
#define MTASTS_MATCH_H

#include <stdbool.h>
#include <stddef.h>

#include <mtasts/policy.h>
#include <mtasts/status.h>

#ifdef __cplusplus
extern "C" {
#endif

#define STS_NAME_SIZE 256 /* bytes that hold any host name and its NUL */

/* What a person typed (U-labels, capitals, a final dot) as a host name.  STS_E_INVALID where it is
 * no domain name; STS_E_NOMEM.  IDNA2008, non-transitional. */
STS_API STS_MUST_USE enum sts_status sts_name_from_user(const char *text, char name[STS_NAME_SIZE]);

/* Does the pattern match the host?  Case is ignored; a final dot of the host is not looked at.  An
 * invalid pattern or host matches nothing. */
STS_API bool sts_name_match(const char *pattern, const char *host);

/* Is the host covered by the policy?  *ret_pattern (may be NULL) is the first pattern that matches,
 * borrowed from the policy, NULL if none does. */
STS_API bool sts_policy_covers(const struct sts_policy *policy, const char *host,
                               const char **ret_pattern);

#ifdef __cplusplus
}
#endif

#endif
