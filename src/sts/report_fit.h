/* SPDX-License-Identifier: MIT */
/* report_fit.h - strangers' texts as a report may hold them; private to sts/.
 *
 * Each function copies; NULL: nothing is left of the text, or there was no memory. */
#ifndef STS_REPORT_FIT_H
#define STS_REPORT_FIT_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

struct fitting {
    TALLOC_CTX *mem;
    bool no_memory; /* sticky */
};

typedef char *fit_fn(struct fitting *fitting, const char *text);

/* One line of UTF-8, at most STS_REPORT_TEXT_MAX bytes. */
char *fit_text(struct fitting *fitting, const char *text);
/* A host name, in lower case without a final dot. */
char *fit_name(struct fitting *fitting, const char *text);
/* The same, and it may begin with "*.". */
char *fit_pattern(struct fitting *fitting, const char *text);
/* The name out of a reply to EHLO: what stands before the first blank or line end. */
char *fit_helo(struct fitting *fitting, const char *text);
/* In the one form that inet_ntop() has for it. */
char *fit_address(struct fitting *fitting, const char *text);
/* A line of a policy. */
char *fit_line(struct fitting *fitting, const char *text);

/* The first STS_REPORT_LINES_MAX of which something is left. */
const char *const *fit_list(struct fitting *fitting, const char *const *list, size_t count,
                            fit_fn *fit, size_t *ret_count);

#endif
