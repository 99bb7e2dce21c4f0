/* SPDX-License-Identifier: MIT */
/* testing_probe.h - how the MX hosts of a domain fare whose policy is in mode testing.
 *
 * Mail servers cannot tell: at a level that does not enforce, Postfix reports a success whatever
 * the certificate.  So each MX host of a domain that mail goes to is connected to once a day, as
 * RFC 8461 would have it secured: greeting, EHLO, STARTTLS, EHLO, QUIT, and no mail.  Domains that
 * share a host share its look. */
#ifndef POLICYD_TESTING_PROBE_H
#define POLICYD_TESTING_PROBE_H

#include <mtasts/result.h>

#include "net/net.h"
#include "policyd/policy_reply.h"

struct testing_probe;

/* Borrowed until the callback returns. */
struct testing_probed {
    const char *domain, *lines, *mx; /* the policy and its patterns, as events have them */
    const char *host, *address;
    enum sts_outcome outcome; /* that counts in a report */
};

struct testing_probe_request {
    struct net *net; /* outlives it */
    int64_t (*now)(void);
    void (*probed)(void *arg, const struct testing_probed *probed);
    void *arg;
};

STS_MUST_USE enum sts_status testing_probe_new(TALLOC_CTX *ctx,
                                               const struct testing_probe_request *request,
                                               struct testing_probe **ret);
/* A mail server was answered for a domain of which this is known.  Hosts that the policy does not
 * name are left out (policy_faults.h). */
void testing_probe_domain(struct testing_probe *probe, const struct policy_known *known);

#endif
