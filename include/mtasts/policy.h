/* SPDX-License-Identifier: MIT */
/* policy.h - the policy text of MTA-STS (RFC 8461 section 3.2).
 *
 * Parsing never fails on a bad policy: every defect is an issue with line and column.  Two verdicts
 * come from the same pass.  sts_policy_valid() is strict: the RFC's grammar and rules.
 * sts_policy_usable() is what nearly all senders do: blank lines, stray blanks and bad extension
 * fields are forgiven, everything else is not.
 *
 * Repeated version, mode and max_age: the first counts.  Lines end with LF or CRLF (erratum 6253).
 */
#ifndef MTASTS_POLICY_H
#define MTASTS_POLICY_H

#include <stdbool.h>
#include <stddef.h>

#include <mtasts/issue.h>
#include <mtasts/status.h>

#ifdef __cplusplus
extern "C" {
#endif

#define STS_POLICY_MAX        65536     /* bytes, RFC 8461 section 3.3; longer ones: STS_E_LIMIT */
#define STS_POLICY_MX_MAX     1024      /* mx lines kept; more are counted as an issue */
#define STS_POLICY_ISSUES_MAX 1024      /* issues kept */
#define STS_MAX_AGE_MAX       31557600u /* seconds, RFC 8461 section 3.2 */

enum sts_mode { STS_MODE_INVALID, STS_MODE_NONE, STS_MODE_TESTING, STS_MODE_ENFORCE };

struct sts_policy;

/* The text is copied.  *ret is set on STS_OK only; free with sts_policy_free().
 * Errors: STS_E_NOMEM, STS_E_LIMIT. */
STS_API STS_MUST_USE enum sts_status sts_policy_parse(const char *text, size_t length,
                                                      struct sts_policy **ret);
STS_API bool sts_policy_valid(const struct sts_policy *policy);
STS_API bool sts_policy_usable(const struct sts_policy *policy);
/* STS_MODE_INVALID if the mode is missing or wrong. */
STS_API enum sts_mode sts_policy_mode(const struct sts_policy *policy);
/* Seconds; -1 if missing or wrong.  A value above STS_MAX_AGE_MAX is given as written. */
STS_API long long sts_policy_max_age(const struct sts_policy *policy);
/* The valid mx patterns in lower case, in the order of the text.  Borrowed. */
STS_API const char *const *sts_policy_mx(const struct sts_policy *policy, size_t *ret_count);
STS_API const struct sts_issue *sts_policy_issues(const struct sts_policy *policy,
                                                  size_t *ret_count);
STS_API void sts_policy_free(struct sts_policy *policy);

/* "enforce", "testing", "none", "invalid". */
STS_API const char *sts_mode_name(enum sts_mode mode);

#ifdef __cplusplus
}
#endif

#endif
