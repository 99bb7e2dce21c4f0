/* SPDX-License-Identifier: MIT */
/* rule_rua.c - the endpoints that reports are posted to (RFC 8460 sections 3 and 5.4).
 *
 * What was asked is OPTIONS, and what counts is POST.  So only an answer that holds for POST as
 * well is a fault, and an endpoint that does not know OPTIONS or will not answer it to us is in
 * order. Senders may pass over certificate errors here, and need not. */
#include "rules/tls_words.h"

#include <string.h>

#include "verdict/address.h"
#include "verdict/fetch.h"

/* ---- what says nothing of the endpoint ------------------------------------------------------- */

static bool is_cut_off(const struct https_fetch *fetch)
{
    return fetch->outcome == NET_UNKNOWN || fetch->outcome == NET_FAILED ||
           fetch_failed_in_proxy(fetch);
}

/* Whether other ports are open here nobody has tried. */
static bool port_may_be_closed(const struct facts *facts, const struct https_fetch *fetch)
{
    return fetch->port != facts->observer.https_port ||
           vantage_state(facts, VANTAGE_PORT443) == VANTAGE_STATE_CLOSED;
}

static bool says_nothing(const struct facts *facts, const struct https_fetch *fetch)
{
    if (is_cut_off(fetch) || tls_intercepted(facts))
        return true;
    if (!fetch_unconnected(fetch))
        return false;
    return port_may_be_closed(facts, fetch) ||
           (fetch->outcome == NET_NO_ROUTE && !family_works(facts, fetch->address));
}

/* ---- findings -------------------------------------------------------------------------------- */

static struct finding *endpoint_finding(struct rules *r, const struct rua_target *target,
                                        const struct https_fetch *fetch, enum finding_code code,
                                        const char *detail)
{
    struct finding *finding = finding_add(
        r, code, target->host, detail, "host", target->host, "uri",
        rule_bytes(r, target->uri, strlen(target->uri)), "name", r->view.facts->tlsrpt_txt->name,
        "port", rule_number(r, fetch->port), "address", fetch->address, "addresses", fetch->address,
        "cause", net_outcome_name(fetch->outcome), "phase", net_phase_name(fetch->phase), NULL);

    finding_param(r, finding, "error", fetch->error ? fetch->error : "-");
    if (fetch->status)
        finding_param(r, finding, "status", rule_number(r, fetch->status));
    return finding;
}

static void not_reached(struct rules *r, const struct rua_target *target,
                        const struct https_fetch *first)
{
    const char *causes = NULL;

    for (size_t i = 0; i < target->fetch_count; i++)
        causes = rule_list(r, causes,
                           rule_text(r, "%s %s", target->fetches[i].address,
                                     net_outcome_name(target->fetches[i].outcome)));
    finding_param(r,
                  endpoint_finding(r, target, first, FINDING_TLSRPT_RUA_HTTPS_UNREACHABLE,
                                   N_("{host} cannot be reached on port {port}: {causes}.")),
                  "causes", causes);
}

static const char *silence_of(const struct https_fetch *fetch)
{
    if (fetch->outcome == NET_TIMEOUT)
        return N_("{host} at {addresses} accepts the connection but does not answer in time "
                  "(phase: {phase}).");
    if (fetch->outcome == NET_CLOSED || fetch->outcome == NET_RESET)
        return N_("{host} at {addresses} closes the connection without answering.");
    return N_("{host} at {addresses} does not return a valid HTTP response: {error}.");
}

/* FAULT_COUNT: none. */
static enum tls_fault first_of(unsigned faults)
{
    unsigned fault = 0;

    while (fault < FAULT_COUNT && !(faults & FAULT_BIT(fault)))
        fault++;
    return (enum tls_fault)fault;
}

static unsigned faults_of(const struct rules *r, const struct rua_target *target,
                          const struct https_fetch *fetch)
{
    return tls_faults(fetch->tls, target->host, r->view.now);
}

/* OpenSSL refuses a key or digest as too weak: the certificate's fault, although the handshake
 * fails of it. */
static bool is_of_certificate(enum tls_fault fault, const struct tls_session *tls)
{
    return (FAULT_BIT(fault) & FAULTS_CERTIFICATE) ||
           (fault == FAULT_HANDSHAKE && tls->outcome == TLS_OK && !tls->weakness &&
            tls->trust == CHAIN_REJECTED);
}

/* True: no sender comes as far as HTTP. */
static bool judge_tls(struct rules *r, const struct rua_target *target,
                      const struct https_fetch *fetch)
{
    enum tls_fault fault = first_of(faults_of(r, target, fetch));
    bool of_certificate;

    if (fault == FAULT_COUNT)
        return false;
    of_certificate = is_of_certificate(fault, fetch->tls);
    tls_params(r,
               endpoint_finding(r, target, fetch,
                                of_certificate ? FINDING_TLSRPT_RUA_HTTPS_CERT
                                               : FINDING_TLSRPT_RUA_HTTPS_UNREACHABLE,
                                tls_detail(fault, fetch->tls)),
               fetch->tls);
    return !of_certificate;
}

