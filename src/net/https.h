/* SPDX-License-Identifier: MIT */
/* https.h - fetch the policy from one address, once, and keep everything seen.
 *
 * GET https://<host>/.well-known/mta-sts.txt with SNI and Host of the policy host to the given
 * address; no redirect, no cookie, no cache, no connection used twice (RFC 8461 3.3).  In the same
 * way an endpoint for reports is asked for its options.
 *
 * Where the network wants a proxy, CONNECT names the host, and the proxy chooses the address.  TLS
 * is with the policy host all the same.
 */
#ifndef NET_HTTPS_H
#define NET_HTTPS_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "facts/facts.h"

struct loop;
struct tls_offer;
struct tls_trust;
struct https;
struct https_transfer;
struct proxy;

typedef void (*https_done_fn)(void *arg, struct https_fetch *fetch);

/* The TLS library of the libcurl that was loaded, where it is not OpenSSL: then nothing that it
 * shows of certificates can be believed.  NULL: all is well.  Valid as long as the program. */
const char *https_foreign_tls(void);
STS_MUST_USE enum sts_status https_new(TALLOC_CTX *ctx, struct loop *loop, struct tls_trust *trust,
                                       struct https **ret);
/* For all hosts but those of `passed_by` (proxy_is_passed_by()); both stay the caller's.  NULL:
 * none. */
void https_use_proxy(struct https *https, const struct proxy *proxy, const char *passed_by);
/* The name of the proxy by which the host is reached; NULL: directly. */
const char *https_proxy(const struct https *https, const char *host);

struct https_request {
    const char *host;    /* URL, SNI and Host */
    const char *address; /* where the connection goes */
    int64_t port;
    bool port_in_url; /* URL and Host name it */
    const char *path;
    const char *method;            /* one whose answer has no body of interest; NULL: GET */
    const struct tls_offer *offer; /* NULL: everything (tls.h) */
    struct budget *budget;         /* NULL: nobody's */
    bool plain;                    /* http: to see whether the policy is served without TLS only */
    int64_t deadline;
    https_done_fn done;
    void *arg;
};

/* The fetch belongs to ctx, the handle's parent.  If the handle is freed before the callback (the
 * deadline of the domain, SIGINT), https_partial() first gives what was seen so far. */
STS_MUST_USE enum sts_status https_get(TALLOC_CTX *ctx, struct https *https,
                                       const struct https_request *request,
                                       struct https_transfer **ret);
struct https_fetch *https_partial(struct https_transfer *transfer);

#endif
