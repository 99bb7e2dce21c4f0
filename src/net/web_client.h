/* SPDX-License-Identifier: MIT */
/* web_client.h - a request of HTTPS to a server that proves who it is, and its whole answer.
 *
 * For those whom we trust and have chosen, such as the provider of a sign-in: the certificate is
 * verified, no redirect is followed, and the answer is bounded.  The policies of domains are
 * fetched by https.h, which looks at anything and trusts nobody. */
#ifndef NET_WEB_CLIENT_H
#define NET_WEB_CLIENT_H

#include <stdbool.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "base/bytes.h"

struct jobs_handle;
struct loop;
struct web_client;

struct web_client_setup {
    struct loop *loop;
    const char *ca_file; /* in place of the system's store; NULL: that */
    size_t workers;      /* requests at a time, each a thread; the others wait */
};
STS_MUST_USE enum sts_status web_client_new(TALLOC_CTX *ctx, const struct web_client_setup *setup,
                                            struct web_client **ret);

struct web_answer {
    long code; /* of HTTP; 0: there was no answer */
    struct bytes body;
    const char *fault; /* why there was none, or not all of it; NULL: it came whole */
    bool untrusted;    /* none, as the certificate does not prove who it is */
};

struct web_request {
    const char *url;           /* https only */
    const char *form;          /* to be posted; NULL: GET */
    const char *body;          /* likewise, of another type; NULL: none */
    struct bytes octets;       /* likewise, of any bytes; empty: none */
    const char *const *fields; /* of the head, "Name: value", up to NULL; NULL: none */
    bool public_only;     /* strangers chose the URL: to no private address, through no proxy */
    bool any_certificate; /* whoever answers may be anybody */
    const char *user, *password; /* Basic; user NULL: none */
    void (*done)(void *arg, const struct web_answer *answer);
    void *arg;
};

/* Freeing the handle cancels. */
STS_MUST_USE enum sts_status web_request_start(TALLOC_CTX *ctx, struct web_client *client,
                                               const struct web_request *request,
                                               struct jobs_handle **ret);

#endif
