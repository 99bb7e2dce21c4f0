/* SPDX-License-Identifier: MIT */
/* rule_policy_host.c - reaching the policy host and what it answers (RFC 8461 section 3.3).
 *
 * Each address gives symptoms.  One that all addresses share is one finding about the host; else
 * there is one for each address that has it. */
#include "rules/tls_words.h"

#include <string.h>

#include "rules/delegation.h"
#include "verdict/address.h"
#include "verdict/fetch.h"

struct symptom {
    const struct https_fetch *fetch;
    enum finding_code code;
    const char *detail;
    bool of_tls; /* its evidence is the TLS session's */
};

struct symptoms {
    struct symptom *list;
    size_t count;
};

#define SYMPTOMS_MAX (FAULT_COUNT + 2) /* of one address */

/* ---- the name -------------------------------------------------------------------------------- */

static const char *family_names(enum lookup_state a, enum lookup_state aaaa)
{
    if (a == LOOKUP_NONE)
        return "AAAA";
    return aaaa == LOOKUP_NONE ? "A" : "A and AAAA";
}

static void host_missing(struct rules *r)
{
    const struct policy_host *host = &r->view.facts->policy_host;
    const struct dns_answer *answer = host->a ? host->a : host->aaaa;

    if (answer->cname_count && answer->outcome == DNS_OUTCOME_NXDOMAIN)
        finding_add(r, FINDING_POLICY_HOST_CNAME_DANGLING, host->name,
                    N_("{name} is an alias of {cname}, a name that does not exist; whoever "
                       "registers it can publish a policy for {domain}."),
                    "name", host->name, "type", "A", "answer", dns_answer_text(answer), "cname",
                    dns_target(answer), NULL);
    else
        finding_add(r, FINDING_POLICY_HOST_MISSING, host->name,
                    answer->outcome == DNS_OUTCOME_NXDOMAIN
                        ? N_("{name} does not exist in the DNS ({answer}).")
                        : N_("{name} has no address, neither A nor AAAA ({answer})."),
                    "name", host->name, "type",
                    family_names(dns_lookup_state(host->a), dns_lookup_state(host->aaaa)), "answer",
                    dns_answer_text(answer), "cname", dns_target(answer), NULL);
}

static const char *lookup_detail(const struct dns_answer *answer)
{
    if (!answer)
        return N_("The address of {name} was not looked up.");
    if (dns_lookup_state(answer) == LOOKUP_ABSENT)
        return N_("{name} has no address of the requested family ({type}); the other family was "
                  "not looked up.");
    if (dns_lookup_state(answer) == LOOKUP_BOGUS)
        return N_("DNSSEC validation of {name} ({type}) fails.");
    return N_("The address of {name} ({type}) could not be looked up: {answer}.");
}

static void lookup_failed(struct rules *r, const struct dns_answer *answer)
{
    const char *name = r->view.facts->policy_host.name;

    if (dns_not_awaited(r->view.facts, answer))
        return;
    finding_add(r, FINDING_POLICY_HOST_LOOKUP_FAILED, name, lookup_detail(answer), "name", name,
                "type", answer ? dns_type_name(answer->type) : "A and AAAA", "answer",
                answer ? dns_answer_text(answer) : "not asked", "why",
                answer ? answer->why_bogus : NULL, NULL);
}

static bool lookup_is_bad(const struct dns_answer *answer)
{
    return dns_lookup_state(answer) == LOOKUP_UNKNOWN || dns_lookup_state(answer) == LOOKUP_BOGUS;
}

static void judge_name(struct rules *r)
{
    const struct policy_host *host = &r->view.facts->policy_host;
    enum lookup_state seen = host_lookup_state(host->a, host->aaaa);

    if (seen == LOOKUP_ABSENT)
        host_missing(r);
    else if (lookup_is_bad(host->a))
        lookup_failed(r, host->a);
    else if (lookup_is_bad(host->aaaa))
        lookup_failed(r, host->aaaa);
    else if (seen != LOOKUP_FOUND)
        lookup_failed(r, host->a ? host->a : host->aaaa);
}

