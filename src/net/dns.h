/* SPDX-License-Identifier: MIT */
/* dns.h - questions to the DNS, answered in the loop by libunbound with DNSSEC validation.
 *
 * Names of private use (test., home.arpa., internal. ...) always go the way that was configured,
 * and count as unsigned there.
 *
 * By default the system's resolvers (/etc/resolv.conf) are asked; DNSSEC is validated here, not
 * believed, as soon as a trust anchor is known (by default Debian's dns-root-data).
 */
#ifndef NET_DNS_H
#define NET_DNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "facts/facts.h"
#include "net/dns_config.h"

struct loop;
struct dns;
struct dns_query;

/* How questions are put.  The facts' observer says which way it was. */
enum dns_way {
    DNS_WAY_GIVEN,       /* as configured */
    DNS_WAY_ROOT,        /* from the root servers down */
    DNS_WAY_UNVALIDATED, /* as configured, and DNSSEC is not looked at */
    DNS_WAY_COUNT
};

/* On an error *ret_why (owned by ctx) says in one line what is wrong: a file that cannot be read,
 * an address that is none, no resolver configured. */
STS_MUST_USE enum sts_status dns_new(TALLOC_CTX *ctx, struct loop *loop,
                                     const struct dns_config *config, struct dns **ret,
                                     char **ret_why);
/* What a way uses.  Borrowed; only of a way that was used. */
const char *const *dns_resolvers(const struct dns *dns, enum dns_way way, size_t *ret_count);
const char *dns_trust_anchor(const struct dns *dns, enum dns_way way); /* NULL: not validating */
bool dns_is_recursive(const struct dns *dns);                          /* as configured */
/* As configured: was any answer secure?  Then DNSSEC passes, at least that far. */
bool dns_has_proven(const struct dns *dns);
/* Did anybody answer anything, and be it something bogus? */
bool dns_has_heard(const struct dns *dns);
enum dns_way dns_way(const struct dns *dns); /* that counts now; GIVEN at first */

/* Who looks whether it is the resolver's fault when an answer fails.  `doubt` is called for each
 * such answer, which is held back until dns_take_way(); it must not call that itself. */
typedef void (*dns_doubt_fn)(void *arg);
void dns_doubt_by(struct dns *dns, dns_doubt_fn doubt, void *arg);
/* From now on this way, for LIMIT_PLACE_KEPT_MS without doubt; what is under way another way is
 * asked again. */
void dns_take_way(struct dns *dns, enum dns_way way);

/* The answer belongs to the handle's parent `ctx` and is never NULL. */
typedef void (*dns_done_fn)(void *arg, struct dns_answer *answer);

/* The answer comes at the deadline at the latest (DNS_OUTCOME_TIMEOUT). */
struct dns_request {
    const char *name; /* copied */
    enum dns_type type;
    int64_t deadline;
    dns_done_fn done;
    void *arg;
};
STS_MUST_USE enum sts_status dns_ask(TALLOC_CTX *ctx, struct dns *dns,
                                     const struct dns_request *request, struct dns_query **ret);

/* The same this way and no other, without doubt. */
STS_MUST_USE enum sts_status dns_ask_way(TALLOC_CTX *ctx, struct dns *dns, enum dns_way way,
                                         const struct dns_request *request, struct dns_query **ret);

/* Fetch what validating names below `name` will need (DNSKEY and DS of it and of all above), side
 * by side with the questions proper; else the validator asks for them one after another, and each
 * costs a round trip.  Nothing comes back; nothing happens where nothing is validated. */
void dns_warm(struct dns *dns, const char *name);

#endif
