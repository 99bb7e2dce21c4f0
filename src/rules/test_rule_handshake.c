/* SPDX-License-Identifier: MIT */
/* test_rule_handshake.c - handshakes that go well with some senders. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rules/test_facts.h"

/* ---- builders -------------------------------------------------------------------------------- */

struct twice {
    struct facts *f;
    struct tls_again *list;
    size_t count;
};

static struct tls_again *again(struct twice *t, bool large, const char *keys, const char *newest)
{
    if (!t->list)
        t->list = talloc_zero_array(t->f, struct tls_again, 4);
    assert_non_null(t->list);
    t->list[t->count] = (struct tls_again){
        .large_hello = large, .keys = keys, .newest = newest, .phase = PHASE_DONE};
    return &t->list[t->count++];
}

static void well(struct twice *t, struct tls_again *one, const char *host)
{
    one->outcome = NET_OK;
    one->tls = tls_new(t->f, host);
    leaf(one->tls)->key = "RSA 2048";
}

static void badly(struct twice *t, struct tls_again *one, int outcome, int64_t alert)
{
    one->outcome = NET_TLS;
    one->phase = PHASE_TLS;
    one->tls = talloc_zero(t->f, struct tls_session);
    assert_non_null(one->tls);
    one->tls->outcome = outcome;
    one->tls->alert_number = alert;
    one->tls->alert = alert ? "some alert" : NULL;
}

static void to_mx(struct twice *t)
{
    session(t->f)->again = t->list;
    session(t->f)->again_count = t->count;
    leaf(session(t->f)->tls)->key = "EC prime256v1";
}

static void to_web(struct twice *t)
{
    fetch(t->f)->again = t->list;
    fetch(t->f)->again_count = t->count;
    leaf(fetch(t->f)->tls)->key = "EC prime256v1";
}

/* ---- a large hello --------------------------------------------------------------------------- */

static struct twice large(struct facts *f, int outcome)
{
    struct twice t = {.f = f};

    badly(&t, again(&t, true, "RSA", "TLSv1.2"), outcome, 0);
    badly(&t, again(&t, true, NULL, NULL), outcome, 0);
    return t;
}

static void mx_closes(struct facts *f)
{
    struct twice t = large(f, TLS_CLOSED);

    well(&t, again(&t, false, NULL, NULL), "mx1.example.com");
    to_mx(&t);
}

static void mx_is_silent(struct facts *f)
{
    struct twice t = large(f, TLS_TIMEOUT);

    well(&t, again(&t, false, NULL, NULL), "mx1.example.com");
    to_mx(&t);
}

static void web_closes(struct facts *f)
{
    struct twice t = large(f, TLS_CLOSED);

    well(&t, again(&t, false, NULL, NULL), "mta-sts.example.com");
    to_web(&t);
}

/* It has had enough of us. */
static void closes_always(struct facts *f)
{
    struct twice t = large(f, TLS_CLOSED);

    badly(&t, again(&t, false, NULL, NULL), TLS_CLOSED, 0);
    to_mx(&t);
}

/* It was our memory that ran out in between. */
static void short_of_memory(struct facts *f)
{
    struct twice t = large(f, TLS_FAILED);

    t.list[1].outcome = NET_FAILED;
    well(&t, again(&t, false, NULL, NULL), "mx1.example.com");
    to_mx(&t);
}

/* It hangs up where no certificate fits, and bears the size. */
static void closes_without_match(struct facts *f)
{
    struct twice t = {.f = f};

    badly(&t, again(&t, true, "RSA", "TLSv1.2"), TLS_CLOSED, 0);
    well(&t, again(&t, true, NULL, NULL), "mx1.example.com");
    to_mx(&t);
}

static void no_other_key(struct facts *f)
{
    struct twice t = {.f = f};

    badly(&t, again(&t, true, "RSA", "TLSv1.2"), TLS_FAILED, 40);
    to_mx(&t);
}

