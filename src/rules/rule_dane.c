/* SPDX-License-Identifier: MIT */
/* rule_dane.c - TLSA records of the MX hosts as senders with DANE read them (RFC 7672).
 *
 * At a host where DANE is in force (dane.h) the CA, the names and the dates of the certificate mean
 * nothing for usage 3, and a sender that does both keeps to MTA-STS all the same; so findings of
 * both kinds stand side by side. */
#include "rules/rule_dane.h"

#include <string.h>

static bool was_validated(const struct dns_answer *answer)
{
    return answer && answer->security != DNS_SECURITY_UNCHECKED;
}

const char *dane_record_words(struct rules *r, int64_t usage, int64_t selector, int64_t matching,
                              const struct bytes *data)
{
    return rule_text(r, "%s %s %s %.64s", rule_number(r, usage), rule_number(r, selector),
                     rule_number(r, matching), rule_bytes(r, data->data, data->length));
}

static const char *record_list(struct rules *r, const struct dns_answer *tlsa)
{
    const char *list = NULL;

    for (size_t i = 0; i < tlsa->record_count && i < 10; i++) {
        const struct dns_record *record = &tlsa->records[i];

        list = rule_list(
            r, list,
            dane_record_words(r, record->usage, record->selector, record->matching, &record->data));
    }
    return list ? list : "-";
}

/* ---- one host -------------------------------------------------------------------------------- */

struct finding *dane_host_finding(struct rules *r, enum finding_code code, const struct mx_host *mx,
                                  const char *detail)
{
    const struct dns_answer *tlsa = dane_records(mx);

    return finding_add(r, code, mx->name, detail, "host", mx->name, "name", tlsa->name, "base",
                       dane_base(mx), "type", "TLSA", "answer", dns_answer_text(tlsa), "why",
                       tlsa->why_bogus, "records", record_list(r, tlsa), "address",
                       mx->session_count ? mx->sessions[0].address : NULL, NULL);
}

/* RFC 7672 section 2.2.1 leaves it to the sender. */
void dane_only_postfix(struct rules *r, struct finding *finding, enum dane_use use)
{
    if (use != DANE_BY_POSTFIX)
        return;
    finding->note =
        N_("The MX records of {domain} are not signed. Postfix nevertheless applies DANE to a "
           "signed MX host (by default since 3.6.17, 3.7.13, 3.8.8, 3.9.2 and 3.10.0) and does "
           "not deliver to this one; mox, KumoMTA and Exim ignore the TLSA records and deliver.");
    finding_param(r, finding, "refused_by", "Postfix");
    finding_param(r, finding, "ignored_by", "mox, KumoMTA, Exim");
    if (finding->severity > SEVERITY_HIGH)
        finding->severity = SEVERITY_HIGH;
}

/* By whether the answer is bogus, and whether Postfix alone minds: the note says so then. */
static const char *const lookup_details[2][2] = {
    {N_("The zone of {host} is signed, but the lookup of its TLSA records ({name}) fails: "
        "{answer}. Senders with DANE then do not deliver."),
     N_("The zone of {host} is signed, but the lookup of its TLSA records ({name}) fails: "
        "{answer}.")},
    {N_("DNSSEC validation of {name} fails, so senders with DANE do not deliver to {host}."),
     N_("DNSSEC validation of {name} fails.")},
};

