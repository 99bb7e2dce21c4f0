/* SPDX-License-Identifier: MIT */
/* place.c - where nothing can be concluded, because of the observer's own place. */
#include "verdict/place.h"

#include <string.h>

#include "verdict/lookup.h"

static bool is_answered(const struct dns_answer *answer)
{
    return answer &&
           (answer->outcome == DNS_OUTCOME_FOUND || answer->outcome == DNS_OUTCOME_NODATA ||
            answer->outcome == DNS_OUTCOME_NXDOMAIN);
}

/* The first questions of every check, of which none depends on another. */
static bool any(const struct facts *facts, bool (*holds)(const struct dns_answer *answer))
{
    return holds(facts->sts_txt) || holds(facts->mx_answer) || holds(facts->tlsrpt_txt) ||
           holds(facts->policy_host.a) || holds(facts->policy_host.aaaa);
}

static bool is_unanswered(const struct dns_answer *answer)
{
    return !answer || answer->outcome == DNS_OUTCOME_TIMEOUT ||
           answer->outcome == DNS_OUTCOME_UNKNOWN;
}

bool place_is_unanswered(const struct facts *facts)
{
    return !any(facts, is_answered);
}

bool place_is_silent(const struct facts *facts)
{
    return !facts->interrupted && is_unanswered(facts->sts_txt) &&
           is_unanswered(facts->mx_answer) && is_unanswered(facts->tlsrpt_txt) &&
           is_unanswered(facts->policy_host.a) && is_unanswered(facts->policy_host.aaaa) &&
           vantage_state(facts, VANTAGE_RESOLVER) != VANTAGE_STATE_OK;
}

bool place_lacks_resolver(const struct facts *facts)
{
    enum vantage_state resolver = vantage_state(facts, VANTAGE_RESOLVER);

    return resolver == VANTAGE_STATE_CLOSED || resolver == VANTAGE_STATE_WRONG ||
           vantage_state(facts, VANTAGE_NETWORK) == VANTAGE_STATE_CLOSED;
}

/* "Expired" where our clock is fast, "not yet" where it is slow.  The words are libunbound's. */
static bool bogus_by_time(const struct facts *facts, const struct dns_answer *answer)
{
    bool fast = facts->vantage->clock_offset < 0;

    return answer && answer->security == DNS_SECURITY_BOGUS && answer->why_bogus &&
           strstr(answer->why_bogus, fast ? "signature expired" : "signature before inception");
}

bool clock_spoils_dnssec(const struct facts *facts)
{
    return vantage_state(facts, VANTAGE_CLOCK) == VANTAGE_STATE_WRONG &&
           (bogus_by_time(facts, facts->sts_txt) || bogus_by_time(facts, facts->mx_answer) ||
            bogus_by_time(facts, facts->tlsrpt_txt) || bogus_by_time(facts, facts->policy_host.a) ||
            bogus_by_time(facts, facts->policy_host.aaaa));
}

bool place_is_blind(const struct facts *facts)
{
    return place_is_silent(facts) || clock_spoils_dnssec(facts) ||
           (!any(facts, is_answered) &&
            (place_lacks_resolver(facts) || any(facts, dns_bogus_here)));
}