/* ---- what one address shows ------------------------------------------------------------------ */

static const enum finding_code tls_codes[FAULT_COUNT] = {
    [FAULT_HANDSHAKE] = FINDING_POLICY_TLS_HANDSHAKE_FAILED,
    [FAULT_CLIENT_CERT] = FINDING_POLICY_TLS_CLIENT_CERTIFICATE,
    [FAULT_VERSION] = FINDING_POLICY_TLS_VERSION_OLD,
    [FAULT_SELF_SIGNED] = FINDING_POLICY_CERT_SELF_SIGNED,
    [FAULT_UNTRUSTED_ROOT] = FINDING_POLICY_CERT_UNTRUSTED_ROOT,
    [FAULT_INCOMPLETE] = FINDING_POLICY_CERT_CHAIN_INCOMPLETE,
    [FAULT_PURPOSE] = FINDING_POLICY_CERT_WRONG_PURPOSE,
    [FAULT_EXPIRED] = FINDING_POLICY_CERT_EXPIRED,
    [FAULT_NOT_YET] = FINDING_POLICY_CERT_NOT_YET_VALID,
    [FAULT_SOON] = FINDING_POLICY_CERT_EXPIRES_SOON,
    [FAULT_NAME] = FINDING_POLICY_CERT_NAME_MISMATCH,
    [FAULT_COMMON_NAME] = FINDING_POLICY_CERT_COMMON_NAME_ONLY,
    [FAULT_PARTIAL_WILDCARD] = FINDING_POLICY_CERT_PARTIAL_WILDCARD,
};

struct status_row {
    int64_t first, last;
    enum finding_code code;
    const char *detail;
};

static const struct status_row status_rows[] = {
    {300, 399, FINDING_POLICY_REDIRECT,
     N_("{host} returns a redirect (HTTP {status}), which senders do not follow.")},
    {401, 401, FINDING_POLICY_FORBIDDEN,
     N_("{host} requires a login (HTTP {status}); senders have none.")},
    {403, 403, FINDING_POLICY_FORBIDDEN, N_("{host} denies access to the policy (HTTP {status}).")},
    {404, 404, FINDING_POLICY_NOT_FOUND,
     N_("{host} has no file at /.well-known/mta-sts.txt (HTTP {status}).")},
    {410, 410, FINDING_POLICY_NOT_FOUND,
     N_("{host} reports that the file is permanently gone (HTTP {status}).")},
    {500, 599, FINDING_POLICY_SERVER_ERROR, N_("{host} returned a server error (HTTP {status}).")},
    {INT64_MIN, INT64_MAX, FINDING_POLICY_HTTP_STATUS,
     N_("{host} returns HTTP status {status}; senders accept only 200.")},
};

static bool waited_in_vain(const struct https_fetch *fetch)
{
    return fetch->outcome == NET_TIMEOUT || fetch->outcome == NET_UNKNOWN;
}

static struct symptom symptom_of(const struct https_fetch *fetch, enum finding_code code,
                                 const char *detail)
{
    return (struct symptom){.fetch = fetch, .code = code, .detail = detail};
}

/* An object store hides whether an object exists from whom may not list the bucket. */
static const char *store_detail(const struct https_fetch *fetch, const char *otherwise)
{
    if (fetch_store_says(fetch, "NoSuchBucket"))
        return N_("{store} returns {store_error} for {host} (HTTP {status}): no bucket of that "
                  "name exists; whoever creates one can publish a policy for {domain}.");
    if (fetch->status == 403)
        return N_("{store} returns {store_error} for {host} (HTTP {status}): the object "
                  ".well-known/mta-sts.txt is missing or not public; the answer is the same in "
                  "both cases.");
    if (fetch->status == 404)
        return N_("{store} returns {store_error} for {host} (HTTP {status}): there is no object "
                  ".well-known/mta-sts.txt.");
    return otherwise;
}

