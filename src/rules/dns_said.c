/* SPDX-License-Identifier: MIT */
/* dns_said.c - an answer of the DNS as rules see it. */
#include <string.h>

#include "rules/rule.h"

/* The sentences are libunbound's. */
bool dns_bogus_here(const struct dns_answer *answer)
{
    return answer && answer->security == DNS_SECURITY_BOGUS && answer->why_bogus &&
           (strstr(answer->why_bogus, " for trust anchor ") ||
            strstr(answer->why_bogus, "key for validation . is marked as invalid"));
}

enum seen dns_seen(const struct dns_answer *answer)
{
    if (!answer)
        return SEEN_NOT;
    if (answer->security == DNS_SECURITY_BOGUS)
        return dns_bogus_here(answer) ? SEEN_UNKNOWN : SEEN_BOGUS;
    switch (answer->outcome) {
    case DNS_OUTCOME_FOUND:
        return SEEN_THERE;
    case DNS_OUTCOME_NODATA:
    case DNS_OUTCOME_NXDOMAIN:
        return SEEN_ABSENT;
    default:
        return SEEN_UNKNOWN;
    }
}

enum seen host_seen(const struct dns_answer *a, const struct dns_answer *aaaa)
{
    enum seen first = dns_seen(a), second = dns_seen(aaaa);

    if (first == SEEN_THERE || second == SEEN_THERE)
        return SEEN_THERE;
    if (first == SEEN_BOGUS || second == SEEN_BOGUS)
        return SEEN_BOGUS;
    if (first == SEEN_UNKNOWN || second == SEEN_UNKNOWN)
        return SEEN_UNKNOWN;
    if (first == SEEN_NOT && second == SEEN_NOT)
        return SEEN_NOT;
    /* One family alone was asked: of the other nothing is known, unless the name is not there. */
    if (first == SEEN_NOT && aaaa->outcome != DNS_OUTCOME_NXDOMAIN)
        return SEEN_UNKNOWN;
    if (second == SEEN_NOT && a->outcome != DNS_OUTCOME_NXDOMAIN)
        return SEEN_UNKNOWN;
    return SEEN_ABSENT;
}

const char *dns_said(const struct dns_answer *answer)
{
    switch (answer->outcome) {
    case DNS_OUTCOME_FOUND:
        return answer->security == DNS_SECURITY_BOGUS ? "DNSSEC: bogus" : "NOERROR";
    case DNS_OUTCOME_NODATA:
        return "NODATA";
    case DNS_OUTCOME_NXDOMAIN:
        return "NXDOMAIN";
    case DNS_OUTCOME_FAILED:
        return answer->rcode ? answer->rcode : "SERVFAIL";
    case DNS_OUTCOME_TIMEOUT:
        return "timeout";
    default:
        return "unknown";
    }
}

const char *dns_target(const struct dns_answer *answer)
{
    return answer && answer->cname_count ? answer->cnames[answer->cname_count - 1] : NULL;
}
