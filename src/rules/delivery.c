/* SPDX-License-Identifier: MIT */
/* delivery.c - what a sender with an empty cache does with mail now.
 *
 * Where nobody finds a mail server no policy matters; else the policy decides. */
#include "rules/rule.h"

#include <string.h>

#include "rules/mx_target.h"
#include "rules/session.h"

bool mx_is_null(const struct facts *facts)
{
    const struct dns_answer *mx = facts->mx_answer;

    /* RFC 7505: a single MX whose target is the root. */
    return dns_seen(mx) == SEEN_THERE && mx->record_count == 1 &&
           (!mx->records[0].host || !mx->records[0].host[0] || !strcmp(mx->records[0].host, "."));
}

/* A domain without MX and without an address takes no mail at all. */
bool mx_is_nowhere(const struct facts *facts)
{
    return dns_seen(facts->mx_answer) == SEEN_ABSENT &&
           (!facts->mx_count || host_seen(facts->mx[0].a, facts->mx[0].aaaa) == SEEN_ABSENT);
}

/* ---- nobody can deliver ---------------------------------------------------------------------- */

static bool cannot_be_found(const struct facts *facts, const struct mx_host *host)
{
    enum seen seen = host_seen(host->a, host->aaaa);

    if (host->is_address)
        return false;
    return seen == SEEN_BOGUS || !mx_target_findable(facts, host);
}

static bool no_host_is_found(const struct facts *facts)
{
    for (size_t i = 0; i < facts->mx_count; i++)
        if (!cannot_be_found(facts, &facts->mx[i]))
            return false;
    return !facts->mx_omitted;
}

bool mx_is_lost(const struct facts *facts)
{
    switch (dns_seen(facts->mx_answer)) {
    case SEEN_BOGUS:
        return true;
    case SEEN_ABSENT:
        return mx_is_nowhere(facts) || no_host_is_found(facts);
    case SEEN_THERE:
        return no_host_is_found(facts); /* the null MX has none */
    default:
        return false;
    }
}

/* ---- the policy ------------------------------------------------------------------------------ */

static enum delivery enforced(const struct rules *r)
{
    size_t of[3] = {0};

    for (size_t i = 0; i < r->mx_count; i++)
        of[r->mx[i].usable]++;
    if (!r->mx_count || r->facts->mx_omitted)
        return DELIVERY_UNKNOWN;
    if (of[ANSWER_YES] && of[ANSWER_NO])
        return DELIVERY_PARTLY_REFUSED;
    if (of[ANSWER_UNKNOWN])
        return DELIVERY_UNKNOWN;
    return of[ANSWER_NO] ? DELIVERY_REFUSED : DELIVERY_PROTECTED;
}

static enum delivery by_one_server(const struct rules *r)
{
    if (r->facts->shortage)
        return DELIVERY_UNKNOWN;
    if (mx_is_lost(r->facts))
        return DELIVERY_UNDELIVERABLE;
    if (r->posture == POSTURE_ENFORCE)
        return enforced(r);
    if (r->posture == POSTURE_TESTING)
        return DELIVERY_REPORTED;
    if (r->published.unsettled)
        return DELIVERY_UNKNOWN;
    return DELIVERY_UNPROTECTED;
}

/* What our resolver saw is what one of the name servers says; others see otherwise. */
static enum delivery of_all_servers(const struct rules *r, enum delivery seen)
{
    if ((seen != DELIVERY_REFUSED && seen != DELIVERY_UNDELIVERABLE) ||
        !mx_servers_differ(r->facts))
        return seen;
    return r->posture == POSTURE_ENFORCE ? DELIVERY_PARTLY_REFUSED : DELIVERY_UNKNOWN;
}

enum delivery delivery_judge(const struct rules *r)
{
    return of_all_servers(r, by_one_server(r));
}