static void lookup_failed(struct rules *r, const struct mx_host *mx)
{
    const struct dns_answer *tlsa = dane_records(mx);
    enum dane_use use = dane_use(r->view.facts, mx);
    struct finding *finding;

    if (tlsa->outcome == DNS_OUTCOME_UNKNOWN || use == DANE_UNUSED)
        return;
    finding = dane_host_finding(
        r, FINDING_DANE_LOOKUP_FAILED, mx,
        lookup_details[tlsa->security == DNS_SECURITY_BOGUS][use == DANE_BY_POSTFIX]);
    dane_only_postfix(r, finding, use);
    /* Silence may be that of the resolver asked. */
    if (tlsa->outcome == DNS_OUTCOME_TIMEOUT)
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

    if (!dns_is_secure(dane_records(mx))) {
        dane_host_finding(
            r, FINDING_DANE_TLSA_UNSIGNED, mx,
            N_("The TLSA records at {name} are not signed with DNSSEC, so senders ignore them."));
        return;
    }
    if (!was_validated(r->view.facts->mx_answer))
        return;
    finding =
        dane_host_finding(r, FINDING_DANE_TLSA_UNSIGNED, mx,
                          dane_addresses_signed(mx)
                              ? N_("The TLSA records at {name} are signed, but the MX records "
                                   "of {domain} are not. Postfix applies them nevertheless; "
                                   "other senders (mox, KumoMTA, Exim) ignore them, and an "
                                   "attacker can divert mail with a forged MX record.")
                              : N_("The TLSA records at {name} are signed, but the addresses of "
                                   "{host} are not, so senders ignore them."));
    /* The host's owner did all that is due; this domain may do without DANE. */
    if (!dns_is_secure(r->view.facts->mx_answer) && !belongs_to(mx->name, r->view.facts->domain))
        finding->severity = SEVERITY_INFO;
}

/* ---- rules ----------------------------------------------------------------------------------- */

static bool policy_applies(const struct rules *r)
{
    return r->view.posture == POSTURE_ENFORCE || r->view.posture == POSTURE_TESTING;
}

static const char *conflict_detail(const struct dane_host *host)
{
    if (host->webpki_bad)
        return N_("The certificate of {host} satisfies its TLSA records but not MTA-STS: "
                  "senders with DANE deliver, those with only MTA-STS do not.");
    if (host->use == DANE_BY_POSTFIX)
        return N_("The certificate of {host} satisfies MTA-STS but not its TLSA records: other "
                  "senders deliver, Postfix does not.");
    return N_("The certificate of {host} satisfies MTA-STS but not its TLSA records: senders "
              "with only MTA-STS deliver, those with DANE do not.");
}

static void conflict(const struct dane_host *host)
{
    struct rules *r = host->r;

    if (!policy_applies(r) || (!host->webpki_good && !host->webpki_bad))
        return;
    dane_host_finding(r, FINDING_DANE_STS_CONFLICT, host->mx, conflict_detail(host));
}

static void judge_certificates(struct dane_host *host, struct dane_notes *notes)
{
    dane_look_at_sessions(host);
    if (host->failing)
        dane_mismatch(host);
    else if (host->plain && !host->matching)
        dane_without_tls(host);
    conflict(host);
    if (host->use == DANE_BY_ALL && host->matching && !host->failing)
        dane_note_protected(notes, host);
    else if (host->use == DANE_BY_POSTFIX && !host->failing && !host->plain)
        unsigned_records(host->r, host->mx);
}

static void judge_records(struct rules *r, const struct mx_host *mx, struct dane_notes *notes)
{
    struct dane_host host = {.r = r, .mx = mx, .use = dane_use(r->view.facts, mx)};

    if (host.use != DANE_UNUSED && dane_count_usable(mx))
        judge_certificates(&host, notes);
    else if (host.use == DANE_BY_ALL)
        dane_host_finding(
            r, FINDING_DANE_TLSA_UNUSABLE, mx,
            N_("No TLSA record at {name} is usable for SMTP ({records}), so senders with DANE "
               "encrypt without authenticating the host."));
    else
        unsigned_records(r, mx);
}

static void judge_host(struct rules *r, const struct mx_host *mx, struct dane_notes *notes)
{
    const struct dns_answer *tlsa = dane_records(mx);

    switch (dns_lookup_state(tlsa)) {
    case LOOKUP_UNKNOWN:
    case LOOKUP_BOGUS:
        lookup_failed(r, mx);
        break;
    case LOOKUP_FOUND:
        if (was_validated(tlsa))
            judge_records(r, mx, notes);
        break;
    default:
        break;
    }
}

void rule_dane(struct rules *r)
{
    struct dane_notes notes = {0};

    for (size_t i = 0; i < r->view.facts->mx_count; i++)
        judge_host(r, &r->view.facts->mx[i], &notes);
    dane_notes_finding(r, &notes);
    dane_misplaced(r);
}
