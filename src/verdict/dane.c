/* SPDX-License-Identifier: MIT */
/* dane.c - which TLSA records senders with DANE use at an MX host, and what they conclude. */
#include "verdict/dane.h"

#include <string.h>

#include "verdict/cert.h"

#define TLSA_PREFIX "_25._tcp."

/* ---- DNSSEC ---------------------------------------------------------------------------------- */

/* Where the end of an alias is not signed, the alias itself may be: the name that it stands at is
 * the one that counts then (RFC 7672 section 2.2.2). */
static bool address_vouched(const struct mx_host *mx, const struct dns_answer *answer)
{
    return dns_is_secure(answer) || (answer->cname_count && dns_is_secure(mx->alias) &&
                                     dns_lookup_state(mx->alias) == LOOKUP_FOUND);
}

bool dane_addresses_signed(const struct mx_host *mx)
{
    const struct dns_answer *answers[] = {mx->a, mx->aaaa};
    bool any = false;

    for (size_t i = 0; i < 2; i++) {
        if (dns_lookup_state(answers[i]) != LOOKUP_FOUND)
            continue;
        if (!address_vouched(mx, answers[i]))
            return false;
        any = true;
    }
    return any;
}

static bool target_counts(const struct mx_host *mx)
{
    enum lookup_state seen = dns_lookup_state(mx->tlsa_target);

    return seen == LOOKUP_BOGUS || seen == LOOKUP_UNKNOWN ||
           (seen == LOOKUP_FOUND && dns_is_secure(mx->tlsa_target));
}

const struct dns_answer *dane_records(const struct mx_host *mx)
{
    return target_counts(mx) ? mx->tlsa_target : mx->tlsa;
}

const char *dane_base(const struct mx_host *mx)
{
    const struct dns_answer *tlsa = dane_records(mx);

    return tlsa && tlsa != mx->tlsa ? tlsa->name + strlen(TLSA_PREFIX) : mx->name;
}

enum dane_use dane_use(const struct facts *facts, const struct mx_host *mx)
{
    const struct dns_answer *tlsa = dane_records(mx);
    enum lookup_state seen = dns_lookup_state(tlsa);

    if (!dane_addresses_signed(mx) || seen == LOOKUP_NONE || seen == LOOKUP_ABSENT ||
        (seen == LOOKUP_FOUND && !dns_is_secure(tlsa)) || tlsa->outcome == DNS_OUTCOME_UNKNOWN)
        return DANE_UNUSED;
    if (dns_is_secure(facts->mx_answer))
        return DANE_BY_ALL;
    return facts->mx_answer && facts->mx_answer->security == DNS_SECURITY_INSECURE ? DANE_BY_POSTFIX
                                                                                   : DANE_UNUSED;
}

/* ---- the records ----------------------------------------------------------------------------- */

static bool digest_fits(const struct dns_record *record)
{
    static const size_t hex_digits[] = {0, 64, 128};

    return record->matching == 0 ? record->data.length > 0
                                 : record->data.length == hex_digits[record->matching];
}

static bool same_data(const struct bytes *a, const struct bytes *b)
{
    return a->length == b->length && (!a->length || !memcmp(a->data, b->data, a->length));
}

/* A whole certificate or key that is none shows only where it was tried. */
static bool was_rejected(const struct mx_host *mx, const struct dns_record *record)
{
    for (size_t i = 0; i < mx->session_count; i++) {
        const struct tls_session *tls = mx->sessions[i].tls;

        for (size_t j = 0; tls && j < tls->tlsa_count; j++) {
            const struct tlsa_match *match = &tls->tlsa[j];

            if (match->result == TLSA_UNUSABLE && match->usage == record->usage &&
                match->selector == record->selector && match->matching == record->matching &&
                same_data(&match->data, &record->data))
                return true;
        }
    }
    return false;
}