/* It may be OPTIONS that the endpoint does not bear. */
static void no_answer(struct rules *r, const struct rua_target *target,
                      const struct https_fetch *fetch)
{
    struct finding *finding;

    if (judge_tls(r, target, fetch))
        return;
    finding =
        endpoint_finding(r, target, fetch, FINDING_TLSRPT_RUA_HTTPS_UNREACHABLE, silence_of(fetch));
    if (fetch->phase != PHASE_TLS)
        finding->severity = SEVERITY_LOW;
}

/* ---- the answer ------------------------------------------------------------------------------ */

/* Others, such as 400, 403, 405, 415 and 501, are about this method or about its empty body. */
static const struct {
    int64_t first, last;
    const char *detail;
} bad_statuses[] = {
    {300, 399,
     N_("{host} redirects requests for {uri} (HTTP {status}); senders do not follow redirects when "
        "they post a report.")},
    {401, 401, N_("{host} requires a login (HTTP {status}); senders have none.")},
    {404, 404, N_("{host} finds nothing at {uri} (HTTP {status}).")},
    {410, 410, N_("{host} reports that {uri} is permanently gone (HTTP {status}).")},
    {500, 500, N_("{host} returns a server error for {uri} (HTTP {status}).")},
    {502, 599, N_("{host} returns a server error for {uri} (HTTP {status}).")},
};

static const char *bad_status(int64_t status)
{
    for (size_t i = 0; i < sizeof bad_statuses / sizeof bad_statuses[0]; i++)
        if (status >= bad_statuses[i].first && status <= bad_statuses[i].last)
            return bad_statuses[i].detail;
    return NULL;
}

static void judge_answer(struct rules *r, const struct rua_target *target,
                         const struct https_fetch *fetch)
{
    const char *detail = fetch_is_challenge(fetch) ? N_("{host} answers with a browser challenge "
                                                        "(HTTP {status}); senders cannot solve it.")
                                                   : bad_status(fetch->status);
    struct finding *finding;

    if (!detail)
        return;
    finding = endpoint_finding(r, target, fetch, FINDING_TLSRPT_RUA_HTTPS_STATUS, detail);
    if (fetch->location.length)
        finding_param(r, finding, "location",
                      rule_bytes(r, fetch->location.data, fetch->location.length));
}

/* ---- addresses that lead nowhere ------------------------------------------------------------- */

/* Adds those of the answer; NULL once one may well be reached. */
static const char *nowhere_list(struct rules *r, const struct dns_answer *answer, const char *list)
{
    for (size_t i = 0; list && answer && i < answer->record_count; i++) {
        const char *address = answer->records[i].address;

        if (address_kind(r->view.facts, address) == ADDRESS_PUBLIC)
            return NULL;
        list = rule_list(r, *list ? list : NULL, address);
    }
    return list;
}

/* Whether it was connected to or not. */
static bool judge_addresses(struct rules *r, const struct rua_target *target)
{
    const char *list = nowhere_list(r, target->aaaa, nowhere_list(r, target->a, ""));

    for (size_t i = 0; i < target->fetch_count; i++)
        if (target->fetches[i].outcome == NET_OK)
            return false;
    if (target->mx || !list || !*list)
        return false;
    finding_add(r, FINDING_TLSRPT_RUA_HTTPS_UNREACHABLE, target->host,
                N_("{host} has no address that can be reached from the internet: {addresses}."),
                "host", target->host, "uri", rule_bytes(r, target->uri, strlen(target->uri)),
                "name", r->view.facts->tlsrpt_txt->name, "addresses", list, NULL);
    return true;
}

/* The one that answered; else the one that came furthest, of those that say something. */
static const struct https_fetch *telling(const struct facts *facts, const struct rua_target *target)
{
    const struct https_fetch *best = NULL;

    for (size_t i = 0; i < target->fetch_count; i++) {
        const struct https_fetch *fetch = &target->fetches[i];

        if (fetch->outcome == NET_OK)
            return tls_intercepted(facts) ? NULL : fetch;
        if (is_cut_off(fetch)) /* it might have answered */
            return NULL;
        if (!says_nothing(facts, fetch) &&
            (!best || (fetch_unconnected(best) && !fetch_unconnected(fetch))))
            best = fetch;
    }
    return best;
}

static void judge(struct rules *r, const struct rua_target *target)
{
    const struct https_fetch *fetch = telling(r->view.facts, target);

    if (judge_addresses(r, target) || !fetch)
        return;
    if (fetch_unconnected(fetch))
        not_reached(r, target, fetch);
    else if (fetch->outcome != NET_OK)
        no_answer(r, target, fetch);
    else if (!judge_tls(r, target, fetch))
        judge_answer(r, target, fetch);
}

void rule_rua(struct rules *r)
{
    if (dns_lookup_state(r->view.facts->tlsrpt_txt) != LOOKUP_FOUND)
        return;
    for (size_t i = 0; i < r->view.facts->rua_target_count; i++)
        judge(r, &r->view.facts->rua_targets[i]);
}
