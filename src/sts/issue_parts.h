/* SPDX-License-Identifier: MIT */
/* issue_parts.h - the parts of a text that the sentence about one of its issues shows. */
#ifndef STS_ISSUE_PARTS_H
#define STS_ISSUE_PARTS_H

#include "base/bytes.h"
#include "mtasts/issue.h"

/* All but the two names point into the text. */
struct issue_parts {
    struct bytes line;     /* the one that holds the issue, without its end; a record is one */
    struct bytes key;      /* what stands before its colon, without blanks; may be empty */
    struct bytes found;    /* the extent of the issue; may be empty */
    const char *wanted;    /* the key that was meant, where it is another; NULL */
    const char *character; /* the one at its begin that cannot be seen, by its name; NULL */
};

struct issue_parts issue_parts(const struct sts_issue *issue, struct bytes text);

#endif
