/* SPDX-License-Identifier: MIT */
/* rule_dane_notes.c - where DANE protects, and what the next change of key wants; TLSA records at
 * the domain in place of the MX host. */
#include "rules/rule_dane.h"

#include <string.h>

#include "vendors/provider.h"

/* ---- roll-over ------------------------------------------------------------------------------- */

/* A public CA changes its intermediates when it likes, and takes turns between several. */
static bool is_public_intermediate(const struct tls_session *tls, const struct tlsa_match *match)
{
    const struct certificate *cert = &tls->chain[match->position - 1];

    return match->usage == 2 && tls->trust == CHAIN_TRUSTED && !cert->self_signed;
}

/* Records that describe the present chain and records that do not: those are for the next one. */
struct kinds {
    size_t leaf, authority, intermediate, other;
};

static struct kinds count_kinds(const struct tls_session *tls)
{
    struct kinds kinds = {0};

    for (size_t i = 0; i < tls->tlsa_count; i++) {
        const struct tlsa_match *match = &tls->tlsa[i];

        if (match->result == TLSA_UNUSABLE)
            continue;
        if (match->position < 1 || (size_t)match->position > tls->chain_count)
            kinds.other++;
        else if (match->usage == 3)
            kinds.leaf++;
        else if (is_public_intermediate(tls, match))
            kinds.intermediate++;
        else
            kinds.authority++;
    }
    return kinds;
}

void dane_note_protected(struct dane_notes *notes, const struct dane_host *host)
{
    struct rules *r = host->r;
    const char *name = host->mx->name;
    struct kinds kinds = count_kinds(dane_tls(host->good));

    notes->first = notes->first ? notes->first : name;
    notes->hosts = rule_list(r, notes->hosts, name);
    if (kinds.other || provider_of_mx(name)) /* a provider knows what it does */
        return;
    if (kinds.intermediate)
        notes->pinned = rule_list(r, notes->pinned, name);
    else if (!kinds.authority || !kinds.leaf)
        notes->single = rule_list(r, notes->single, name);
}

static const char *notes_sentence(const struct dane_notes *notes)
{
    if (notes->pinned)
        return N_("The TLSA records of {pinned} describe an intermediate certificate of a public "
                  "CA. The CA may issue the next certificate from another one, which then matches "
                  "no record: Let's Encrypt changed its intermediates in May 2026.");
    if (notes->single)
        return N_("{single} has no TLSA record for its next key: publish one before the key "
                  "changes.");
    return NULL;
}

void dane_notes_finding(struct rules *r, const struct dane_notes *notes)
{
    struct finding *finding;

    if (!notes->hosts)
        return;
    finding = finding_add(r, FINDING_DANE_ACTIVE, r->view.facts->domain,
                          N_("DANE protects the mail to {hosts}: signed TLSA records match the "
                             "certificates."),
                          "hosts", notes->hosts, "host", notes->first, "single", notes->single,
                          "pinned", notes->pinned, NULL);
    finding->note = notes_sentence(notes);
}

/* ---- at the wrong name ----------------------------------------------------------------------- */

static bool any_host_has_records(const struct facts *facts)
{
    for (size_t i = 0; i < facts->mx_count; i++)
        if (dns_lookup_state(dane_records(&facts->mx[i])) == LOOKUP_FOUND)
            return true;
    return false;
}

static const char *first_key(struct rules *r)
{
    const struct mx_host *mx = &r->view.facts->mx[0];

    for (size_t i = 0; i < mx->session_count; i++) {
        const struct tls_session *tls = mx->sessions[i].tls;

        if (tls && tls->chain_count && tls->chain[0].spki_sha256)
            return rule_text(r, "3 1 1 %s", tls->chain[0].spki_sha256);
    }
    return NULL;
}

void dane_misplaced(struct rules *r)
{
    const struct dns_answer *tlsa = r->view.facts->domain_tlsa;
    struct finding *finding;

    if (dns_lookup_state(tlsa) != LOOKUP_FOUND || !r->view.facts->mx_count)
        return;
    finding = finding_add(r, FINDING_DANE_TLSA_MISPLACED, r->view.facts->domain,
                          N_("The TLSA records at {found_at} have no effect: senders look for them "
                             "at the MX host, at _25._tcp.{host}."),
                          "found_at", tlsa->name, "name", tlsa->name, "type", "TLSA", "host",
                          r->view.facts->mx[0].name, "right", first_key(r), NULL);
    if (any_host_has_records(r->view.facts))
        finding->severity = SEVERITY_INFO;
}
