/* SPDX-License-Identifier: MIT */
/* test_rule_mx_tls.c - what the addresses of the MX hosts do on port 25. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rules/test_facts.h"

#define V6 "2001:470::25"

static void second(struct facts *f)
{
    f->mx[0].aaaa = address(f, "mx1.example.com", V6);
    add_session(f, &f->mx[0], V6);
}

static struct smtp_session *session2(struct facts *f)
{
    return &f->mx[0].sessions[1];
}

/* ---- reachability ---------------------------------------------------------------------------- */

static void refused(struct facts *f)
{
    session_stops(session(f), NET_REFUSED, PHASE_CONNECT);
}

static void refused_unprotected(struct facts *f)
{
    refused(f);
    set_policy(f, "version: STSv1\nmode: none\nmx: mx1.example.com\nmax_age: 2592000\n");
}

static void one_refused(struct facts *f)
{
    second(f);
    session_stops(session2(f), NET_REFUSED, PHASE_CONNECT);
}

static void no_ipv6_here(struct facts *f)
{
    second(f);
    session_stops(session2(f), NET_NO_ROUTE, PHASE_CONNECT);
}

/* An MX that only IPv6 reaches, seen from a machine without. */
static void ipv6_only(struct facts *f)
{
    no_ipv6_here(f);
    f->mx[0].sessions[0] = f->mx[0].sessions[1];
    f->mx[0].session_count = 1;
}

static void timeouts(struct facts *f)
{
    second(f);
    session_stops(session(f), NET_TIMEOUT, PHASE_CONNECT);
    session_stops(session2(f), NET_NO_ROUTE, PHASE_CONNECT);
}

static void controls(struct facts *f, int outcome)
{
    f->port25_controls = talloc_zero_array(f, struct port25_control, 1);
    f->port25_controls[0] = (struct port25_control){"mx.example.net", "198.51.100.25", outcome};
    f->port25_control_count = 1;
}

static void blocked(struct facts *f)
{
    timeouts(f);
    controls(f, NET_TIMEOUT);
}

static void not_blocked(struct facts *f)
{
    timeouts(f);
    controls(f, NET_OK);
}

static void refused_here(struct facts *f)
{
    refused(f);
    controls(f, NET_REFUSED);
}

static void refused_there(struct facts *f)
{
    refused(f);
    controls(f, NET_OK);
}

static void no_smtp_server(struct facts *f)
{
    session_stops(session(f), NET_PROTOCOL, PHASE_GREETING);
    session(f)->error = "the greeting is no SMTP";
}

static void hangs_up(struct facts *f)
{
    session_stops(session(f), NET_CLOSED, PHASE_GREETING);
}

/* ---- the dialogue ---------------------------------------------------------------------------- */

static void greeting_554(struct facts *f)
{
    session_stops(session(f), NET_OK, PHASE_GREETING);
    session(f)->greeting_code = 554;
}

static void greeting_421(struct facts *f)
{
    session_stops(session(f), NET_CLOSED, PHASE_GREETING);
    session(f)->greeting_code = 421;
}

static void transcript(struct facts *f, const char *const *lines, size_t count)
{
    session(f)->lines = talloc_zero_array(f, struct smtp_line, count);
    session(f)->line_count = count;
    for (size_t i = 0; i < count; i++)
        session(f)->lines[i].text = text_bytes(lines[i]);
}

/* postscreen: the first line is a lure, the next one tells what it thinks of us. */
static void greeting_broken_off(struct facts *f)
{
    session_stops(session(f), NET_CLOSED, PHASE_GREETING);
    transcript(f, (const char *const[]){"220-mx ESMTP"}, 1);
}

static void greeting_changes(struct facts *f)
{
    session_stops(session(f), NET_PROTOCOL, PHASE_GREETING);
    transcript(f, (const char *const[]){"220-mx ESMTP", "521 5.7.1 blocked"}, 2);
}

static void greeting_turns_to_nonsense(struct facts *f)
{
    session_stops(session(f), NET_PROTOCOL, PHASE_GREETING);
    transcript(f, (const char *const[]){"220-mx ESMTP", "\1\2\3\4"}, 2);
}

