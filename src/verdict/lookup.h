/* SPDX-License-Identifier: MIT */
/* lookup.h - an answer of the DNS as a sender takes it. */
#ifndef VERDICT_LOOKUP_H
#define VERDICT_LOOKUP_H

#include "facts/facts.h"

/* What stands at a DNS name, as far as rules care. */
enum lookup_state {
    LOOKUP_NONE,    /* not asked */
    LOOKUP_UNKNOWN, /* no answer that can be used: failed, timed out, stopped */
    LOOKUP_BOGUS,
    LOOKUP_ABSENT,
    LOOKUP_FOUND,
};

enum lookup_state dns_lookup_state(const struct dns_answer *answer);
/* Does DNSSEC vouch for it?  NULL: no. */
bool dns_is_secure(const struct dns_answer *answer);
/* Is it bogus from the trust anchor on?  Then nothing validates here, whatever the domain. */
bool dns_bogus_here(const struct dns_answer *answer);
/* The person stopped the check before the answer came, or before it was asked for (NULL): that it
 * is not there says nothing. */
bool dns_not_awaited(const struct facts *facts, const struct dns_answer *answer);
/* Of A and AAAA together: THERE if one has an address, else the least certain of the two. */
enum lookup_state host_lookup_state(const struct dns_answer *a, const struct dns_answer *aaaa);
/* "NXDOMAIN", "no data", "SERVFAIL", "no answer in time" ... for the parameter `answer`. */
const char *dns_answer_text(const struct dns_answer *answer);
/* The last target of the CNAME chain; NULL: none was followed. */
const char *dns_target(const struct dns_answer *answer);

/* What a name server says with authority to this question; NULL: it was not asked. */
const struct dns_answer *authority_answer(const struct authority *authority, const char *name,
                                          enum dns_type type);
/* Do the domain's name servers give different MX records?  Then what our resolver saw is half the
 * truth, and no policy can be right for both. */
bool mx_servers_differ(const struct facts *facts);

#endif
