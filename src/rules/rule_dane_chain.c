/* SPDX-License-Identifier: MIT */
/* rule_dane_chain.c - the certificates of an MX host against its TLSA records. */
#include "rules/rule_dane.h"

#include <string.h>

#include "base/clock.h"
#include "rules/tls_words.h"

/* ---- sessions -------------------------------------------------------------------------------- */

static void look_at_chain(struct dane_host *host, const struct smtp_session *session)
{
    struct rules *r = host->r;
    struct dane_verdict verdict =
        dane_judge(r->view.facts, host->mx, dane_tls(session), r->view.now);
    bool matches = verdict.fit == DANE_FITS;
    bool good = !(tls_faults(session->tls, host->mx->name, r->view.now) & FAULTS_FATAL);

    if (!matches && dane_tls_cut_off(r->view.facts, host->mx, session))
        return;
    if (matches) {
        host->matching = rule_list(r, host->matching, session->address);
        host->good = session;
    } else
        host->failing = rule_list(r, host->failing, session->address);
    if (!matches && (!host->example || verdict.fit < host->verdict.fit)) {
        host->example = session;
        host->verdict = verdict;
    }
    host->webpki_good = host->webpki_good || (good && !matches);
    host->webpki_bad = host->webpki_bad || (!good && matches);
}

void dane_look_at_sessions(struct dane_host *host)
{
    for (size_t i = 0; i < host->mx->session_count; i++) {
        const struct smtp_session *session = &host->mx->sessions[i];

        switch (session_state(host->r->view.facts, session)) {
        case SESSION_FINE:
            if (dane_tls(session)->outcome != TLS_OK)
                host->plain = rule_list(host->r, host->plain, session->address);
            else if (dane_tls(session)->tlsa_count)
                look_at_chain(host, session);
            break;
        case SESSION_NO_STARTTLS:
        case SESSION_STARTTLS_REFUSED:
        case SESSION_NO_TLS:
            host->plain = rule_list(host->r, host->plain, session->address);
            break;
        default:
            break;
        }
    }
}

/* ---- findings -------------------------------------------------------------------------------- */

/* By dane_fit: what is wrong where a record comes close. */
static const char *const fit_details[] = {
    [DANE_NAME] = N_("The TLSA record {record} matches the chain that {host} presents at "
                     "{addresses}, but the certificate is issued for {names}; with usage 2 senders "
                     "also require that it contains {reference}."),
    [DANE_EXPIRED] = N_("The TLSA record {record} matches the chain that {host} presents at "
                        "{addresses}, but the certificate {cert_subject} expired on {not_after}; "
                        "with usage 2 senders also check the dates."),
    [DANE_NOT_YET] = N_("The TLSA record {record} matches the chain that {host} presents at "
                        "{addresses}, but the certificate {cert_subject} is not valid before "
                        "{not_before}; with usage 2 senders also check the dates."),
    [DANE_BROKEN] = N_("The TLSA record {record} describes a certificate that {host} sends at "
                       "{addresses}, but the server's own certificate does not chain to it: "
                       "{error}."),
    [DANE_UNSENT] = N_("The TLSA record {record} describes the CA certificate {unsent}, which "
                       "{host} does not send at {addresses}. Senders with DANE need it in the "
                       "chain; they do not take it from a local store."),
    [DANE_WEAKER] = N_("The certificate that {host} presents at {addresses} matches the TLSA "
                       "record {record}, but senders ignore that record: for the same usage and "
                       "selector only the strongest digest counts, and none of the records with "
                       "it matches ({records})."),
    [DANE_NOT_CA] = N_("The TLSA record {record} describes the server's own certificate at "
                       "{addresses}, but usage 2 is for a CA certificate; it must be usage 3."),
    [DANE_NOT_LEAF] = N_("The TLSA record {record} describes a CA certificate that {host} sends "
                         "at {addresses}, but usage 3 is for the server's own certificate; for "
                         "a CA it must be usage 2."),
};

static bool only_authorities(const struct tls_session *tls)
{
    for (size_t i = 0; i < tls->tlsa_count; i++)
        if (tls->tlsa[i].usage == 3 && tls->tlsa[i].result != TLSA_UNUSABLE)
            return false;
    return tls->tlsa_count;
}

/* With the host's own name in SNI it shows another certificate, which would do. */
static bool is_for_sni(const struct dane_host *host)
{
    const struct smtp_session *session = host->example;

    return dane_tls(session) != session->tls && session->tls->tlsa_count &&
           dane_judge(host->r->view.facts, host->mx, session->tls, host->r->view.now).fit ==
               DANE_FITS;
}

