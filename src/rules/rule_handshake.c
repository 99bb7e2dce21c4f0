/* SPDX-License-Identifier: MIT */
/* rule_handshake.c - what handshakes with policy host and MX hosts show that went well as such: for
 * some senders, or under some settings, they would not. */
#include "rules/tls_words.h"

#include <string.h>

#include "verdict/session.h"

/* One address that TLS went well with. */
struct peer {
    const char *host, *address;
    const struct tls_session *tls;
    const struct tls_again *again;
    size_t again_count;
};

struct peers {
    struct peer *list;
    size_t count;
    bool of_mx;
};

/* What a rule makes of a peer: the session it is about; NULL: nothing. */
typedef const struct tls_session *(*sign_fn)(const struct rules *r, const struct peer *peer);

/* ---- a large ClientHello --------------------------------------------------------------------- */

static bool failed_in_tls(const struct tls_again *again)
{
    bool by_peer = again->outcome == NET_TLS || again->outcome == NET_TIMEOUT ||
                   again->outcome == NET_RESET || again->outcome == NET_CLOSED;

    return by_peer && again->phase == PHASE_TLS && again->tls &&
           (again->tls->outcome == TLS_FAILED || again->tls->outcome == TLS_CLOSED ||
            again->tls->outcome == TLS_TIMEOUT);
}

static bool succeeded(const struct tls_again *again)
{
    return again->tls && again->tls->outcome == TLS_OK;
}

/* It failed with nothing but its size against it, and went well again without that. */
static const struct tls_session *large_hello(const struct rules *r, const struct peer *peer)
{
    const struct tls_session *failed = NULL;

    (void)r;
    for (size_t i = 0; i < peer->again_count; i++) {
        const struct tls_again *again = &peer->again[i];

        if (again->keys || again->newest || again->no_sni)
            continue;
        if (again->large_hello && failed_in_tls(again))
            failed = again->tls;
        else if (failed && !again->large_hello && succeeded(again))
            return failed;
    }
    return NULL;
}

/* ---- TLS 1.3 only ---------------------------------------------------------------------------- */

enum { ALERT_PROTOCOL_VERSION = 70 };

static const struct tls_session *tls13_only(const struct rules *r, const struct peer *peer)
{
    (void)r;
    for (size_t i = 0; i < peer->again_count; i++)
        if (peer->again[i].newest && peer->again[i].tls &&
            peer->again[i].tls->alert_number == ALERT_PROTOCOL_VERSION)
            return peer->tls;
    return NULL;
}

/* ---- a certificate with another kind of key -------------------------------------------------- */

/* The faults it has and the first has not. */
static unsigned second_faults(const struct rules *r, const struct peer *peer,
                              const struct tls_session *second)
{
    return tls_all_faults(&r->view, second, peer->host) & FAULTS_CERTIFICATE &
           ~tls_all_faults(&r->view, peer->tls, peer->host);
}

static const struct tls_session *second_certificate(const struct rules *r, const struct peer *peer)
{
    for (size_t i = 0; i < peer->again_count; i++)
        if (peer->again[i].keys && succeeded(&peer->again[i]) && peer->again[i].tls->chain_count &&
            second_faults(r, peer, peer->again[i].tls))
            return peer->again[i].tls;
    return NULL;
}

static void faults_param(struct rules *r, struct finding *finding, unsigned faults)
{
    const char *list = NULL;

    for (unsigned i = 0; i < FAULT_COUNT; i++)
        if (faults & FAULT_BIT(i))
            list = rule_list(r, list, tls_fault_name((enum tls_fault)i));
    finding_param(r, finding, "faults", list);
}

static void second_params(struct rules *r, struct finding *finding, const struct peer *peer,
                          const struct tls_session *second)
{
    faults_param(r, finding, second_faults(r, peer, second));
    finding_param(r, finding, "key", second->chain[0].key);
    finding_param(r, finding, "other_key", peer->tls->chain[0].key);
    finding_param(r, finding, "auth",
                  strncmp(second->chain[0].key, "RSA", 3) == 0 ? "aRSA" : "aECDSA");
}