static struct symptom by_status(const struct https_fetch *fetch)
{
    const struct status_row *row = status_rows;

    while (fetch->status < row->first || fetch->status > row->last)
        row++;
    return symptom_of(fetch, row->code,
                      fetch_store(fetch) == STORE_NONE ? row->detail
                                                       : store_detail(fetch, row->detail));
}

static struct symptom timed_out(const struct https_fetch *fetch)
{
    return symptom_of(fetch, FINDING_POLICY_TIMEOUT,
                      fetch->outcome == NET_UNKNOWN
                          ? N_("The check ended before {host} at {addresses} had delivered the "
                               "policy (phase: {phase}).")
                          : N_("{host} at {addresses} did not deliver the policy in time "
                               "(phase: {phase})."));
}

static struct symptom cut_short(const struct https_fetch *fetch)
{
    if (fetch->too_large)
        return symptom_of(fetch, FINDING_POLICY_TOO_LARGE,
                          N_("The response of {host} is larger than 64 KiB; senders stop "
                             "reading there."));
    if (fetch->outcome == NET_LIMIT)
        return symptom_of(fetch, FINDING_POLICY_TOO_LARGE,
                          N_("The response of {host} is larger than senders accept: {error}."));
    if (fetch->truncated || fetch->status)
        return symptom_of(fetch, FINDING_POLICY_TRUNCATED,
                          N_("The connection to {host} ended in the middle of the policy, after "
                             "{received|byte|bytes}."));
    if (fetch->outcome == NET_CLOSED || fetch->outcome == NET_RESET)
        return symptom_of(fetch, FINDING_POLICY_TRUNCATED,
                          N_("{host} closed the connection without answering."));
    return symptom_of(fetch, FINDING_POLICY_HTTP_STATUS,
                      N_("{host} did not return a valid HTTP response: {error}."));
}

static struct symptom from_cdn(const struct https_fetch *fetch)
{
    if (fetch_is_challenge(fetch))
        return symptom_of(fetch, FINDING_POLICY_BOT_CHALLENGE,
                          N_("{host} returns a browser challenge (HTTP {status}) instead of the "
                             "policy."));
    if (fetch_cloudflare_error(fetch))
        return symptom_of(fetch, FINDING_POLICY_PROXY_ERROR,
                          N_("Cloudflare answers in place of {host} with an error of its own: "
                             "{cdn_error} (HTTP {status})."));
    return (struct symptom){.code = FINDING_COUNT};
}

/* FINDING_COUNT: nothing wrong with the answer. */
static struct symptom http_symptom(const struct https_fetch *fetch)
{
    struct symptom cdn = from_cdn(fetch);

    if (cdn.code != FINDING_COUNT)
        return cdn;
    if (fetch->status && fetch->status != 200)
        return by_status(fetch);
    if (waited_in_vain(fetch))
        return timed_out(fetch);
    if (fetch->outcome != NET_OK || fetch->too_large || fetch->truncated || !fetch->status)
        return cut_short(fetch);
    if (fetch_is_page(fetch)) /* its type is that of a page, and rightly */
        return (struct symptom){.code = FINDING_COUNT};
    if (!fetch->media_type)
        return symptom_of(fetch, FINDING_POLICY_CONTENT_TYPE,
                          N_("{host} serves the policy without a media type; it must be "
                             "text/plain."));
    if (strcmp(fetch->media_type, "text/plain") != 0)
        return symptom_of(fetch, FINDING_POLICY_CONTENT_TYPE,
                          N_("{host} serves the policy as {media_type}; it must be text/plain."));
    return (struct symptom){.code = FINDING_COUNT};
}

