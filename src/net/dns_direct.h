/* SPDX-License-Identifier: MIT */
/* dns_direct.h - one question to one name server, past every resolver and cache.
 *
 * To see whether the servers of a domain agree.  Over UDP, without recursion; asked again once.
 * Nothing is validated.  An answer that does not fit into 1232 bytes is told as "truncated". */
#ifndef NET_DNS_DIRECT_H
#define NET_DNS_DIRECT_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "facts/facts.h"

struct loop;
struct dns_direct;

/* authoritative: the AA bit.  The answer belongs to the ctx of dns_direct_ask(). */
typedef void (*dns_direct_fn)(void *arg, struct dns_answer *answer, bool authoritative);

struct dns_direct_request {
    const char *server; /* its address; copied, as the name is */
    const char *name;
    enum dns_type type;
    int64_t deadline;
    dns_direct_fn done;
    void *arg;
};
STS_MUST_USE enum sts_status dns_direct_ask(TALLOC_CTX *ctx, struct loop *loop,
                                            const struct dns_direct_request *request,
                                            struct dns_direct **ret);

#endif