static const char *mismatch_detail(const struct dane_host *host)
{
    if (is_for_sni(host))
        return N_("Senders with DANE send {host} the name {base} (SNI), because the TLSA "
                  "records are published there. The certificate then presented at {addresses} "
                  "matches none of them ({records}); the one presented for {host} does.");
    if (host->verdict.fit < DANE_NOTHING)
        return fit_details[host->verdict.fit];
    if (host->matching)
        return N_("The certificate that {host} presents at {addresses} matches none of its TLSA "
                  "records; at {other_addresses} it does.");
    if (only_authorities(dane_tls(host->example)))
        return N_("The TLSA records of {host} ({records}) describe CA certificates, and none of "
                  "those is in the chain that the server sends at {addresses}.");
    return N_("The certificate that {host} presents at {addresses} matches none of its TLSA "
              "records ({records}).");
}

/* The certificate on the path that is out of date; the leaf where it is none that was sent. */
static const struct certificate *date_bearer(const struct dane_host *host)
{
    const struct tls_session *tls = dane_tls(host->example);
    const struct tlsa_match *match = host->verdict.match;

    for (size_t i = 0; match && match->path && i < tls->chain_count; i++) {
        const struct certificate *cert = &tls->chain[i];

        if (host->verdict.fit == DANE_NOT_YET ? cert->not_before == match->valid_from
                                              : cert->not_after == match->valid_until)
            return cert;
    }
    return &tls->chain[0];
}

static const char *date_text(struct rules *r, int64_t date)
{
    char text[CLOCK_TEXT_SIZE];

    clock_format(date, text);
    return rule_text(r, "%s", text);
}

static void date_params(struct rules *r, struct finding *finding, const struct certificate *cert)
{
    finding_param(r, finding, "out_of_date", cert->subject ? cert->subject : "-");
    finding_param(r, finding, "cert_subject", cert->subject ? cert->subject : "-");
    finding_param(r, finding, "not_before", date_text(r, cert->not_before));
    finding_param(r, finding, "not_after", date_text(r, cert->not_after));
}

static void verdict_params(const struct dane_host *host, struct finding *finding)
{
    struct rules *r = host->r;
    const struct tlsa_match *match = host->verdict.match;
    const char *base = dane_base(host->mx), *domain = r->view.facts->domain;

    tls_params(r, finding, dane_tls(host->example));
    if (!match)
        return;
    finding_param(
        r, finding, "record",
        dane_record_words(r, match->usage, match->selector, match->matching, &match->data));
    finding_param(r, finding, "unsent", match->unsent);
    finding_param(r, finding, "error", match->path_error ? match->path_error : "-");
    finding_param(r, finding, "reference",
                  dns_is_secure(r->view.facts->mx_answer) && strcmp(base, domain) != 0
                      ? rule_text(r, "%s / %s", base, domain)
                      : base);
    if (host->verdict.fit == DANE_EXPIRED || host->verdict.fit == DANE_NOT_YET)
        date_params(r, finding, date_bearer(host));
    if (host->verdict.fit == DANE_NAME)
        finding_param(r, finding, "reference_missing", finding_value(finding, "reference"));
}

void dane_mismatch(const struct dane_host *host)
{
    struct rules *r = host->r;
    const struct certificate *leaf = &dane_tls(host->example)->chain[0];
    struct finding *finding =
        dane_host_finding(r, FINDING_DANE_TLSA_MISMATCH, host->mx, mismatch_detail(host));

    finding_param(r, finding, "address", host->example->address);
    finding_param(r, finding, "addresses", host->failing);
    finding_param(r, finding, "other_addresses", host->matching);
    finding_param(r, finding, "spki_sha256", leaf->spki_sha256);
    finding_param(r, finding, "right",
                  leaf->spki_sha256 ? rule_text(r, "3 1 1 %s", leaf->spki_sha256) : NULL);
    verdict_params(host, finding);
    dane_only_postfix(r, finding, host->use);
    /* The next address may do: the mail is late, not refused. */
    if (host->matching)
        finding->severity = SEVERITY_MEDIUM;
}

/* TLSA records demand TLS. */
void dane_without_tls(const struct dane_host *host)
{
    struct finding *finding = dane_host_finding(
        host->r, FINDING_DANE_TLSA_MISMATCH, host->mx,
        host->use == DANE_BY_POSTFIX
            ? N_("{host} has TLSA records, but no TLS session can be established at "
                 "{addresses}.")
            : N_("{host} has TLSA records, but no TLS session can be established at "
                 "{addresses}; without one, senders with DANE do not deliver."));

    finding_param(host->r, finding, "addresses", host->plain);
    dane_only_postfix(host->r, finding, host->use);
}
