/* SPDX-License-Identifier: MIT */
/* rule_dane.c - TLSA records of the MX hosts as senders with DANE read them (RFC 7672).
 *
 * DANE is in force at a host where DNSSEC vouches for the MX records, for each address and for the
 * TLSA records (section 2.2).  What no validator has looked at says nothing.  At such a host the
 * CA, the names and the dates of the certificate mean nothing for usage 3, and a sender that does
 * both keeps to MTA-STS all the same; so findings of both kinds stand side by side. */
#include "rules/cert.h"

#include <string.h>

#include "rules/session.h"

struct dane_host {
    struct rules *r;
    const struct mx_host *mx;
    const char *matching, *failing; /* addresses */
    const struct smtp_session *example;
    bool webpki_good, webpki_bad;
};

/* ---- DNSSEC ---------------------------------------------------------------------------------- */

static bool is_secure(const struct dns_answer *answer)
{
    return answer && answer->security == DNS_SECURITY_SECURE;
}

static bool was_validated(const struct dns_answer *answer)
{
    return answer && answer->security != DNS_SECURITY_UNCHECKED;
}

static bool addresses_secure(const struct mx_host *mx)
{
    const struct dns_answer *answers[] = {mx->a, mx->aaaa};
    bool any = false;

    for (size_t i = 0; i < 2; i++) {
        if (dns_seen(answers[i]) != SEEN_THERE)
            continue;
        if (!is_secure(answers[i]))
            return false;
        any = true;
    }
    return any;
}

/* Would a sender with DANE ask for TLSA records at all? */
static bool signed_so_far(const struct rules *r, const struct mx_host *mx)
{
    return is_secure(r->facts->mx_answer) && addresses_secure(mx);
}

/* ---- what the records are worth -------------------------------------------------------------- */

static bool digest_fits(const struct dns_record *record)
{
    static const size_t hex_digits[] = {0, 64, 128};

    return record->matching == 0 ? record->data.length > 0
                                 : record->data.length == hex_digits[record->matching];
}

/* RFC 7672 section 3.1.3: usages 0 and 1 are not for SMTP. */
static bool record_usable(const struct dns_record *record)
{
    return (record->usage == 2 || record->usage == 3) && record->selector >= 0 &&
           record->selector <= 1 && record->matching >= 0 && record->matching <= 2 &&
           digest_fits(record);
}

static size_t count_usable(const struct dns_answer *tlsa)
{
    size_t count = 0;

    for (size_t i = 0; i < tlsa->record_count; i++)
        count += record_usable(&tlsa->records[i]);
    return count;
}

static const char *record_list(struct rules *r, const struct dns_answer *tlsa)
{
    const char *list = NULL;

    for (size_t i = 0; i < tlsa->record_count && i < 10; i++) {
        const struct dns_record *record = &tlsa->records[i];
        const char *data = rule_bytes(r, record->data.data, record->data.length);

        list = rule_list(r, list,
                         rule_text(r, "%s %s %s %.64s", rule_number(r, record->usage),
                                   rule_number(r, record->selector),
                                   rule_number(r, record->matching), data));
    }
    return list ? list : "-";
}

/* Usage 2 trusts a CA certificate of one's own: the leaf's dates count then. */
static bool match_counts(const struct tls_session *tls, const struct tlsa_match *match, int64_t now)
{
    if (match->result != TLSA_MATCH)
        return false;
    return match->usage == 3 ||
           !(tls_faults(tls, "", now) & (FAULT_BIT(FAULT_EXPIRED) | FAULT_BIT(FAULT_NOT_YET)));
}

static bool session_matches(const struct rules *r, const struct tls_session *tls)
{
    for (size_t i = 0; i < tls->tlsa_count; i++)
        if (match_counts(tls, &tls->tlsa[i], r->now))
            return true;
    return false;
}

/* ---- one host -------------------------------------------------------------------------------- */

static struct finding *host_finding(struct rules *r, enum finding_code code,
                                    const struct mx_host *mx, const char *detail)
{
    return finding_add(r, code, mx->name, detail, "host", mx->name, "name", mx->tlsa->name, "type",
                       "TLSA", "answer", dns_said(mx->tlsa), "why", mx->tlsa->why_bogus, "records",
                       record_list(r, mx->tlsa), "address",
                       mx->session_count ? mx->sessions[0].address : NULL, NULL);
}

static void lookup_failed(struct rules *r, const struct mx_host *mx)
{
    struct finding *finding;

    if (mx->tlsa->outcome == DNS_OUTCOME_UNKNOWN || !signed_so_far(r, mx))
        return;
    finding = host_finding(r, FINDING_DANE_LOOKUP_FAILED, mx,
                           mx->tlsa->security == DNS_SECURITY_BOGUS
                               ? N_("The DNSSEC signatures of {name} do not hold, so senders with "
                                    "DANE do not deliver to {host}.")
                               : N_("The zone of {host} is signed, but the question for its TLSA "
                                    "records ({name}) fails: {answer}. Senders with DANE do not "
                                    "deliver then."));
    /* Silence may be that of the resolver asked. */
    if (mx->tlsa->outcome == DNS_OUTCOME_TIMEOUT)
        finding->severity = SEVERITY_UNKNOWN;
}

static bool belongs_to(const char *host, const char *domain)
{
    size_t length = strlen(host), tail = strlen(domain);

    return !strcmp(host, domain) || (length > tail && host[length - tail - 1] == '.' &&
                                     !strcmp(host + length - tail, domain));
}