static void add_symptom(struct symptoms *symptoms, struct symptom symptom)
{
    if (symptom.code != FINDING_COUNT)
        symptoms->list[symptoms->count++] = symptom;
}

/* The connection stands; the handshake may not. */
static void judge_connected(struct rules *r, const struct https_fetch *fetch,
                            struct symptoms *symptoms)
{
    unsigned faults = tls_all_faults(&r->view, fetch->tls, r->view.facts->policy_host.name);
    bool in_tls = fetch->phase == PHASE_TLS || fetch->outcome == NET_TLS;

    if (tls_intercepted(r->view.facts)) /* it is not the host's own */
        faults &= ~FAULTS_CERTIFICATE;
    if (fetch_lacks_certificate(fetch))
        faults |= FAULT_BIT(FAULT_CLIENT_CERT);
    /* with TLS 1.3 it is the answer that does not come */
    in_tls = in_tls || faults & FAULT_BIT(FAULT_CLIENT_CERT);
    if (in_tls && !waited_in_vain(fetch) && !(faults & FAULT_BIT(FAULT_CLIENT_CERT)))
        faults |= FAULT_BIT(FAULT_HANDSHAKE);
    for (unsigned i = 0; i < FAULT_COUNT; i++)
        if (faults & FAULT_BIT(i))
            add_symptom(symptoms, (struct symptom){fetch, tls_codes[i],
                                                   i == FAULT_SOON
                                                       ? tls_soon_detail(r, fetch->tls)
                                                       : tls_detail((enum tls_fault)i, fetch->tls),
                                                   true});
    if (!in_tls)
        add_symptom(symptoms, http_symptom(fetch));
    else if (waited_in_vain(fetch))
        add_symptom(symptoms, timed_out(fetch));
}

static const char *unreachable_detail(bool all)
{
    return all ? N_("{host} cannot be reached on port {https_port} at any address: {causes}.")
               : N_("{host} cannot be reached at {address} ({cause}), but other addresses "
                    "answer: {other_addresses}.");
}

/* ---- findings -------------------------------------------------------------------------------- */

/* `store`, `store_error`, and its name once more under its own: steps are for one store only. */
static void store_params(struct rules *r, struct finding *finding, const struct https_fetch *fetch)
{
    static const struct {
        const char *name, *own;
    } stores[] = {
        [STORE_S3] = {"Amazon S3", "amazon"},
        [STORE_GCS] = {"Google Cloud Storage", "google"},
        [STORE_AZURE] = {"Azure Blob Storage", "azure"},
    };
    enum object_store store = fetch_store(fetch);
    struct bytes error = fetch_store_error(fetch);

    if (store == STORE_NONE)
        return;
    finding_param(r, finding, "store", stores[store].name);
    finding_param(r, finding, "store_error",
                  error.length ? rule_bytes(r, error.data, error.length) : "-");
    finding_param(r, finding, stores[store].own, stores[store].name);
}

static void http_params(struct rules *r, struct finding *finding, const struct https_fetch *fetch)
{
    finding_param(r, finding, "cause", net_outcome_name(fetch->outcome));
    finding_param(r, finding, "phase", net_phase_name(fetch->phase));
    finding_param(r, finding, "error", fetch->error ? fetch->error : "-");
    if (fetch->status)
        finding_param(r, finding, "status", rule_number(r, fetch->status));
    if (fetch->location.length)
        finding_param(r, finding, "location",
                      rule_bytes(r, fetch->location.data, fetch->location.length));
    finding_param(r, finding, "media_type", fetch->media_type);
    store_params(r, finding, fetch);
    if (fetch->content_length >= 0 && fetch->status)
        finding_param(r, finding, "content_length", rule_number(r, fetch->content_length));
    finding_param(r, finding, "received", rule_number(r, (int64_t)fetch->body.length));
}

