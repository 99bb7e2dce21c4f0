/* SPDX-License-Identifier: MIT */
/* reference_hosts.h - hosts that serve a policy to everybody, and what a fetch shows of our own
 * place; private to probe/. */
#ifndef PROBE_REFERENCE_HOSTS_H
#define PROBE_REFERENCE_HOSTS_H

#include <stdbool.h>
#include <stdint.h>

#include "probe/work.h"

#define REFERENCES 2

/* What is kept of a look; domains share it. */
struct reference_shown {
    bool connected, trusted;
    bool clock_known;
    int64_t clock_offset;
    const char *issuer; /* of the certificate; NULL: none was shown */
};

struct reference_host {
    const char *host;
    struct dns_answer *answer;
    const struct reference_shown *shown; /* NULL: not asked, or not reached in time */
};

/* By an issuer that nobody trusts. */
bool reference_is_untrusted(const struct tls_session *tls);
const char *reference_issuer(const struct tls_session *tls);
/* What the answer says that is to be added to our clock, in seconds.  false: nothing. */
bool reference_offset(const struct https_fetch *fetch, int64_t *ret);
int64_t reference_distance(int64_t a, int64_t b);

#endif