static void greeting_250(struct facts *f)
{
    session_stops(session(f), NET_OK, PHASE_GREETING);
    session(f)->phase = PHASE_QUIT;
    session(f)->greeting_code = 250;
}

static void ehlo_550(struct facts *f)
{
    session_stops(session(f), NET_OK, PHASE_QUIT);
    session(f)->ehlo_code = 550;
    session(f)->starttls_offered = false;
    session(f)->starttls_code = 0;
}

static void ehlo_unknown(struct facts *f)
{
    ehlo_550(f);
    session(f)->ehlo_code = 502;
}

static void helo_only(struct facts *f)
{
    ehlo_550(f);
    session(f)->helo_code = 250;
}

static void helo_refused(struct facts *f)
{
    ehlo_550(f);
    session(f)->helo_code = 550;
}

static void silent(struct facts *f)
{
    session_stops(session(f), NET_TIMEOUT, PHASE_GREETING);
}

static void silent_in_tls(struct facts *f)
{
    session_stops(session(f), NET_TIMEOUT, PHASE_TLS);
}

static void stopped(struct facts *f)
{
    session_stops(session(f), NET_UNKNOWN, PHASE_CONNECT);
}

static void interrupted(struct facts *f)
{
    session_stops(session(f), NET_UNKNOWN, PHASE_GREETING);
    f->interrupted = true;
}

static void stopped_in_greeting(struct facts *f)
{
    f->deadline_reached = true;
    session_stops(session(f), NET_UNKNOWN, PHASE_GREETING);
}

static void never_asked(struct facts *f)
{
    f->mx[0].session_count = 0;
    f->deadline_reached = true;
}

/* The answer to QUIT is a courtesy. */
static void silent_at_quit(struct facts *f)
{
    session(f)->outcome = NET_TIMEOUT;
    session(f)->phase = PHASE_QUIT;
}

static void no_starttls(struct facts *f)
{
    session_is_plain(session(f));
}

static void no_starttls_testing(struct facts *f)
{
    no_starttls(f);
    set_policy(f, "version: STSv1\nmode: testing\nmx: mx1.example.com\nmax_age: 2592000\n");
}

static void ehlo_garbage(struct facts *f)
{
    session_stops(session(f), NET_LIMIT, PHASE_EHLO);
    session(f)->error = "a reply of more than 100 lines";
}

static void starttls_454(struct facts *f)
{
    session_stops(session(f), NET_OK, PHASE_QUIT);
    session(f)->starttls_code = 454; /* and not a word more */
    session(f)->starttls = (struct bytes){0};
}

static void starttls_hangs_up(struct facts *f)
{
    session_stops(session(f), NET_CLOSED, PHASE_STARTTLS);
}

static void starttls_421(struct facts *f)
{
    starttls_454(f);
    session(f)->starttls_code = 421;
}

static void starttls_501(struct facts *f)
{
    starttls_454(f);
    session(f)->starttls_code = 501;
}

static void ehlo_after_tls_421(struct facts *f)
{
    session(f)->tls_ehlo_code = 421;
    session(f)->tls_ehlo = text_bytes("4.7.0 too many errors");
}

/* ---- TLS ------------------------------------------------------------------------------------- */

static void handshake(struct facts *f)
{
    session_stops(session(f), NET_TLS, PHASE_TLS);
    session(f)->tls = talloc_zero(f, struct tls_session);
    *session(f)->tls = (struct tls_session){.outcome = TLS_FAILED, .error = "wrong version number"};
}

static void injected(struct facts *f)
{
    handshake(f);
    session(f)->injected = 12;
}

static void closed_after_tls(struct facts *f)
{
    session(f)->outcome = NET_CLOSED;
    session(f)->phase = PHASE_EHLO2;
}

static void weak(struct facts *f)
{
    session(f)->tls->weakness = "dh key too small";
}

static void anonymous(struct facts *f)
{
    session(f)->tls->chain_count = 0;
    session(f)->tls->trust = CHAIN_UNKNOWN;
}