static void unsigned_records(struct rules *r, const struct mx_host *mx)
{
    struct finding *finding;

    if (!is_secure(mx->tlsa)) {
        host_finding(r, FINDING_DANE_TLSA_UNSIGNED, mx,
                     N_("The TLSA records at {name} are not signed with DNSSEC, so senders pass "
                        "over them."));
        return;
    }
    if (!was_validated(r->facts->mx_answer))
        return;
    finding = host_finding(r, FINDING_DANE_TLSA_UNSIGNED, mx,
                           is_secure(r->facts->mx_answer)
                               ? N_("The TLSA records at {name} are signed, but the addresses of "
                                    "{host} are not, so senders pass over them.")
                               : N_("The TLSA records at {name} are signed, but the MX records of "
                                    "{domain} are not, so senders pass over them."));
    /* The host's owner did all that is due; this domain may do without DANE. */
    if (!is_secure(r->facts->mx_answer) && !belongs_to(mx->name, r->facts->domain))
        finding->severity = SEVERITY_INFO;
}

static void look_at_sessions(struct dane_host *host)
{
    struct rules *r = host->r;

    for (size_t i = 0; i < host->mx->session_count; i++) {
        const struct smtp_session *session = &host->mx->sessions[i];
        bool matches, good;

        if (session_state(r->facts, session) != SESSION_FINE || !session->tls->tlsa_count)
            continue;
        matches = session_matches(r, session->tls);
        good = !(tls_faults(session->tls, host->mx->name, r->now) & FAULTS_FATAL);
        if (matches)
            host->matching = rule_list(r, host->matching, session->address);
        else
            host->failing = rule_list(r, host->failing, session->address);
        if (!matches && !host->example)
            host->example = session;
        host->webpki_good = host->webpki_good || (good && !matches);
        host->webpki_bad = host->webpki_bad || (!good && matches);
    }
}

static void mismatch(const struct dane_host *host)
{
    struct rules *r = host->r;
    const struct certificate *leaf = &host->example->tls->chain[0];
    struct finding *finding = host_finding(
        r, FINDING_DANE_TLSA_MISMATCH, host->mx,
        host->matching ? N_("The certificate that {host} presents at {addresses} matches none of "
                            "its TLSA records; at {other_addresses} it does.")
                       : N_("The certificate that {host} presents at {addresses} matches none of "
                            "its TLSA records ({records})."));

    finding_param(r, finding, "address", host->example->address);
    finding_param(r, finding, "addresses", host->failing);
    finding_param(r, finding, "other_addresses", host->matching);
    finding_param(r, finding, "spki_sha256", leaf->spki_sha256);
    finding_param(r, finding, "right",
                  leaf->spki_sha256 ? rule_text(r, "3 1 1 %s", leaf->spki_sha256) : NULL);
    /* The next address may do: the mail is late, not refused. */
    if (host->matching)
        finding->severity = SEVERITY_MEDIUM;
}

static bool policy_applies(const struct rules *r)
{
    return r->posture == POSTURE_ENFORCE || r->posture == POSTURE_TESTING;
}

static void conflict(const struct dane_host *host)
{
    struct rules *r = host->r;

    if (!policy_applies(r) || (!host->webpki_good && !host->webpki_bad))
        return;
    host_finding(r, FINDING_DANE_STS_CONFLICT, host->mx,
                 host->webpki_bad
                     ? N_("The certificate of {host} satisfies its TLSA records but not MTA-STS: "
                          "senders with DANE deliver, those with MTA-STS alone do not.")
                     : N_("The certificate of {host} satisfies MTA-STS but not its TLSA records: "
                          "senders with MTA-STS alone deliver, those with DANE do not."));
}

/* True where usable records are in force and each certificate seen matches. */
static bool judge_signed(struct rules *r, const struct mx_host *mx)
{
    struct dane_host host = {.r = r, .mx = mx};

    if (!count_usable(mx->tlsa)) {
        host_finding(r, FINDING_DANE_TLSA_UNUSABLE, mx,
                     N_("No TLSA record at {name} can be used for SMTP ({records}), so senders "
                        "with DANE encrypt without knowing whom they speak to."));
        return false;
    }
    look_at_sessions(&host);
    if (host.failing)
        mismatch(&host);
    conflict(&host);
    return host.matching && !host.failing;
}

static bool judge_host(struct rules *r, const struct mx_host *mx)
{
    switch (dns_seen(mx->tlsa)) {
    case SEEN_UNKNOWN:
    case SEEN_BOGUS:
        lookup_failed(r, mx);
        return false;
    case SEEN_THERE:
        if (!was_validated(mx->tlsa))
            return false;
        if (is_secure(mx->tlsa) && signed_so_far(r, mx))
            return judge_signed(r, mx);
        unsigned_records(r, mx);
        return false;
    default:
        return false;
    }
}

void rule_dane(struct rules *r)
{
    const char *hosts = NULL, *first = NULL;

    for (size_t i = 0; i < r->facts->mx_count; i++) {
        const struct mx_host *mx = &r->facts->mx[i];

        if (!judge_host(r, mx))
            continue;
        first = first ? first : mx->name;
        hosts = rule_list(r, hosts, mx->name);
    }
    if (hosts)
        finding_add(r, FINDING_DANE_ACTIVE, r->facts->domain,
                    N_("DANE protects the mail to {hosts}: signed TLSA records match the "
                       "certificates."),
                    "hosts", hosts, "host", first, NULL);
}