static void turned_away(struct facts *f)
{
    struct twice t = {.f = f};
    struct tls_again *one = again(&t, true, "RSA", "TLSv1.2");

    one->outcome = NET_OK;
    one->phase = PHASE_GREETING;
    to_mx(&t);
}

/* ---- a second certificate -------------------------------------------------------------------- */

static struct twice second(struct facts *f, const char *host)
{
    struct twice t = {.f = f};

    well(&t, again(&t, true, "RSA", "TLSv1.2"), host);
    return t;
}

static void both_good(struct facts *f)
{
    struct twice t = second(f, "mx1.example.com");

    to_mx(&t);
    t = second(f, "mta-sts.example.com");
    to_web(&t);
}

static void mx_second_expired(struct facts *f)
{
    struct twice t = second(f, "mx1.example.com");

    leaf(t.list[0].tls)->not_after = NOW - DAY;
    to_mx(&t);
}

static void web_second_of_another(struct facts *f)
{
    struct twice t = second(f, "www.example.com");

    to_web(&t);
}

static void both_expired(struct facts *f)
{
    mx_second_expired(f);
    leaf(session(f)->tls)->not_after = NOW - DAY;
}

/* ---- without SNI ----------------------------------------------------------------------------- */

static struct tls_again *nameless(struct twice *t)
{
    struct tls_again *one = again(t, false, NULL, NULL);

    one->no_sni = true;
    return one;
}

static void bare(struct facts *f, const char *host)
{
    struct twice t = {.f = f};

    well(&t, nameless(&t), host);
    to_mx(&t);
}

static void bare_of_another(struct facts *f)
{
    bare(f, "mail.example.net");
}

static void bare_expired(struct facts *f)
{
    bare(f, "mx1.example.com");
    leaf(session(f)->again[0].tls)->not_after = NOW - DAY;
}

static void bare_self_signed(struct facts *f)
{
    bare(f, "mx1.example.com");
    session(f)->again[0].tls->trust = CHAIN_SELF_SIGNED;
}

/* Another one, and as good. */
static void bare_valid(struct facts *f)
{
    bare(f, "mx1.example.com");
}

static void bare_expires_soon(struct facts *f)
{
    bare(f, "mx1.example.com");
    leaf(session(f)->again[0].tls)->not_after = NOW + DAY;
}

static void faulty_with_sni_too(struct facts *f)
{
    bare(f, "mail.example.net");
    leaf(session(f)->tls)->not_after = NOW - DAY;
}

static void bare_fails(struct facts *f, int outcome, int64_t alert)
{
    struct twice t = {.f = f};

    badly(&t, nameless(&t), outcome, alert);
    to_mx(&t);
}

static void bare_refused(struct facts *f)
{
    bare_fails(f, TLS_FAILED, 112);
}

static void bare_closed(struct facts *f)
{
    bare_fails(f, TLS_CLOSED, 0);
}

static void bare_silent(struct facts *f)
{
    bare_fails(f, TLS_TIMEOUT, 0);
    session(f)->again[0].outcome = NET_TIMEOUT;
}

static void bare_short_of_memory(struct facts *f)
{
    bare_fails(f, TLS_FAILED, 0);
    session(f)->again[0].outcome = NET_FAILED;
}

static void bare_turned_away(struct facts *f)
{
    struct twice t = {.f = f};

    nameless(&t)->phase = PHASE_GREETING;
    to_mx(&t);
}

/* That it goes well without SNI tells nothing of the size. */
static void large_and_bare(struct facts *f)
{
    struct twice t = large(f, TLS_CLOSED);

    badly(&t, again(&t, false, NULL, NULL), TLS_CLOSED, 0);
    well(&t, nameless(&t), "mx1.example.com");
    to_mx(&t);
}

/* ---- settings -------------------------------------------------------------------------------- */

