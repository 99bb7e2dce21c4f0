/* SPDX-License-Identifier: MIT */
/* dns_setup.h - libunbound as we want it; private to net/. */
#ifndef NET_DNS_SETUP_H
#define NET_DNS_SETUP_H

#include <talloc.h>

#include <mtasts/status.h>

#include "net/dns_config.h"

struct loop;
struct ub_ctx;

struct dns_setup {
    struct ub_ctx *unbound;
    const char **resolvers; /* "none" alone: recursion from the root */
    size_t resolver_count;
    const char *trust_anchor; /* NULL: nothing is validated */
    bool public_only;
};

/* As dns_new(). */
STS_MUST_USE enum sts_status dns_setup_new(TALLOC_CTX *ctx, struct loop *loop,
                                           const struct dns_config *config, struct dns_setup **ret,
                                           char **ret_why);
bool dns_setup_recursive(const struct dns_setup *setup);
/* Is it a name of a zone that networks serve for themselves (test., home.arpa., internal. ...)?
 * The root knows nothing of it, and its DNSSEC denies it. */
bool dns_is_private(const char *name);

#endif