/* A policy that stands where no sender looks; NULL: none was found. */
static const char *policy_elsewhere(const struct policy_host *host)
{
    for (size_t i = 0; i < host->elsewhere_count; i++)
        if (host->elsewhere[i].is_policy)
            return host->elsewhere[i].url;
    return NULL;
}

static void say_where(struct rules *r, struct finding *finding)
{
    const char *url = policy_elsewhere(&r->view.facts->policy_host);

    if (!url)
        return;
    finding->detail = N_("{host} has no file at /.well-known/mta-sts.txt (HTTP {status}); a "
                         "policy is at {found_at}, where senders do not look.");
    finding_param(r, finding, "found_at", url);
}

static struct finding *symptom_finding(struct rules *r, const struct symptom *symptom,
                                       const char *subject, const char *addresses,
                                       const char *others)
{
    const char *name = r->view.facts->policy_host.name;
    struct finding *finding = finding_add(r, symptom->code, subject, symptom->detail, "host", name,
                                          "address", symptom->fetch->address, "addresses",
                                          addresses, "other_addresses", others, NULL);

    if (symptom->of_tls)
        tls_params(r, finding, symptom->fetch->tls);
    else
        http_params(r, finding, symptom->fetch);
    if (symptom->code == FINDING_POLICY_PROXY_ERROR)
        finding_param(r, finding, "cdn_error",
                      rule_number(r, fetch_cloudflare_error(symptom->fetch)));
    if (symptom->code == FINDING_POLICY_NOT_FOUND)
        say_where(r, finding);
    if (symptom->code == FINDING_POLICY_TIMEOUT &&
        stopped_by_us(r->view.facts, symptom->fetch->outcome, symptom->fetch->phase))
        finding->severity = SEVERITY_UNKNOWN;
    return finding;
}

static const char *other_addresses(struct rules *r, const struct https_fetch *than, bool connected)
{
    const struct policy_host *host = &r->view.facts->policy_host;
    const char *list = NULL;

    for (size_t i = 0; i < host->fetch_count; i++)
        if (&host->fetches[i] != than && (!connected || !fetch_unconnected(&host->fetches[i])))
            list = rule_list(r, list, host->fetches[i].address);
    return list;
}

/* The symptoms of one code; `connected` addresses could have had it. */
static void report_code(struct rules *r, const struct symptoms *symptoms, enum finding_code code,
                        size_t connected)
{
    const char *name = r->view.facts->policy_host.name, *addresses = NULL;
    const struct symptom *first = NULL;
    size_t count = 0;

    for (size_t i = 0; i < symptoms->count; i++) {
        if (symptoms->list[i].code != code)
            continue;
        first = first ? first : &symptoms->list[i];
        addresses = rule_list(r, addresses, rule_fetch_place(r, symptoms->list[i].fetch));
        count++;
    }
    if (count && count == connected) {
        symptom_finding(r, first, name, addresses, NULL);
        return;
    }
    for (size_t i = 0; i < symptoms->count; i++) {
        const struct https_fetch *fetch = symptoms->list[i].fetch;

        if (symptoms->list[i].code == code)
            symptom_finding(r, &symptoms->list[i], rule_at(r, name, fetch->address), fetch->address,
                            other_addresses(r, fetch, true));
    }
}

/* Not connected to, and nobody could. */
static enum address_kind special_kind(const struct rules *r, const struct https_fetch *fetch)
{
    return fetch_unconnected(fetch) ? address_kind(r->view.facts, fetch->address) : ADDRESS_PUBLIC;
}

static void judge_special(struct rules *r, enum address_kind kind, enum finding_code code,
                          const char *detail)
{
    const struct policy_host *host = &r->view.facts->policy_host;
    const char *list = NULL, *first = NULL;
    bool another = false;
    struct finding *finding;

    for (size_t i = 0; i < host->fetch_count; i++) {
        another = another || !fetch_unconnected(&host->fetches[i]);
        if (special_kind(r, &host->fetches[i]) != kind)
            continue;
        first = first ? first : host->fetches[i].address;
        list = rule_list(r, list, host->fetches[i].address);
    }
    if (!list)
        return;
    finding = finding_add(r, code, host->name, detail, "host", host->name, "name", host->name,
                          "address", first, "addresses", list, NULL);
    if (another) /* senders come to the policy by another address */
        finding->severity = SEVERITY_MEDIUM;
}

