/* SPDX-License-Identifier: MIT */
/* rule_mx_tls.c - what each address of each MX host does on port 25 (RFC 8461 section 4.2).
 *
 * A fault that all addresses of a host share is one finding about the host.  Where only some have
 * it, a bad certificate is "differs by address" and a dead address "address unreachable"; faults
 * of the dialogue are about the host, and say which addresses. */
#include "rules/tls_words.h"

#include <string.h>

#include "verdict/fetch.h"
#include "verdict/mx_target.h"
#include "verdict/session.h"

struct mx_tls_host {
    struct rules *r;
    const struct mx_host *mx;
    const struct smtp_session *sessions; /* of mx */
    enum session_state *states;          /* of each session */
    unsigned *faults;
    size_t count;
};

/* ---- evidence -------------------------------------------------------------------------------- */

static void session_params(struct rules *r, struct finding *finding,
                           const struct smtp_session *session)
{
    struct session_reply reply = session_reply(session);

    finding_param(r, finding, "cause", net_outcome_name(session->outcome));
    finding_param(r, finding, "phase", net_phase_name(session->phase));
    finding_param(r, finding, "error", session->error ? session->error : "-");
    if (reply.code) { /* a reply may be a number alone */
        finding_param(r, finding, "code", rule_number(r, reply.code));
        finding_param(r, finding, "reply", rule_bytes(r, reply.text.data, reply.text.length));
    }
    if (session->injected)
        finding_param(r, finding, "injected", rule_number(r, session->injected));
}

/* The addresses in a state, or (others) in any other. */
static const char *addresses_in(const struct mx_tls_host *host, enum session_state state,
                                bool others)
{
    const char *list = NULL;

    for (size_t i = 0; i < host->count; i++)
        if ((host->states[i] == state) != others)
            list = rule_list(host->r, list, host->sessions[i].address);
    return list;
}

static const struct smtp_session *first_in(const struct mx_tls_host *host, enum session_state state)
{
    for (size_t i = 0; i < host->count; i++)
        if (host->states[i] == state)
            return &host->sessions[i];
    return NULL;
}

/* ---- the dialogue ---------------------------------------------------------------------------- */

/* "XXXXXXXA": a firewall that inspects SMTP writes over the words it does not know. */
static bool is_masked(const struct smtp_session *session)
{
    for (size_t i = 0; i < session->capability_count; i++)
        if (strncmp(session->capabilities[i], "XXXXXXX", 7) == 0)
            return true;
    return false;
}

static const char *starttls_missing_detail(const struct smtp_session *session)
{
    if (session->ehlo_code >= 500)
        return N_("{host} at {addresses} does not support EHLO ({code} {reply}), so it cannot "
                  "offer STARTTLS.");
    if (session->phase == PHASE_EHLO)
        return N_("{host} at {addresses} answers EHLO with something that is not SMTP "
                  "({error}), so senders see no STARTTLS offer.");
    if (is_masked(session))
        return N_("{host} at {addresses} does not offer STARTTLS: a firewall that inspects SMTP "
                  "has overwritten it (XXXXXXXA).");
    return N_("{host} at {addresses} does not offer STARTTLS.");
}

static const char *silent_detail(const struct smtp_session *session)
{
    if (session->phase == PHASE_NONE || session->phase == PHASE_CONNECT)
        return N_("The check ended before it could connect to {host} at {addresses}.");
    if (session->outcome == NET_UNKNOWN)
        return N_("The check ended before {host} at {addresses} had answered (phase: {phase}).");
    return N_("{host} at {addresses} accepts the connection but then does not answer in time "
              "(phase: {phase}).");
}

static const char *refused_detail(const struct smtp_session *session)
{
    if (session->starttls_code)
        return N_("{host} at {addresses} offers STARTTLS but refuses it: {code} {reply}");
    return N_("{host} at {addresses} offers STARTTLS but then does not start TLS ({cause}).");
}

static const char *rejected_detail(const struct smtp_session *session)
{
    if (session->greeting_code >= 400)
        return N_("{host} at {addresses} rejects the connection: {code} {reply}");
    if (session->tls_ehlo_code)
        return N_("{host} at {addresses} rejects EHLO after the TLS handshake: {code} {reply}");
    if (session->starttls_code)
        return N_("{host} at {addresses} closes the session in reply to STARTTLS: {code} {reply}");
    if (session->ehlo_code)
        return N_("{host} at {addresses} rejects EHLO: {code} {reply}");
    if (session_reply(session).code < 400)
        return N_("{host} at {addresses} begins its greeting ({code} {reply}) and then closes the "
                  "connection.");
    return N_("{host} at {addresses} rejects the connection: {code} {reply}");
}

