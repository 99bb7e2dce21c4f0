/* SPDX-License-Identifier: MIT */
/* policy_lines.h - a policy text, line by line, and what it is when it is no policy at all. */
#ifndef STS_POLICY_LINES_H
#define STS_POLICY_LINES_H

#include "base/bytes.h"
#include "sts/issues.h"

struct line {
    struct bytes text; /* without its end */
    size_t offset;     /* of its first byte */
    size_t indent;     /* bytes before it that are no text: a byte order mark */
    unsigned number;   /* from 1 */
};

struct policy_lines {
    struct bytes text;
    struct issues *issues;
    size_t at;       /* where the next line begins */
    unsigned number; /* of the next line */
};

/* False where the text is something else as a whole (nothing, HTML, JSON, UTF-16): one issue says
 * so, and there are no lines. */
bool policy_lines_open(struct policy_lines *lines, struct issues *issues, struct bytes text);
/* Ends are LF and CRLF (erratum 6253).  A bare CR is an issue and ends a line as well, so that
 * what follows can be read. */
bool policy_lines_next(struct policy_lines *lines, struct line *ret_line);
/* at, length: in the line */
struct sts_issue policy_lines_place(const struct line *line, enum sts_issue_code code,
                                    enum sts_issue_reason reason, size_t at, size_t length);

#endif