/* RFC 7672 section 3.1.3: usages 0 and 1 are not for SMTP. */
static bool record_usable(const struct mx_host *mx, const struct dns_record *record)
{
    return (record->usage == 2 || record->usage == 3) && record->selector >= 0 &&
           record->selector <= 1 && record->matching >= 0 && record->matching <= 2 &&
           digest_fits(record) && !was_rejected(mx, record);
}

size_t dane_count_usable(const struct mx_host *mx)
{
    const struct dns_answer *tlsa = dane_records(mx);
    size_t count = 0;

    for (size_t i = 0; i < tlsa->record_count; i++)
        count += record_usable(mx, &tlsa->records[i]);
    return count;
}

const struct tls_session *dane_tls(const struct smtp_session *session)
{
    const struct tls_session *tls = session->by_base ? session->by_base->tls : NULL;

    /* One that just broke off may go well the next time; an alert is an answer. */
    return tls && (tls->outcome == TLS_OK || tls->alert) ? tls : session->tls;
}

bool dane_tls_cut_off(const struct facts *facts, const struct mx_host *mx,
                      const struct smtp_session *session)
{
    bool ended = facts->interrupted || facts->deadline_reached || facts->budget_reached;

    return ended && !session->by_base && mx->tlsa_base && strcmp(mx->tlsa_base, mx->name) != 0;
}

/* ---- one chain ------------------------------------------------------------------------------- */

/* RFC 7671 section 9: of one usage and selector only the strongest digest counts; whole
 * certificates and keys (matching type 0) always do. */
static bool is_outdone(const struct tls_session *tls, const struct tlsa_match *match)
{
    for (size_t i = 0; match->matching && i < tls->tlsa_count; i++) {
        const struct tlsa_match *other = &tls->tlsa[i];

        if (other->result != TLSA_UNUSABLE && other->usage == match->usage &&
            other->selector == match->selector && other->matching > match->matching)
            return true;
    }
    return false;
}

static bool certificate_names(const struct certificate *leaf, const char *name)
{
    for (size_t i = 0; i < leaf->dns_name_count; i++)
        if (sts_name_match(leaf->dns_names[i], name))
            return true;
    return !leaf->dns_names_total && leaf->common_name && sts_name_match(leaf->common_name, name);
}

/* RFC 7672 section 3.2.2: the TLSA base domain, and the domain itself where its MX records are
 * signed. */
static bool name_fits(const struct facts *facts, const struct mx_host *mx,
                      const struct tls_session *tls)
{
    return certificate_names(&tls->chain[0], dane_base(mx)) ||
           (dns_is_secure(facts->mx_answer) && certificate_names(&tls->chain[0], facts->domain));
}

static enum dane_fit dates_fit(int64_t from, int64_t until, int64_t now)
{
    return now > until ? DANE_EXPIRED : now < from ? DANE_NOT_YET : DANE_FITS;
}

static enum dane_fit authority_fits(const struct facts *facts, const struct mx_host *mx,
                                    const struct tls_session *tls, const struct tlsa_match *match,
                                    int64_t now)
{
    if (match->path || match->result == TLSA_MATCH) {
        if (match->result != TLSA_MATCH && !name_fits(facts, mx, tls))
            return DANE_NAME;
        /* Facts of an older version do not know the path: the leaf's dates must do. */
        return match->path ? dates_fit(match->valid_from, match->valid_until, now)
                           : dates_fit(tls->chain[0].not_before, tls->chain[0].not_after, now);
    }
    if (match->position == 1)
        return DANE_NOT_CA;
    if (match->position)
        return DANE_BROKEN;
    return match->unsent ? DANE_UNSENT : DANE_NOTHING;
}

static enum dane_fit leaf_fits(const struct tlsa_match *match)
{
    if (match->result == TLSA_MATCH)
        return DANE_FITS;
    return match->position > 1 ? DANE_NOT_LEAF : DANE_NOTHING;
}