static const char *client_certificate_detail(const struct smtp_session *session)
{
    return tls_detail(FAULT_CLIENT_CERT, session->tls);
}

static const char *no_tls_detail(const struct smtp_session *session)
{
    if (session->tls && session->tls->outcome == TLS_OK)
        return N_("{host} at {addresses} ends the session right after the TLS handshake "
                  "({cause}).");
    if (session->injected)
        return N_("{host} at {addresses} sends {injected|byte|bytes} in clear text where TLS "
                  "must begin; the handshake fails.");
    return tls_detail(FAULT_HANDSHAKE, session->tls);
}

struct state_row {
    enum session_state state;
    enum finding_code code;
    const char *(*detail)(const struct smtp_session *session);
};

static const struct state_row state_rows[] = {
    {SESSION_STOPPED, FINDING_MX_TIMEOUT, silent_detail},
    {SESSION_SILENT, FINDING_MX_TIMEOUT, silent_detail},
    {SESSION_REJECTED, FINDING_MX_GREETING_REJECTED, rejected_detail},
    {SESSION_NO_STARTTLS, FINDING_MX_STARTTLS_MISSING, starttls_missing_detail},
    {SESSION_STARTTLS_REFUSED, FINDING_MX_STARTTLS_REFUSED, refused_detail},
    {SESSION_CLIENT_CERT, FINDING_MX_TLS_CLIENT_CERTIFICATE, client_certificate_detail},
    {SESSION_NO_TLS, FINDING_MX_TLS_HANDSHAKE_FAILED, no_tls_detail},
};

static void judge_dialogue(const struct mx_tls_host *host)
{
    struct rules *r = host->r;
    const char *name = host->mx->name;

    for (size_t i = 0; i < sizeof(state_rows) / sizeof(state_rows[0]); i++) {
        const struct state_row *row = &state_rows[i];
        const struct smtp_session *session = first_in(host, row->state);
        struct finding *finding;

        if (!session || (row->state == SESSION_STOPPED && r->view.facts->interrupted))
            continue;
        finding = finding_add(r, row->code, name, row->detail(session), "host", name, "address",
                              session->address, "addresses", addresses_in(host, row->state, false),
                              "other_addresses", addresses_in(host, row->state, true), NULL);
        session_params(r, finding, session);
        if (row->code == FINDING_MX_TIMEOUT &&
            stopped_by_us(r->view.facts, session->outcome, session->phase))
            finding->severity = SEVERITY_UNKNOWN;
        if (row->state == SESSION_NO_TLS || row->state == SESSION_CLIENT_CERT)
            tls_params(r, finding, session->tls);
    }
}

/* ---- reachability ---------------------------------------------------------------------------- */

static const char *unreachable_detail(const struct mx_tls_host *host,
                                      const struct smtp_session *session)
{
    if (session->phase != PHASE_NONE && session->phase != PHASE_CONNECT)
        return N_("No mail server answers at {host} [{address}] on port {smtp_port} (phase: "
                  "{phase}, {cause}).");
    if (!strcmp(host->mx->name, host->r->view.facts->policy_host.name))
        return N_("The MX record names the policy host, {host}, which cannot be reached on port "
                  "{smtp_port}: {causes}.");
    if (!strcmp(host->mx->name, host->r->view.facts->domain) &&
        dns_lookup_state(host->r->view.facts->mx_answer) == LOOKUP_FOUND)
        return N_("The MX record names {host}, the domain itself, which cannot be reached on "
                  "port {smtp_port}: {causes}. This is often the web server.");
    return N_("{host} cannot be reached on port {smtp_port}: {causes}.");
}

static const char *causes(const struct mx_tls_host *host)
{
    const char *list = NULL;

    for (size_t i = 0; i < host->count; i++)
        list = rule_list(host->r, list,
                         rule_text(host->r, "%s %s", host->sessions[i].address,
                                   net_outcome_name(host->sessions[i].outcome)));
    return list;
}

static void host_unreachable(const struct mx_tls_host *host, const struct smtp_session *session)
{
    const char *name = host->mx->name;
    struct finding *finding =
        finding_add(host->r, FINDING_MX_UNREACHABLE, name, unreachable_detail(host, session),
                    "host", name, "address", session->address, "addresses",
                    addresses_in(host, SESSION_STATES, true), "causes", causes(host), NULL);

    session_params(host->r, finding, session);
    if (!first_in(host, SESSION_UNCONNECTED)) /* this machine has no such network */
        finding->severity = SEVERITY_UNKNOWN;
}

