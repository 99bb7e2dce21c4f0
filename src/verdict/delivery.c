/* SPDX-License-Identifier: MIT */
/* delivery.c - what a sender with an empty cache does with mail now.
 *
 * Where nobody finds a mail server nothing else matters.  Else the policy decides, and DANE for
 * those who apply it; the domain's delivery is the worse of the two. */
#include "verdict/view.h"

#include <string.h>

#include "verdict/dane.h"
#include "verdict/mx_target.h"
#include "verdict/place.h"

bool mx_is_null(const struct facts *facts)
{
    const struct dns_answer *mx = facts->mx_answer;

    /* RFC 7505: a single MX whose target is the root. */
    return dns_lookup_state(mx) == LOOKUP_FOUND && mx->record_count == 1 &&
           (!mx->records[0].host || !mx->records[0].host[0] || !strcmp(mx->records[0].host, "."));
}

/* A domain without MX and without an address takes no mail at all. */
bool mx_is_nowhere(const struct facts *facts)
{
    return dns_lookup_state(facts->mx_answer) == LOOKUP_ABSENT &&
           (!facts->mx_count ||
            host_lookup_state(facts->mx[0].a, facts->mx[0].aaaa) == LOOKUP_ABSENT);
}

/* ---- nobody can deliver ---------------------------------------------------------------------- */

static bool cannot_be_found(const struct facts *facts, const struct mx_host *host)
{
    enum lookup_state seen = host_lookup_state(host->a, host->aaaa);

    if (host->is_address)
        return false;
    return seen == LOOKUP_BOGUS || !mx_target_findable(facts, host);
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
    switch (dns_lookup_state(facts->mx_answer)) {
    case LOOKUP_BOGUS:
        return true;
    case LOOKUP_ABSENT:
        return mx_is_nowhere(facts) || no_host_is_found(facts);
    case LOOKUP_FOUND:
        return no_host_is_found(facts); /* the null MX has none */
    default:
        return false;
    }
}

/* ---- who can deliver ------------------------------------------------------------------------- */

/* Of the MX hosts, by what a kind of sender makes of them. */
struct delivery_tally {
    size_t of[3];
};

static enum delivery tally_delivery(const struct domain_view *v, const struct delivery_tally *tally,
                                    enum delivery good)
{
    if (!v->mx_count || v->facts->mx_omitted)
        return DELIVERY_UNKNOWN;
    if (tally->of[ANSWER_YES] && tally->of[ANSWER_NO])
        return DELIVERY_PARTLY_REFUSED;
    if (tally->of[ANSWER_UNKNOWN])
        return DELIVERY_UNKNOWN;
    return tally->of[ANSWER_NO] ? DELIVERY_REFUSED : good;
}

static enum delivery by_policy(const struct domain_view *v)
{
    struct delivery_tally tally = {0};

    if (dns_lookup_state(v->facts->mx_answer) ==
        LOOKUP_UNKNOWN) /* nor is it where senders deliver to */
        return DELIVERY_UNKNOWN;
    for (size_t i = 0; i < v->mx_count; i++)
        tally.of[v->mx[i].usable]++;
    if (v->posture == POSTURE_ENFORCE)
        return tally_delivery(v, &tally, DELIVERY_PROTECTED);
    if (v->posture == POSTURE_TESTING)
        return DELIVERY_REPORTED;
    return v->published.unsettled ? DELIVERY_UNKNOWN : DELIVERY_UNPROTECTED;
}

/* Mail is protected by DANE where each host is recognised by records that all senders use. */
static enum delivery by_dane(const struct domain_view *v)
{
    struct delivery_tally tally = {0};
    size_t in_use = 0, protected = 0;

    for (size_t i = 0; i < v->mx_count; i++) {
        const struct mx_view *view = &v->mx[i];

        tally.of[view->dane_usable]++;
        in_use += view->dane != DANE_UNUSED;
        protected += view->dane == DANE_BY_ALL && view->dane_usable == ANSWER_YES &&
                     dane_count_usable(view->host);
    }
    if (!in_use)
        return DELIVERY_UNPROTECTED;
    return tally_delivery(v, &tally,
                          protected == v->mx_count ? DELIVERY_PROTECTED : DELIVERY_UNPROTECTED);
}

static enum answer worse(enum answer a, enum answer b)
{
    if (a == ANSWER_NO || b == ANSWER_NO)
        return ANSWER_NO;
    return a == ANSWER_UNKNOWN ? a : b;
}

enum answer mx_view_usable(const struct mx_view *view)
{
    return worse(view->usable, view->dane_usable);
}

/* A sender that keeps to both. */
static enum delivery by_both(const struct domain_view *v)
{
    struct delivery_tally tally = {0};

    for (size_t i = 0; i < v->mx_count; i++) {
        enum answer policy = v->posture == POSTURE_ENFORCE ? v->mx[i].usable : ANSWER_YES;

        tally.of[worse(policy, v->mx[i].dane_usable)]++;
    }
    return tally_delivery(v, &tally, DELIVERY_PROTECTED);
}

static bool refuses(enum delivery delivery)
{
    return delivery == DELIVERY_REFUSED || delivery == DELIVERY_PARTLY_REFUSED;
}

static struct deliveries by_one_server(const struct domain_view *v)
{
    struct deliveries d = {DELIVERY_UNDELIVERABLE, DELIVERY_UNDELIVERABLE, DELIVERY_UNDELIVERABLE};

    if (v->facts->shortage || place_is_blind(v->facts))
        return (struct deliveries){DELIVERY_UNKNOWN, DELIVERY_UNKNOWN, DELIVERY_UNKNOWN};
    if (mx_is_lost(v->facts))
        return d;
    d.policy = d.all = by_policy(v);
    d.dane = by_dane(v);
    if (refuses(d.dane))
        d.all = by_both(v);
    else if (d.dane == DELIVERY_UNKNOWN && d.policy == DELIVERY_PROTECTED)
        d.all = DELIVERY_UNKNOWN;
    return d;
}

/* What our resolver saw is what one of the name servers says; others see otherwise. */
static enum delivery of_all_servers(enum delivery seen, enum delivery not_lost)
{
    if (seen == DELIVERY_UNDELIVERABLE)
        return not_lost;
    return seen == DELIVERY_REFUSED ? DELIVERY_PARTLY_REFUSED : seen;
}

struct deliveries domain_view_deliveries(const struct domain_view *v)
{
    struct deliveries d = by_one_server(v);
    enum delivery not_lost =
        v->posture == POSTURE_ENFORCE ? DELIVERY_PARTLY_REFUSED : DELIVERY_UNKNOWN;

    if (!mx_servers_differ(v->facts))
        return d;
    d.policy = of_all_servers(d.policy, not_lost);
    d.dane = of_all_servers(d.dane, DELIVERY_UNPROTECTED);
    d.all = of_all_servers(d.all, not_lost);
    return d;
}