static void old_version(struct facts *f)
{
    session(f)->tls->version = "TLSv1";
}

static void expired(struct facts *f)
{
    leaf(session(f)->tls)->not_after = NOW - 2 * DAY;
}

static void not_yet(struct facts *f)
{
    leaf(session(f)->tls)->not_before = NOW + 2 * DAY;
}

static void soon(struct facts *f)
{
    leaf(session(f)->tls)->not_after = NOW + 2 * DAY;
}

static void other_name(struct facts *f)
{
    set_names(f, session(f)->tls, "mail.example.com", NULL);
}

/* As many as are listed, and one more. */
static void ten_names(struct facts *f)
{
    set_names(f, session(f)->tls, "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", NULL);
}

static void eleven_names(struct facts *f)
{
    set_names(f, session(f)->tls, "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", "b0",
              NULL);
}

/* The ceiling of the facts was reached. */
static void names_left_out(struct facts *f)
{
    eleven_names(f);
    leaf(session(f)->tls)->dns_names_total = 200;
}

static void partial_wildcard(struct facts *f)
{
    set_names(f, session(f)->tls, "mx*.example.com", NULL);
}

static void common_name(struct facts *f)
{
    set_names(f, session(f)->tls, NULL);
    leaf(session(f)->tls)->common_name = "mx1.example.com";
}

static void self_signed(struct facts *f)
{
    session(f)->tls->trust = CHAIN_SELF_SIGNED;
}

static void untrusted(struct facts *f)
{
    session(f)->tls->trust = CHAIN_UNTRUSTED_ROOT;
}

static void incomplete(struct facts *f)
{
    session(f)->tls->trust = CHAIN_INCOMPLETE;
}

static void expired_turned_away(struct facts *f)
{
    ehlo_after_tls_421(f);
    expired(f);
}

static void purpose(struct facts *f)
{
    static const char *purposes[] = {"clientAuth"};

    session(f)->tls->trust = CHAIN_WRONG_PURPOSE;
    leaf(session(f)->tls)->purposes = purposes;
    leaf(session(f)->tls)->purpose_count = 1;
}

/* As facts of before say it. */
static void purpose_rejected(struct facts *f)
{
    session(f)->tls->trust = CHAIN_REJECTED;
    session(f)->tls->trust_error = "unsuitable certificate purpose";
}

static void two_purposes(struct facts *f)
{
    static const char *purposes[] = {"clientAuth", "serverAuth"};

    leaf(session(f)->tls)->purposes = purposes;
    leaf(session(f)->tls)->purpose_count = 2;
}

static void alert(struct facts *f, int64_t number, const char *text, bool requested)
{
    struct tls_session *tls = session(f)->tls;

    session_stops(session(f), NET_TLS, PHASE_TLS);
    session(f)->tls = tls;
    tls->outcome = TLS_FAILED;
    tls->alert_number = number;
    tls->alert = text;
    tls->certificate_requested = requested;
}

static void demands_tls13(struct facts *f)
{
    alert(f, 116, "certificate required", true);
}

static void demands_tls12(struct facts *f)
{
    alert(f, 40, "handshake failure", true);
}

static void demands_nothing(struct facts *f)
{
    alert(f, 40, "handshake failure", false);
}

static void asks(struct facts *f)
{
    session(f)->tls->certificate_requested = true;
}

static void unknown_name(struct facts *f)
{
    alert(f, 112, "unrecognized name", false);
}