static void address_unreachable(const struct mx_tls_host *host, const struct smtp_session *session)
{
    struct finding *finding = finding_add(
        host->r, FINDING_MX_ADDRESS_UNREACHABLE, rule_at(host->r, host->mx->name, session->address),
        N_("{host} cannot be reached at {address} ({cause}), but other addresses answer: "
           "{other_addresses}."),
        "host", host->mx->name, "address", session->address, "addresses", session->address,
        "other_addresses", addresses_in(host, SESSION_UNCONNECTED, true), NULL);

    session_params(host->r, finding, session);
}

static void judge_reach(const struct mx_tls_host *host)
{
    const struct smtp_session *first = first_in(host, SESSION_UNCONNECTED);
    size_t dead = 0, no_route = 0;

    for (size_t i = 0; i < host->count; i++) {
        dead += host->states[i] == SESSION_UNCONNECTED;
        no_route += host->states[i] == SESSION_NO_ROUTE;
    }
    if (mx_families_missing(host->r->view.facts, host->mx)) /* see rule_family() */
        return;
    if (dead + no_route == host->count) {
        host_unreachable(host, first ? first : host->sessions);
        return;
    }
    for (size_t i = 0; i < host->count; i++)
        if (host->states[i] == SESSION_UNCONNECTED &&
            !mx_address_is_nowhere(host->r->view.facts, host->sessions[i].address))
            address_unreachable(host, &host->sessions[i]);
}

/* ---- TLS and certificates -------------------------------------------------------------------- */

static const enum finding_code tls_codes[FAULT_COUNT] = {
    [FAULT_HANDSHAKE] = FINDING_MX_TLS_HANDSHAKE_FAILED,
    [FAULT_CLIENT_CERT] = FINDING_MX_TLS_CLIENT_CERTIFICATE,
    [FAULT_VERSION] = FINDING_MX_TLS_VERSION_OLD,
    [FAULT_SELF_SIGNED] = FINDING_MX_CERT_SELF_SIGNED,
    [FAULT_UNTRUSTED_ROOT] = FINDING_MX_CERT_UNTRUSTED_ROOT,
    [FAULT_INCOMPLETE] = FINDING_MX_CERT_CHAIN_INCOMPLETE,
    [FAULT_PURPOSE] = FINDING_MX_CERT_WRONG_PURPOSE,
    [FAULT_EXPIRED] = FINDING_MX_CERT_EXPIRED,
    [FAULT_NOT_YET] = FINDING_MX_CERT_NOT_YET_VALID,
    [FAULT_SOON] = FINDING_MX_CERT_EXPIRES_SOON,
    [FAULT_NAME] = FINDING_MX_CERT_NAME_MISMATCH,
    [FAULT_COMMON_NAME] = FINDING_MX_CERT_COMMON_NAME_ONLY,
    [FAULT_PARTIAL_WILDCARD] = FINDING_MX_CERT_NAME_MISMATCH,
};

static bool has_chain(const struct mx_tls_host *host, size_t i)
{
    return host->sessions[i].tls && host->sessions[i].tls->chain_count;
}

struct sharing {
    size_t with, chains;
    const struct smtp_session *first;
    const char *addresses, *others;
};

/* Which addresses have a fault, of those that showed a certificate. */
static struct sharing fault_sharing(const struct mx_tls_host *host, unsigned fault)
{
    struct sharing sharing = {0};

    for (size_t i = 0; i < host->count; i++) {
        const struct smtp_session *session = &host->sessions[i];

        sharing.chains += has_chain(host, i);
        if (!(host->faults[i] & FAULT_BIT(fault))) {
            sharing.others = rule_list(host->r, sharing.others, session->address);
            continue;
        }
        sharing.with++;
        sharing.first = sharing.first ? sharing.first : session;
        sharing.addresses = rule_list(host->r, sharing.addresses, session->address);
    }
    return sharing;
}

/* Faults of a part of the addresses only: of a certificate, and bad enough to stop a sender. */
static bool is_partial(const struct sharing *sharing, unsigned fault)
{
    return FAULT_BIT(fault) & FAULTS_CERTIFICATE & FAULTS_FATAL && sharing->with < sharing->chains;
}

static void tls_finding(const struct mx_tls_host *host, unsigned fault,
                        const struct sharing *sharing)
{
    const struct tls_session *tls = sharing->first->tls;
    const char *name = host->mx->name;
    const char *detail = fault == FAULT_SOON ? tls_soon_detail(host->r, tls)
                                             : tls_detail((enum tls_fault)fault, tls);
    struct finding *finding = finding_add(
        host->r, tls_codes[fault], name, detail, "host", name, "address", sharing->first->address,
        "addresses", sharing->addresses, "other_addresses", sharing->others, NULL);

    tls_params(host->r, finding, tls);
}

