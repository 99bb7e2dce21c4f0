/* SPDX-License-Identifier: MIT */
/* pasted.h - the domain in what people paste where a domain is expected.
 *
 * A URL, an email address ("Name <a@d>", "mailto:a@d?subject=x"), a host with a port, a name out of
 * a zone ("*.d", "_mta-sts.d", "_smtp._tls.d", "_25._tcp.d"), the policy host "mta-sts.d"; blanks,
 * quotes, brackets and the comma of a list around it.
 *
 * A mail domain may well be called mta-sts.d itself.  Behind an @ the name is taken as it stands,
 * since an email address says exactly that: "@mta-sts.d". */
#ifndef BASE_PASTED_H
#define BASE_PASTED_H

#include <stdbool.h>

#include "mtasts/match.h"

enum pasted_form {
    PASTED_PLAIN,       /* the name alone, in whatever case, as U-labels, with a final dot */
    PASTED_TAKEN,       /* the name out of something else */
    PASTED_POLICY_HOST, /* mta-sts.d, taken as d */
};

/* STS_E_INVALID where no domain name is in it, or it is not clear which; STS_E_NOMEM. */
STS_MUST_USE enum sts_status pasted_domain(const char *text, char name[STS_NAME_SIZE],
                                           enum pasted_form *ret_form);
/* The domain that was meant by a text in which that finds none: "example,org", "example .org",
 * "http//example.org".  False: nothing is near. */
bool pasted_meant(const char *text, char name[STS_NAME_SIZE]);

#endif