/* What the records make of the chain together; where that is not known, one by one. */
static struct dane_verdict set_verdict(const struct facts *facts, const struct mx_host *mx,
                                       const struct tls_session *tls, int64_t now)
{
    const struct tlsa_set *set = tls->tlsa_set;
    struct dane_verdict verdict = {DANE_NOTHING, NULL};

    if (set->decider < 1 || (size_t)set->decider > tls->tlsa_count)
        return verdict;
    verdict = (struct dane_verdict){DANE_FITS, &tls->tlsa[set->decider - 1]};
    if (verdict.match->usage != 3)
        verdict.fit = name_fits(facts, mx, tls) ? dates_fit(set->valid_from, set->valid_until, now)
                                                : DANE_NAME;
    return verdict;
}

struct dane_verdict dane_judge(const struct facts *facts, const struct mx_host *mx,
                               const struct tls_session *tls, int64_t now)
{
    struct dane_verdict best = {DANE_NOTHING, NULL};

    if (tls->tlsa_set && tls->chain_count)
        best = set_verdict(facts, mx, tls, now);
    if (best.match)
        return best;
    for (size_t i = 0; i < tls->tlsa_count && tls->chain_count; i++) {
        const struct tlsa_match *match = &tls->tlsa[i];
        enum dane_fit fit;

        if (match->result == TLSA_UNUSABLE)
            continue;
        fit = match->usage == 2 ? authority_fits(facts, mx, tls, match, now) : leaf_fits(match);
        if (is_outdone(tls, match))
            fit = fit == DANE_FITS ? DANE_WEAKER : DANE_NOTHING;
        else if (tls->tlsa_set && fit == DANE_FITS)
            fit = DANE_NOTHING;
        if (fit < best.fit)
            best = (struct dane_verdict){fit, match};
    }
    return best;
}

/* ---- one host -------------------------------------------------------------------------------- */

/* TLSA records that cannot be used still demand TLS (RFC 7672 section 2.2). */
static enum answer session_delivers(const struct facts *facts, const struct mx_host *mx,
                                    const struct smtp_session *session, bool usable, int64_t now)
{
    const struct tls_session *tls = dane_tls(session);

    switch (session_state(facts, session)) {
    case SESSION_FINE:
        if (tls_faults(tls, mx->name, now) &
            (FAULT_BIT(FAULT_HANDSHAKE) | FAULT_BIT(FAULT_VERSION)))
            return ANSWER_NO;
        if (!usable)
            return ANSWER_YES;
        if (!tls->tlsa_count)
            return ANSWER_UNKNOWN;
        if (dane_judge(facts, mx, tls, now).fit == DANE_FITS)
            return ANSWER_YES;
        return dane_tls_cut_off(facts, mx, session) ? ANSWER_UNKNOWN : ANSWER_NO;
    case SESSION_NO_STARTTLS:
    case SESSION_STARTTLS_REFUSED:
    case SESSION_NO_TLS:
        return ANSWER_NO;
    default:
        return ANSWER_UNKNOWN;
    }
}

/* Senders try one address after the other: one good one is enough. */
static enum answer any_session_delivers(const struct facts *facts, const struct mx_host *mx,
                                        int64_t now)
{
    bool usable = dane_count_usable(mx) > 0;
    enum answer best = mx->session_count && !mx->addresses_omitted ? ANSWER_NO : ANSWER_UNKNOWN;

    for (size_t i = 0; i < mx->session_count; i++) {
        enum answer one = session_delivers(facts, mx, &mx->sessions[i], usable, now);

        if (one == ANSWER_YES)
            return ANSWER_YES;
        if (one == ANSWER_UNKNOWN)
            best = ANSWER_UNKNOWN;
    }
    return best;
}

enum answer dane_usable(const struct facts *facts, const struct mx_host *mx, int64_t now)
{
    const struct dns_answer *tlsa = dane_records(mx);

    if (dane_use(facts, mx) == DANE_UNUSED)
        return ANSWER_YES;
    if (dns_lookup_state(tlsa) == LOOKUP_FOUND)
        return any_session_delivers(facts, mx, now);
    /* Silence may be that of the resolver asked. */
    return tlsa->outcome == DNS_OUTCOME_TIMEOUT ? ANSWER_UNKNOWN : ANSWER_NO;
}