static void differs_finding(const struct mx_tls_host *host, size_t i, const char *faults)
{
    const struct smtp_session *session = &host->sessions[i];
    const char *others = NULL;
    struct finding *finding;

    for (size_t j = 0; j < host->count; j++)
        if (j != i)
            others = rule_list(host->r, others, host->sessions[j].address);
    finding = finding_add(host->r, FINDING_MX_CERT_DIFFERS_BY_ADDRESS,
                          rule_at(host->r, host->mx->name, session->address),
                          N_("{host} presents a different certificate at {address} than at "
                             "{other_addresses}, and senders reject it: {faults}."),
                          "host", host->mx->name, "address", session->address, "addresses",
                          session->address, "other_addresses", others, "faults", faults, NULL);
    tls_params(host->r, finding, session->tls);
}

static void judge_certificates(const struct mx_tls_host *host)
{
    unsigned partial = 0;

    for (unsigned fault = 0; fault < FAULT_COUNT; fault++) {
        struct sharing sharing = fault_sharing(host, fault);

        if (!sharing.with)
            continue;
        if (is_partial(&sharing, fault))
            partial |= FAULT_BIT(fault);
        else
            tls_finding(host, fault, &sharing);
    }
    for (size_t i = 0; i < host->count; i++) {
        const char *faults = NULL;

        for (unsigned fault = 0; fault < FAULT_COUNT; fault++)
            if (host->faults[i] & partial & FAULT_BIT(fault))
                faults = rule_list(host->r, faults, tls_fault_name((enum tls_fault)fault));
        if (faults)
            differs_finding(host, i, faults);
    }
}

/* ---- hosts ----------------------------------------------------------------------------------- */

static void look_at(const struct mx_tls_host *host)
{
    const struct rules *r = host->r;

    for (size_t i = 0; i < host->count; i++) {
        const struct smtp_session *session = &host->sessions[i];

        host->states[i] = session_state(r->view.facts, session);
        host->faults[i] = tls_all_faults(&r->view, session->tls, host->mx->name);
        if (mx_target_of(host->mx->name) == MX_TARGET_BAD_NAME) /* no certificate can name it */
            host->faults[i] &= ~FAULTS_NAME;
        /* Said in the words of the dialogue already. */
        if (host->states[i] == SESSION_NO_TLS || host->states[i] == SESSION_CLIENT_CERT)
            host->faults[i] &= ~(FAULT_BIT(FAULT_HANDSHAKE) | FAULT_BIT(FAULT_CLIENT_CERT));
    }
}

static void not_asked(struct rules *r, const struct mx_host *mx)
{
    struct finding *finding = finding_add(
        r, FINDING_MX_TIMEOUT, mx->name, N_("The check ended before it could connect to {host}."),
        "host", mx->name, "phase", net_phase_name(PHASE_NONE), NULL);

    finding->severity = SEVERITY_UNKNOWN;
}

static void judge_host(struct rules *r, const struct mx_host *mx)
{
    const struct mx_tls_host host = {
        .r = r,
        .mx = mx,
        .sessions = mx->sessions,
        .states = talloc_array(r->view.mem, enum session_state, mx->session_count + 1),
        .faults = talloc_array(r->view.mem, unsigned, mx->session_count + 1),
        .count = mx->session_count,
    };

    if (mx->is_address || host_lookup_state(mx->a, mx->aaaa) != LOOKUP_FOUND)
        return;
    if (!mx_target_findable(r->view.facts, mx)) /* said already */
        return;
    if (!host.count || !host.sessions) {
        not_asked(r, mx);
        return;
    }
    if (!host.states || !host.faults) {
        r->view.no_memory = true;
        return;
    }
    look_at(&host);
    judge_reach(&host);
    judge_dialogue(&host);
    judge_certificates(&host);
}

static void blocked(struct rules *r)
{
    const char *controls = NULL;

    for (size_t i = 0; i < r->view.facts->port25_control_count; i++) {
        const struct port25_control *control = &r->view.facts->port25_controls[i];

        controls = rule_list(r, controls, rule_text(r, "%s [%s]", control->host, control->address));
    }
    finding_add(r, FINDING_MX_PORT25_BLOCKED, r->view.facts->domain,
                N_("This network blocks outgoing connections to port {smtp_port}: neither the "
                   "MX hosts of {domain} nor unrelated ones answer ({hosts})."),
                "hosts", controls, NULL);
}

void rule_mx_tls(struct rules *r)
{
    if (r->view.facts->observer.no_smtp)
        return;
    if (port25_blocked(r->view.facts)) {
        blocked(r);
        return;
    }
    for (size_t i = 0; i < r->view.facts->mx_count; i++)
        judge_host(r, &r->view.facts->mx[i]);
}
