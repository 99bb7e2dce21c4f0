/* SPDX-License-Identifier: MIT */
/* mx_pattern.h - the value of an "mx" line: ["*."] host name. */
#ifndef STS_MX_PATTERN_H
#define STS_MX_PATTERN_H

#include "base/bytes.h"
#include "mtasts/issue.h"

/* What keeps this from being a pattern; STS_REASON_NONE: nothing. */
enum sts_issue_reason mx_pattern_fault(struct bytes pattern);

#endif
