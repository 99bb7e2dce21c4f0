/* SPDX-License-Identifier: MIT */
/* policy_doubts.h - a policy cannot be fetched: is it the domain, or is it us?
 *
 * A firewall, a proxy or whoever intercepts TLS in our own network makes every policy host look
 * broken.  So nobody is blamed before something good was seen: a policy that was fetched from
 * elsewhere after that, or the well-known hosts of own_place.h, which are asked at most every
 * ten seconds.  Where these cannot be asked, the same untrusted issuer of unrelated hosts tells.
 *
 * While something is wrong with our own place it is looked at again and again, and all that fails
 * meanwhile is ours.  But where a policy is fetched while the well-known hosts cannot be reached,
 * a firewall blocks these alone, and they do not count until they can be reached again. */
#ifndef APP_POLICY_DOUBTS_H
#define APP_POLICY_DOUBTS_H

#include "app/own_place.h"

struct policy_doubts;

enum own_trouble {
    OWN_FINE,
    OWN_UNKNOWN, /* the well-known hosts could not be asked, or were not yet */
    OWN_MEMORY,  /* as are files and ports, it ran out */
    OWN_FILES,
    OWN_PORTS,
    OWN_JUMP, /* of the clock, while our place was looked at */
    OWN_RESOLVER,
    OWN_PORT443,
    OWN_TLS, /* is intercepted */
    OWN_CLOCK,
    OWN_TROUBLES
};
/* Is it one? */
bool own_trouble_is_ours(enum own_trouble trouble);

/* What failed.  Texts are copied, but for `why`, which outlives it. */
struct policy_doubt {
    const char *domain, *why;
    const char *issuer;  /* of the certificate for the policy host, which nobody trusts; NULL */
    const char *address; /* of the policy host; NULL */
    int about;           /* the caller's, as is `expires` */
    int64_t expires;
};

typedef enum sts_status (*own_place_start_fn)(TALLOC_CTX *ctx, struct loop *loop,
                                              const struct net_options *net, own_place_fn done,
                                              void *arg, struct own_place_look **ret);

struct policy_doubts_request {
    struct loop *loop;
    const struct net_options *net;
    own_place_start_fn look; /* own_place_start() */
    /* Between two looks, and between two while our place is in trouble, doubled each time; 0: the
     * usual ones. */
    int64_t pause_ms, retry_ms;
    /* In the order in which they came. */
    void (*settled)(void *arg, const struct policy_doubt *doubt, bool ours);
    /* Once each: our place is in trouble (detail: of whom, or NULL), or no longer: OWN_FINE. */
    void (*changed)(void *arg, enum own_trouble trouble, const char *detail);
    void *arg;
};

STS_MUST_USE enum sts_status policy_doubts_new(TALLOC_CTX *ctx,
                                               const struct policy_doubts_request *request,
                                               struct policy_doubts **ret);
void policy_doubts_add(struct policy_doubts *doubts, const struct policy_doubt *doubt);
/* A policy was fetched; begun_ms: when its look-up began, by loop_now(). */
void policy_doubts_fetched(struct policy_doubts *doubts, int64_t begun_ms);
enum own_trouble policy_doubts_trouble(const struct policy_doubts *doubts);

#endif