static void judge_specials(struct rules *r)
{
    judge_special(r, ADDRESS_PLACEHOLDER, FINDING_POLICY_HOST_PLACEHOLDER_ADDRESS,
                  N_("{host} has the address {addresses}, a placeholder with no server behind "
                     "it."));
    judge_special(r, ADDRESS_PRIVATE, FINDING_POLICY_HOST_PRIVATE_ADDRESS,
                  N_("{host} has an address that is unreachable from the internet: {addresses}."));
}

/* Seen from within such a network, where it may be right: the internet may be told another. */
static void judge_inner(struct rules *r)
{
    const struct policy_host *host = &r->view.facts->policy_host;
    const char *list = NULL, *first = NULL;
    struct finding *finding;

    for (size_t i = 0; i < host->fetch_count; i++) {
        if (!address_is_inner(r->view.facts, host->fetches[i].address))
            continue;
        first = first ? first : host->fetches[i].address;
        list = rule_list(r, list, host->fetches[i].address);
    }
    if (!list)
        return;
    finding = finding_add(
        r, FINDING_POLICY_HOST_PRIVATE_ADDRESS, host->name,
        N_("{host} has the private address {addresses}, reachable only from this network: "
           "senders on the internet need a public address for {host} in the DNS."),
        "host", host->name, "name", host->name, "address", first, "addresses", list, NULL);
    finding->severity = SEVERITY_LOW;
}

static const struct https_fetch *first_public(const struct rules *r)
{
    const struct policy_host *host = &r->view.facts->policy_host;

    for (size_t i = 0; i < host->fetch_count; i++)
        if (special_kind(r, &host->fetches[i]) == ADDRESS_PUBLIC)
            return &host->fetches[i];
    return NULL;
}

static void none_reached(struct rules *r)
{
    const struct policy_host *host = &r->view.facts->policy_host;
    const struct https_fetch *first = first_public(r);
    const char *causes = NULL, *addresses = NULL;
    bool open = true;
    struct finding *finding;

    if (!first || policy_host_families_missing(r->view.facts)) /* see rule_family() */
        return;
    for (size_t i = 0; i < host->fetch_count; i++) {
        const struct https_fetch *fetch = &host->fetches[i];

        if (special_kind(r, fetch) != ADDRESS_PUBLIC)
            continue;
        open = open && fetch_is_open(r->view.facts, fetch);
        addresses = rule_list(r, addresses, fetch->address);
        causes = rule_list(r, causes,
                           rule_text(r, "%s %s", fetch->address, net_outcome_name(fetch->outcome)));
    }
    finding = finding_add(r, FINDING_POLICY_HOST_UNREACHABLE, host->name, unreachable_detail(true),
                          "host", host->name, "address", first->address, "addresses", addresses,
                          "causes", causes, NULL);
    http_params(r, finding, first);
    if (open) /* this machine has no such network */
        finding->severity = SEVERITY_UNKNOWN;
}

static void one_unreached(struct rules *r, const struct https_fetch *fetch)
{
    struct symptom symptom =
        symptom_of(fetch, FINDING_POLICY_HOST_ADDRESS_UNREACHABLE, unreachable_detail(false));

    if (!fetch_is_open(r->view.facts, fetch) && special_kind(r, fetch) == ADDRESS_PUBLIC)
        symptom_finding(r, &symptom, rule_at(r, r->view.facts->policy_host.name, fetch->address),
                        fetch->address, other_addresses(r, fetch, true));
}

/* There is one fetch only, since the proxy was told the name; beside it stand the addresses for
 * which it was not asked. */