static void tls13_alone(struct facts *f)
{
    struct twice t = {.f = f};

    badly(&t, again(&t, true, "RSA", "TLSv1.2"), TLS_FAILED, 70);
    badly(&t, again(&t, true, "RSA", NULL), TLS_FAILED, 40);
    to_mx(&t);
    to_web(&t);
}

static void rsa_exchange(struct facts *f)
{
    session(f)->tls->version = fetch(f)->tls->version = "TLSv1.2";
    session(f)->tls->cipher = fetch(f)->tls->cipher = "AES256-SHA";
}

static void ecdhe_exchange(struct facts *f)
{
    session(f)->tls->version = fetch(f)->tls->version = "TLSv1.2";
    session(f)->tls->cipher = "ECDHE-RSA-AES256-GCM-SHA384";
    fetch(f)->tls->cipher = "DHE-RSA-AES256-GCM-SHA384";
}

static void tls13_cipher(struct facts *f)
{
    session(f)->tls->cipher = "TLS_AES_256_GCM_SHA384";
}

static void must_staple(struct facts *f)
{
    leaf(session(f)->tls)->must_staple = leaf(fetch(f)->tls)->must_staple = true;
}

static void stapled(struct facts *f)
{
    must_staple(f);
    session(f)->tls->stapled = fetch(f)->tls->stapled = true;
}

#define FINE POSTURE_ENFORCE, DELIVERY_PROTECTED

static const struct rule_case cases[] = {
    {"MX closes on a large hello", mx_closes, "mx-tls-large-hello:high", FINE},
    {"MX is silent on a large hello", mx_is_silent, "mx-tls-large-hello:high", FINE},
    {"policy host closes", web_closes, "policy-tls-large-hello:medium", FINE},
    {"closes always", closes_always, "", FINE},
    {"short of memory", short_of_memory, "", FINE},
    {"closes without a match", closes_without_match, "", FINE},
    {"no other key", no_other_key, "", FINE},
    {"turned away", turned_away, "", FINE},
    {"two good certificates", both_good, "", FINE},
    {"the second expired", mx_second_expired, "mx-cert-differs-by-key:medium", FINE},
    {"the second of another", web_second_of_another, "policy-cert-differs-by-key:medium", FINE},
    {"both expired", both_expired, "mx-cert-expired:critical", POSTURE_ENFORCE, DELIVERY_REFUSED},
    {"another certificate without SNI", bare_of_another, "mx-cert-needs-sni:info", FINE},
    {"an expired one without SNI", bare_expired, "mx-cert-needs-sni:info", FINE},
    {"a self-signed one without SNI", bare_self_signed, "mx-cert-needs-sni:info", FINE},
    {"a valid one without SNI", bare_valid, "", FINE},
    {"without SNI one that expires soon", bare_expires_soon, "", FINE},
    {"faulty with SNI too", faulty_with_sni_too, "mx-cert-expired:critical", POSTURE_ENFORCE,
     DELIVERY_REFUSED},
    {"an alert without SNI", bare_refused, "mx-tls-needs-sni:low", FINE},
    {"closed without SNI", bare_closed, "mx-tls-needs-sni:low", FINE},
    {"silent without SNI", bare_silent, "", FINE},
    {"short of memory without SNI", bare_short_of_memory, "", FINE},
    {"turned away without SNI", bare_turned_away, "", FINE},
    {"a large hello, then no SNI", large_and_bare, "", FINE},
    {"TLS 1.3 only", tls13_alone, "policy-tls13-only:low mx-tls13-only:low", FINE},
    {"RSA key exchange", rsa_exchange,
     "policy-tls-no-forward-secrecy:low mx-tls-no-forward-secrecy:low", FINE},
    {"ECDHE and DHE", ecdhe_exchange, "", FINE},
    {"a cipher of TLS 1.3", tls13_cipher, "", FINE},
    {"must-staple", must_staple, "policy-cert-must-staple:low mx-cert-must-staple:low", FINE},
    {"stapled", stapled, "", FINE},
};

int main(void)
{
    return RUN_ONLY_CASES(cases);
}