/* ---- without SNI ----------------------------------------------------------------------------- */

/* NULL: not made.  Of no interest where the certificate with SNI is faulty as well. */
static const struct tls_again *without_sni(const struct rules *r, const struct peer *peer)
{
    for (size_t i = 0; i < peer->again_count; i++)
        if (peer->again[i].no_sni && peer->again[i].tls &&
            !(tls_faults(peer->tls, peer->host, r->view.now) & FAULTS_FATAL))
            return &peer->again[i];
    return NULL;
}

static unsigned bare_faults(const struct rules *r, const struct peer *peer,
                            const struct tls_session *bare)
{
    return tls_faults(bare, peer->host, r->view.now) & FAULTS_CERTIFICATE;
}

static const struct tls_session *bare_certificate(const struct rules *r, const struct peer *peer)
{
    const struct tls_again *again = without_sni(r, peer);

    return again && succeeded(again) && bare_faults(r, peer, again->tls) ? again->tls : NULL;
}

/* An alert, or the end of the connection.  Silence may be a busy server's. */
static const struct tls_session *bare_refused(const struct rules *r, const struct peer *peer)
{
    const struct tls_again *again = without_sni(r, peer);

    return again && failed_in_tls(again) && again->tls->outcome != TLS_TIMEOUT ? again->tls : NULL;
}

/* ---- settings -------------------------------------------------------------------------------- */

static const struct tls_session *lacks_staple(const struct rules *r, const struct peer *peer)
{
    (void)r;
    return peer->tls->chain[0].must_staple && !peer->tls->stapled ? peer->tls : NULL;
}

/* All ciphers of TLS 1.3 have it; before, the name begins with the key exchange. */
static const struct tls_session *no_forward_secrecy(const struct rules *r, const struct peer *peer)
{
    const char *cipher = peer->tls->cipher;

    (void)r;
    if (!cipher || !peer->tls->version || strcmp(peer->tls->version, "TLSv1.2") != 0 ||
        strncmp(cipher, "ECDHE-", 6) == 0 || strncmp(cipher, "DHE-", 4) == 0)
        return NULL;
    return peer->tls;
}

/* ---- findings -------------------------------------------------------------------------------- */

#define NO_CODE FINDING_COUNT /* such handshakes are made with MX hosts only */

static const struct row {
    sign_fn sign;
    enum finding_code policy, mx;
    const char *detail;
    const char *detail_alert; /* where the peer sent one; NULL: the same */
} rows[] = {
    {large_hello, FINDING_POLICY_TLS_LARGE_HELLO, FINDING_MX_TLS_LARGE_HELLO,
     N_("{host} at {addresses} does not answer a ClientHello larger than 1,500 bytes, which "
        "clients with hybrid key exchange (X25519MLKEM768) send; with a small one the handshake "
        "succeeds.")},
    {second_certificate, FINDING_POLICY_CERT_DIFFERS_BY_KEY, FINDING_MX_CERT_DIFFERS_BY_KEY,
     N_("Besides its certificate with an {other_key} key, {host} at {addresses} has one with an "
        "{key} key, valid until {not_after}, which senders that receive it reject: {faults}.")},
    {tls13_only, FINDING_POLICY_TLS13_ONLY, FINDING_MX_TLS13_ONLY,
     N_("{host} at {addresses} offers only TLS 1.3; clients limited to TLS 1.2 cannot connect.")},
    {no_forward_secrecy, FINDING_POLICY_TLS_NO_FORWARD_SECRECY, FINDING_MX_TLS_NO_FORWARD_SECRECY,
     N_("{host} at {addresses} chooses {cipher}, a cipher with RSA key exchange and without "
        "forward secrecy, although better ones were offered.")},
    {lacks_staple, FINDING_POLICY_CERT_MUST_STAPLE, FINDING_MX_CERT_MUST_STAPLE,
     N_("The certificate of {host} at {addresses} requires a stapled OCSP response (must-staple), "
        "but the server sends none.")},
    {bare_certificate, NO_CODE, FINDING_MX_CERT_NEEDS_SNI,
     N_("Without SNI, {host} at {addresses} presents another certificate (names: {names}; valid "
        "until {not_after}), which does not verify for {host}: {faults}.")},
    {bare_refused, NO_CODE, FINDING_MX_TLS_NEEDS_SNI,
     N_("{host} at {addresses} closes the connection of clients that send no SNI during the TLS "
        "handshake."),
     N_("{host} at {addresses} refuses the TLS handshake of clients that send no SNI (alert "
        "\"{alert}\").")},
};

