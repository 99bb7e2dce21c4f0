/* SPDX-License-Identifier: MIT */
/* extension.h - the grammar of extension fields, which records and policies share. */
#ifndef STS_EXTENSION_H
#define STS_EXTENSION_H

#include "base/bytes.h"
#include "mtasts/issue.h"

/* A fault and the part of the text it is in; STS_REASON_NONE: there is none. */
struct extension_fault {
    enum sts_issue_reason reason;
    size_t at, length;
};

/* Letter or digit, then up to 31 of those and _ - . */
struct extension_fault extension_name_fault(struct bytes name);
/* In a record: visible ASCII without '=' and ';'. */
struct extension_fault extension_record_value_fault(struct bytes value);
/* In a policy: visible characters of UTF-8, spaces between them. */
struct extension_fault extension_policy_value_fault(struct bytes value);

#endif