static bool judge_proxy(struct rules *r)
{
    const struct policy_host *host = &r->view.facts->policy_host;
    const struct https_fetch *fetch = host->fetches;
    const char *cause;

    while (fetch < host->fetches + host->fetch_count && !fetch_failed_in_proxy(fetch))
        fetch++;
    if (fetch == host->fetches + host->fetch_count)
        return false;
    cause = net_outcome_name(fetch->outcome);
    if (fetch->proxy_status)
        cause = rule_text(r, "HTTP %lld", (long long)fetch->proxy_status);
    finding_add(r, FINDING_POLICY_PROXY_FAILED, host->name,
                N_("The proxy {proxy} did not connect to {host}: {cause}."), "host", host->name,
                "proxy", fetch->proxy ? fetch->proxy : "-", "cause", cause, "error",
                fetch->error ? fetch->error : "-", NULL);
    return true;
}

/* That the person stopped us is said once, and is no fault of the host. */
static void leave_out_interrupted(const struct rules *r, struct symptoms *symptoms)
{
    size_t count = 0;

    for (size_t i = 0; i < symptoms->count; i++) {
        const struct symptom *one = &symptoms->list[i];
        bool ours = one->code == FINDING_POLICY_TIMEOUT && one->fetch->outcome == NET_UNKNOWN;

        if (!ours || !r->view.facts->interrupted)
            symptoms->list[count++] = *one;
    }
    symptoms->count = count;
}

static void judge_fetches(struct rules *r, struct symptoms *symptoms)
{
    const struct policy_host *host = &r->view.facts->policy_host;
    size_t connected = 0, stopped = 0;

    for (size_t i = 0; i < host->fetch_count; i++) {
        const struct https_fetch *fetch = &host->fetches[i];

        if (!fetch_unconnected(fetch)) {
            judge_connected(r, fetch, symptoms);
            connected++;
        } else if (fetch->outcome == NET_UNKNOWN && special_kind(r, fetch) == ADDRESS_PUBLIC) {
            add_symptom(symptoms, timed_out(fetch));
            stopped++;
        }
    }
    leave_out_interrupted(r, symptoms);
    judge_specials(r);
    judge_inner(r);
    for (int code = 0; code < FINDING_COUNT; code++)
        report_code(r, symptoms, (enum finding_code)code, connected ? connected : stopped);
    if (!connected && !stopped)
        none_reached(r);
    for (size_t i = 0; connected && i < host->fetch_count; i++)
        if (fetch_unconnected(&host->fetches[i]))
            one_unreached(r, &host->fetches[i]);
}

/* The addresses were known, and there was no time left to ask them. */
static void not_fetched(struct rules *r)
{
    const char *name = r->view.facts->policy_host.name;
    struct finding *finding = finding_add(
        r, FINDING_POLICY_TIMEOUT, name,
        N_("The check ended before it requested the policy from {host}."), "host", name, NULL);

    finding->severity = SEVERITY_UNKNOWN;
}

void rule_policy_host(struct rules *r)
{
    const struct policy_host *host = &r->view.facts->policy_host;
    struct symptoms symptoms = {0};

    /* Where nothing is published, whatever answers at mta-sts. is nobody's business. */
    if (posture_is_absent(r->view.posture))
        return;
    judge_name(r);
    if (host_lookup_state(host->a, host->aaaa) != LOOKUP_FOUND)
        return;
    if (!host->fetch_count) {
        if (!r->view.facts->interrupted)
            not_fetched(r);
        return;
    }
    if (judge_proxy(r) || port443_blocked(r->view.facts) || policy_host_unprovisioned(r))
        return;
    symptoms.list = talloc_array(r->view.mem, struct symptom, host->fetch_count * SYMPTOMS_MAX);
    if (symptoms.list)
        judge_fetches(r, &symptoms);
    else
        r->view.no_memory = true;
}