static void expired_unprotected(struct facts *f)
{
    expired(f);
    f->sts_txt = answer(f, "_mta-sts.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
    f->policy_host.fetch_count = 0;
    f->policy_host.a = answer(f, "mta-sts.example.com", DNS_A, DNS_OUTCOME_NXDOMAIN);
    f->policy_host.aaaa = answer(f, "mta-sts.example.com", DNS_AAAA, DNS_OUTCOME_NXDOMAIN);
}

static void differs(struct facts *f)
{
    second(f);
    expired(f);
}

static void both_expired(struct facts *f)
{
    differs(f);
    leaf(session2(f)->tls)->not_after = NOW - 5 * DAY;
}

/* Expired where a certificate was seen at all; the other address is dead. */
static void expired_and_dead(struct facts *f)
{
    one_refused(f);
    expired(f);
}

static void soon_at_one(struct facts *f)
{
    second(f);
    soon(f);
}

static void two_hosts_one_bad(struct facts *f)
{
    add_mx(f, "mx2.example.com", "192.0.2.26");
    set_policy(f, "version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 2592000\n");
    self_signed(f);
}

static void two_hosts_one_unknown(struct facts *f)
{
    two_hosts_one_bad(f);
    session_stops(&f->mx[1].sessions[0], NET_TIMEOUT, PHASE_GREETING);
}

#define FINE    POSTURE_ENFORCE, DELIVERY_PROTECTED
#define REFUSED POSTURE_ENFORCE, DELIVERY_REFUSED
#define PARTLY  POSTURE_ENFORCE, DELIVERY_PARTLY_REFUSED
#define UNSEEN  POSTURE_ENFORCE, DELIVERY_UNKNOWN

static const struct rule_case cases[] = {
    {"second address", second, "", FINE},
    {"refused", refused, "mx-unreachable:high", REFUSED},
    {"refused, none", refused_unprotected, "mx-unreachable:medium policy-mode-none:low",
     POSTURE_NONE, DELIVERY_UNPROTECTED},
    {"one refused", one_refused, "mx-address-unreachable:medium", FINE},
    {"no IPv6 here", no_ipv6_here, "", FINE},
    {"IPv6 only", ipv6_only, "address-family-unreachable:unknown", UNSEEN},
    {"timeouts", timeouts, "mx-unreachable:high", UNSEEN},
    {"blocked", blocked, "mx-port25-blocked:unknown", UNSEEN},
    {"not blocked", not_blocked, "mx-unreachable:high", UNSEEN},
    {"refused, controls too", refused_here, "mx-port25-blocked:unknown", UNSEEN},
    {"refused, controls answer", refused_there, "mx-unreachable:high", REFUSED},
    {"no SMTP server", no_smtp_server, "mx-unreachable:high", REFUSED},
    {"hangs up", hangs_up, "mx-unreachable:high", REFUSED},
    {"554", greeting_554, "mx-greeting-rejected:medium", UNSEEN},
    {"421", greeting_421, "mx-greeting-rejected:medium", UNSEEN},
    {"greeting broken off", greeting_broken_off, "mx-greeting-rejected:medium", UNSEEN},
    {"greeting changes", greeting_changes, "mx-greeting-rejected:medium", UNSEEN},
    {"greeting turns to nonsense", greeting_turns_to_nonsense, "mx-unreachable:high", REFUSED},
    {"STARTTLS 421", starttls_421, "mx-greeting-rejected:medium", UNSEEN},
    {"STARTTLS 501", starttls_501, "mx-starttls-refused:critical", REFUSED},
    {"EHLO after TLS 421", ehlo_after_tls_421, "mx-greeting-rejected:medium", UNSEEN},
    {"EHLO after TLS 421, expired", expired_turned_away,
     "mx-cert-expired:critical mx-greeting-rejected:medium", REFUSED},
    {"250 for a greeting", greeting_250, "mx-unreachable:high", REFUSED},
    {"EHLO 550", ehlo_550, "mx-greeting-rejected:medium", UNSEEN},
    {"EHLO 550, HELO 250", helo_only, "mx-starttls-missing:critical", REFUSED},
    {"EHLO 550, HELO 550", helo_refused, "mx-greeting-rejected:medium", UNSEEN},
    {"EHLO 502", ehlo_unknown, "mx-starttls-missing:critical", REFUSED},
    {"silent", silent, "mx-timeout:medium", UNSEEN},
    {"silent in TLS", silent_in_tls, "mx-timeout:medium", UNSEEN},
    {"stopped", stopped, "mx-timeout:unknown", UNSEEN},
    {"interrupted", interrupted, "check-interrupted:unknown", UNSEEN},
    {"stopped in greeting", stopped_in_greeting, "mx-timeout:medium", UNSEEN},
    {"never asked", never_asked, "mx-timeout:unknown", UNSEEN},
    {"silent at QUIT", silent_at_quit, "", FINE},
    {"no STARTTLS", no_starttls, "mx-starttls-missing:critical", REFUSED},
    {"no STARTTLS, testing", no_starttls_testing,
     "mx-starttls-missing:high policy-mode-testing:low", POSTURE_TESTING, DELIVERY_REPORTED},
    {"EHLO garbage", ehlo_garbage, "mx-starttls-missing:critical", REFUSED},
    {"STARTTLS 454", starttls_454, "mx-starttls-refused:critical", REFUSED},
    {"STARTTLS hangs up", starttls_hangs_up, "mx-starttls-refused:critical", REFUSED},
    {"handshake", handshake, "mx-tls-handshake-failed:critical", REFUSED},
    {"injected", injected, "mx-tls-handshake-failed:critical", REFUSED},
    {"closed after TLS", closed_after_tls, "mx-tls-handshake-failed:critical", REFUSED},
    {"weak", weak, "mx-tls-handshake-failed:critical", REFUSED},
    {"anonymous", anonymous, "mx-tls-handshake-failed:critical", REFUSED},
    {"TLS 1.0", old_version, "mx-tls-version-old:high", REFUSED},
    {"expired", expired, "mx-cert-expired:critical", REFUSED},
    {"not yet", not_yet, "mx-cert-not-yet-valid:critical", REFUSED},
    {"soon", soon, "mx-cert-expires-soon:medium", FINE},
    {"other name", other_name, "mx-cert-name-mismatch:critical", REFUSED},
    {"ten names", ten_names, "mx-cert-name-mismatch:critical", REFUSED},
    {"eleven names", eleven_names, "mx-cert-name-mismatch:critical", REFUSED},
    {"names left out", names_left_out, "mx-cert-name-mismatch:critical", REFUSED},
    {"partial wildcard", partial_wildcard, "mx-cert-name-mismatch:critical", REFUSED},
    {"common name", common_name, "mx-cert-common-name-only:critical", REFUSED},
    {"self-signed", self_signed, "mx-cert-self-signed:critical", REFUSED},
    {"untrusted", untrusted, "mx-cert-untrusted-root:critical", REFUSED},
    {"incomplete", incomplete, "mx-cert-chain-incomplete:critical", REFUSED},
    {"for clients", purpose, "mx-cert-wrong-purpose:critical", REFUSED},
    {"for clients, older facts", purpose_rejected, "mx-cert-wrong-purpose:critical", REFUSED},
    {"for clients and servers", two_purposes, "", FINE},
    {"demands a certificate", demands_tls13, "mx-tls-client-certificate:critical", REFUSED},
    {"demands one, TLS 1.2", demands_tls12, "mx-tls-client-certificate:critical", REFUSED},
    {"demands nothing", demands_nothing, "mx-tls-handshake-failed:critical", REFUSED},
    {"asks for a certificate", asks, "", FINE},
    {"unknown name", unknown_name, "mx-tls-handshake-failed:critical", REFUSED},
    {"expired, unprotected", expired_unprotected, "sts-record-missing:medium mx-cert-expired:low",
     POSTURE_ABSENT, DELIVERY_UNPROTECTED},
    {"differs", differs, "mx-cert-differs-by-address:medium", FINE},
    {"both expired", both_expired, "mx-cert-expired:critical", REFUSED},
    {"expired and dead", expired_and_dead, "mx-cert-expired:critical mx-address-unreachable:medium",
     REFUSED},
    {"soon at one", soon_at_one, "mx-cert-expires-soon:medium", FINE},
    {"two hosts, one bad", two_hosts_one_bad, "mx-cert-self-signed:critical", PARTLY},
    {"two hosts, one unknown", two_hosts_one_unknown,
     "mx-cert-self-signed:critical mx-timeout:medium", UNSEEN},
};

int main(void)
{
    return RUN_ONLY_CASES(cases);
}
