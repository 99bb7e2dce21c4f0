/* SPDX-License-Identifier: MIT */
/* lookup.c - an answer of the DNS as a sender takes it. */
#include "verdict/lookup.h"

#include <string.h>

bool dns_is_secure(const struct dns_answer *answer)
{
    return answer && answer->security == DNS_SECURITY_SECURE;
}

/* The sentences are libunbound's. */
bool dns_bogus_here(const struct dns_answer *answer)
{
    return answer && answer->security == DNS_SECURITY_BOGUS && answer->why_bogus &&
           (strstr(answer->why_bogus, " for trust anchor ") ||
            strstr(answer->why_bogus, "key for validation . is marked as invalid"));
}

enum lookup_state dns_lookup_state(const struct dns_answer *answer)
{
    if (!answer)
        return LOOKUP_NONE;
    if (answer->security == DNS_SECURITY_BOGUS)
        return dns_bogus_here(answer) ? LOOKUP_UNKNOWN : LOOKUP_BOGUS;
    switch (answer->outcome) {
    case DNS_OUTCOME_FOUND:
        return LOOKUP_FOUND;
    case DNS_OUTCOME_NODATA:
    case DNS_OUTCOME_NXDOMAIN:
        return LOOKUP_ABSENT;
    default:
        return LOOKUP_UNKNOWN;
    }
}

bool dns_not_awaited(const struct facts *facts, const struct dns_answer *answer)
{
    return facts->interrupted && (!answer || answer->outcome == DNS_OUTCOME_UNKNOWN);
}

enum lookup_state host_lookup_state(const struct dns_answer *a, const struct dns_answer *aaaa)
{
    enum lookup_state first = dns_lookup_state(a), second = dns_lookup_state(aaaa);

    if (first == LOOKUP_FOUND || second == LOOKUP_FOUND)
        return LOOKUP_FOUND;
    if (first == LOOKUP_BOGUS || second == LOOKUP_BOGUS)
        return LOOKUP_BOGUS;
    if (first == LOOKUP_UNKNOWN || second == LOOKUP_UNKNOWN)
        return LOOKUP_UNKNOWN;
    if (first == LOOKUP_NONE && second == LOOKUP_NONE)
        return LOOKUP_NONE;
    /* One family alone was asked: of the other nothing is known, unless the name is not there. */
    if (first == LOOKUP_NONE && aaaa->outcome != DNS_OUTCOME_NXDOMAIN)
        return LOOKUP_UNKNOWN;
    if (second == LOOKUP_NONE && a->outcome != DNS_OUTCOME_NXDOMAIN)
        return LOOKUP_UNKNOWN;
    return LOOKUP_ABSENT;
}

const char *dns_answer_text(const struct dns_answer *answer)
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

/* ---- the domain's own name servers --------------------------------------------------------------
 */

const struct dns_answer *authority_answer(const struct authority *authority, const char *name,
                                          enum dns_type type)
{
    for (size_t i = 0; i < authority->answer_count; i++)
        if (authority->answers[i].type == type && !strcmp(authority->answers[i].name, name))
            return &authority->answers[i];
    return NULL;
}

static bool counts(const struct dns_answer *answer)
{
    return answer && !answer->truncated &&
           (dns_lookup_state(answer) == LOOKUP_ABSENT || dns_lookup_state(answer) == LOOKUP_FOUND);
}

static bool same_mx(const struct dns_answer *a, const struct dns_answer *b)
{
    if (a->record_count != b->record_count)
        return false;
    for (size_t i = 0; i < a->record_count; i++)
        if (a->records[i].preference != b->records[i].preference ||
            strcmp(a->records[i].host, b->records[i].host) != 0)
            return false;
    return true;
}

bool mx_servers_differ(const struct facts *facts)
{
    const struct dns_answer *first = NULL;

    for (size_t i = 0; i < facts->authority_count; i++) {
        const struct dns_answer *answer =
            authority_answer(&facts->authorities[i], facts->domain, DNS_MX);

        if (!counts(answer))
            continue;
        if (first && !same_mx(first, answer))
            return true;
        first = answer;
    }
    return false;
}