static void judge(struct rules *r, const struct peers *peers, const struct row *row)
{
    const struct tls_session *about = NULL;
    const struct peer *first = NULL;
    const char *addresses = NULL;
    struct finding *finding;

    for (size_t i = 0; i < peers->count; i++) {
        const struct tls_session *sign = row->sign(r, &peers->list[i]);

        if (!sign)
            continue;
        addresses = rule_list(r, addresses, peers->list[i].address);
        if (first)
            continue;
        first = &peers->list[i];
        about = sign;
    }
    if (!first)
        return;
    finding =
        finding_add(r, peers->of_mx ? row->mx : row->policy, first->host,
                    about->alert && row->detail_alert ? row->detail_alert : row->detail, "host",
                    first->host, "address", first->address, "addresses", addresses, NULL);
    tls_params(r, finding, about);
    finding_param(r, finding, "cipher", about->cipher);
    if (row->sign == second_certificate)
        second_params(r, finding, first, about);
    if (row->sign == bare_certificate)
        faults_param(r, finding, bare_faults(r, first, about));
}

static void judge_all(struct rules *r, const struct peers *peers)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (peers->of_mx || rows[i].policy != NO_CODE)
            judge(r, peers, &rows[i]);
}

/* ---- peers ----------------------------------------------------------------------------------- */

static void add_peer(struct peers *peers, const struct peer peer)
{
    if (peer.tls && peer.tls->outcome == TLS_OK && peer.tls->chain_count)
        peers->list[peers->count++] = peer;
}

static bool make_room(struct rules *r, struct peers *peers, size_t count)
{
    peers->count = 0;
    peers->list = talloc_array(r->view.mem, struct peer, count + 1);
    if (!peers->list)
        r->view.no_memory = true;
    return peers->list;
}

static void judge_policy_host(struct rules *r)
{
    const struct policy_host *host = &r->view.facts->policy_host;
    struct peers peers = {.of_mx = false};

    if (r->view.posture == POSTURE_ABSENT || !make_room(r, &peers, host->fetch_count))
        return;
    for (size_t i = 0; i < host->fetch_count; i++)
        add_peer(&peers, (struct peer){.host = host->name,
                                       .address = host->fetches[i].address,
                                       .tls = host->fetches[i].tls,
                                       .again = host->fetches[i].again,
                                       .again_count = host->fetches[i].again_count});
    judge_all(r, &peers);
}

static void judge_mx_host(struct rules *r, const struct mx_host *mx)
{
    struct peers peers = {.of_mx = true};

    if (mx->is_address || !make_room(r, &peers, mx->session_count))
        return;
    for (size_t i = 0; i < mx->session_count; i++)
        if (session_state(r->view.facts, &mx->sessions[i]) == SESSION_FINE)
            add_peer(&peers, (struct peer){.host = mx->name,
                                           .address = mx->sessions[i].address,
                                           .tls = mx->sessions[i].tls,
                                           .again = mx->sessions[i].again,
                                           .again_count = mx->sessions[i].again_count});
    judge_all(r, &peers);
}

void rule_handshake(struct rules *r)
{
    judge_policy_host(r);
    for (size_t i = 0; i < r->view.facts->mx_count && !r->view.facts->observer.no_smtp; i++)
        judge_mx_host(r, &r->view.facts->mx[i]);
}
