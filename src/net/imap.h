/* SPDX-License-Identifier: MIT */
/* imap.h - a session with an IMAP server, in the loop.
 *
 * It finds the server's addresses, tries them in turn, encrypts (the certificate must hold), and
 * signs in; then its owner gives commands to imap_engine_of() and calls imap_go().  The password
 * never goes out unencrypted. */
#ifndef NET_IMAP_H
#define NET_IMAP_H

#include "net/imap_engine.h"

struct dns;
struct imap;
struct loop;
struct tls_trust;

struct imap_request {
    struct imap_login login; /* its host: a name or an address */
    struct imap_sink sink;
    int64_t deadline; /* of all until we are signed in; each address has a share of it */
    /* In the loop: the state of the engine is READY, ENDED, or IDLING and something has changed.
     * After ENDED no more. */
    void (*done)(void *arg);
    void *arg;
};

/* What it uses must outlive it.  Freeing it hangs up. */
STS_MUST_USE enum sts_status imap_open(TALLOC_CTX *ctx, struct loop *loop, struct dns *dns,
                                       struct tls_trust *trust, const struct imap_request *request,
                                       struct imap **ret);
/* Borrowed. */
struct imap_engine *imap_engine_of(struct imap *imap);
/* Send what a command left to be sent, and wait for its answer until the deadline; then the session
 * ends with a time-out. */
void imap_go(struct imap *imap, int64_t deadline);

#endif
