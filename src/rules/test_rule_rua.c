/* SPDX-License-Identifier: MIT */
/* test_rule_rua.c - what the rules make of the endpoints that reports are posted to. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "rules/test_facts.h"

#define HOST "reports.example.net"
#define V4   "198.18.3.1"
#define V6   "2001:2:0:3::1"

#define FINE   POSTURE_ENFORCE, DELIVERY_PROTECTED
#define DEAD   "tlsrpt-rua-https-unreachable:medium"
#define MUTE   "tlsrpt-rua-https-unreachable:low"
#define STATUS "tlsrpt-rua-https-status:low"
#define CERT   "tlsrpt-rua-https-cert:low"

/* ---- an endpoint ----------------------------------------------------------------------------- */

/* One more address, at which all is well. */
static struct https_fetch *try_at(struct facts *f, const char *at)
{
    struct rua_target *target = &f->rua_targets[0];
    struct https_fetch *made;

    target->fetches =
        talloc_realloc(f, target->fetches, struct https_fetch, target->fetch_count + 1);
    assert_non_null(target->fetches);
    made = &target->fetches[target->fetch_count++];
    *made = (struct https_fetch){.address = at,
                                 .port = 443,
                                 .outcome = NET_OK,
                                 .phase = PHASE_DONE,
                                 .status = 204,
                                 .tls = tls_new(f, HOST)};
    return made;
}

static struct https_fetch *endpoint(struct facts *f)
{
    f->tlsrpt_txt =
        txt(f, "_smtp._tls.example.com", "v=TLSRPTv1; rua=https://" HOST "/tlsrpt", NULL);
    f->rua_targets = talloc_zero(f, struct rua_target);
    assert_non_null(f->rua_targets);
    f->rua_target_count = 1;
    f->rua_targets[0] = (struct rua_target){.uri = "https://" HOST "/tlsrpt",
                                            .host = HOST,
                                            .a = address(f, HOST, V4),
                                            .aaaa = address(f, HOST, V6)};
    return try_at(f, V4);
}

static void see(struct facts *f, int name, int state)
{
    f->vantage = talloc_zero(f, struct vantage);
    assert_non_null(f->vantage);
    f->vantage->points = talloc_zero(f, struct vantage_point);
    assert_non_null(f->vantage->points);
    f->vantage->points[0] = (struct vantage_point){.name = name, .state = state};
    f->vantage->point_count = 1;
}

static void well(struct facts *f)
{
    endpoint(f);
}

/* As a scan leaves it, and as facts of before have it. */
static void not_asked(struct facts *f)
{
    endpoint(f);
    f->rua_targets[0].fetch_count = 0;
}

/* ---- the answer ------------------------------------------------------------------------------ */

#define STATUS_CASE(number)                                                                        \
    static void status_##number(struct facts *f)                                                   \
    {                                                                                              \
        endpoint(f)->status = number;                                                              \
    }
STATUS_CASE(200)
STATUS_CASE(201)
STATUS_CASE(301)
STATUS_CASE(308)
STATUS_CASE(400)
STATUS_CASE(401)
STATUS_CASE(403)
STATUS_CASE(404)
STATUS_CASE(405)
STATUS_CASE(410)
STATUS_CASE(415)
STATUS_CASE(429)
STATUS_CASE(500)
STATUS_CASE(501)
STATUS_CASE(503)

static void redirects(struct facts *f)
{
    struct https_fetch *fetch = endpoint(f);

    fetch->status = 302;
    fetch->location = text_bytes("https://www.example.net/");
}

static void challenges(struct facts *f)
{
    struct https_fetch *fetch = endpoint(f);

    fetch->status = 403;
    fetch->headers = talloc_zero(f, struct http_header);
    assert_non_null(fetch->headers);
    fetch->headers[0] = (struct http_header){"cf-mitigated", text_bytes("challenge")};
    fetch->header_count = 1;
}

/* ---- the certificate ------------------------------------------------------------------------- */

static void expired(struct facts *f)
{
    leaf(endpoint(f)->tls)->not_after = NOW - DAY;
}

static void expires_soon(struct facts *f)
{
    leaf(endpoint(f)->tls)->not_after = NOW + DAY;
}

static void self_signed(struct facts *f)
{
    endpoint(f)->tls->trust = CHAIN_SELF_SIGNED;
}

static void other_name(struct facts *f)
{
    set_names(f, endpoint(f)->tls, "www.example.net", NULL);
}

static void weak_key(struct facts *f)
{
    struct https_fetch *fetch = endpoint(f);

    fetch->tls->trust = CHAIN_REJECTED;
    fetch->tls->trust_error = "EE certificate key too weak";
}

static void expired_and_gone(struct facts *f)
{
    expired(f);
    f->rua_targets[0].fetches[0].status = 404;
}

static void old_version(struct facts *f)
{
    endpoint(f)->tls->version = "TLSv1";
}

static void weak_cipher(struct facts *f)
{
    endpoint(f)->tls->weakness = "no forward secrecy";
}

static void intercepted(struct facts *f)
{
    self_signed(f);
    see(f, VANTAGE_TLS, VANTAGE_STATE_WRONG);
}

static void intercepted_and_closed(struct facts *f)
{
    fetch_stops(endpoint(f), NET_CLOSED, PHASE_TLS);
    see(f, VANTAGE_TLS, VANTAGE_STATE_WRONG);
}

/* ---- no answer ------------------------------------------------------------------------------- */

#define STOP_CASE(name, outcome, phase)                                                            \
    static void name(struct facts *f)                                                              \
    {                                                                                              \
        fetch_stops(endpoint(f), outcome, phase);                                                  \
    }
STOP_CASE(refused, NET_REFUSED, PHASE_CONNECT)
STOP_CASE(connect_timeout, NET_TIMEOUT, PHASE_CONNECT)
STOP_CASE(no_route, NET_NO_ROUTE, PHASE_CONNECT)
STOP_CASE(tls_timeout, NET_TIMEOUT, PHASE_TLS)
STOP_CASE(tls_reset, NET_RESET, PHASE_TLS)
STOP_CASE(silent, NET_TIMEOUT, PHASE_REQUEST)
STOP_CASE(hangs_up, NET_CLOSED, PHASE_REQUEST)
STOP_CASE(no_http, NET_PROTOCOL, PHASE_REQUEST)
STOP_CASE(endless_head, NET_LIMIT, PHASE_HEAD)
STOP_CASE(stopped, NET_UNKNOWN, PHASE_REQUEST)
STOP_CASE(own_failure, NET_FAILED, PHASE_CONNECT)

static void handshake_fails(struct facts *f)
{
    struct https_fetch *fetch = endpoint(f);

    fetch_stops(fetch, NET_TLS, PHASE_TLS);
    fetch->tls = tls_new(f, HOST);
    fetch->tls->outcome = TLS_FAILED;
    fetch->tls->chain_count = 0;
    fetch->tls->alert = "handshake failure";
}

static void proxy_fails(struct facts *f)
{
    fetch_stops(endpoint(f), NET_REFUSED, PHASE_PROXY);
    f->rua_targets[0].fetches[0].proxy = "proxy.example:3128";
}

static void second_answers(struct facts *f)
{
    refused(f);
    try_at(f, V6);
}

static void both_refused(struct facts *f)
{
    refused(f);
    fetch_stops(try_at(f, V6), NET_REFUSED, PHASE_CONNECT);
}

static void refused_and_no_ipv6(struct facts *f)
{
    refused(f);
    fetch_stops(try_at(f, V6), NET_NO_ROUTE, PHASE_CONNECT);
}

/* The second might have answered. */
static void refused_and_stopped(struct facts *f)
{
    refused(f);
    fetch_stops(try_at(f, V6), NET_UNKNOWN, PHASE_CONNECT);
}

static void port443_closed(struct facts *f)
{
    connect_timeout(f);
    see(f, VANTAGE_PORT443, VANTAGE_STATE_CLOSED);
}

/* Nobody knows whether this port is open here. */
static void other_port(struct facts *f)
{
    refused(f);
    f->rua_targets[0].fetches[0].port = 8443;
}

static void other_port_silent(struct facts *f)
{
    silent(f);
    f->rua_targets[0].fetches[0].port = 8443;
}

/* It is not connected to, wherever it was looked at from. */
static void own_addresses(struct facts *f)
{
    not_asked(f);
    f->rua_targets[0].a = address(f, HOST, "127.0.0.1");
    f->rua_targets[0].aaaa = address(f, HOST, "fe80::1");
}

static void one_own_address(struct facts *f)
{
    not_asked(f);
    f->rua_targets[0].a = address(f, HOST, "127.0.0.1");
}

static void private_address(struct facts *f)
{
    no_route(f);
    f->rua_targets[0].a = address(f, HOST, "10.1.2.3");
    f->rua_targets[0].aaaa = answer(f, HOST, DNS_AAAA, DNS_OUTCOME_NODATA);
}

/* Whoever looks from within that network knows it. */
static void private_address_answers(struct facts *f)
{
    private_address(f);
    f->rua_targets[0].fetch_count = 0;
    try_at(f, "10.1.2.3");
}

/* Mail has its own ways. */
static void mail_to_own_address(struct facts *f)
{
    own_addresses(f);
    f->rua_targets[0].mx = answer(f, HOST, DNS_MX, DNS_OUTCOME_FOUND);
    f->rua_targets[0].mx->records = talloc_zero(f, struct dns_record);
    assert_non_null(f->rua_targets[0].mx->records);
    f->rua_targets[0].mx->records->host = "mx.example.net";
    f->rua_targets[0].mx->record_count = 1;
}

/* The record went between two looks at it. */
static void no_record(struct facts *f)
{
    refused(f);
    f->tlsrpt_txt = answer(f, "_smtp._tls.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
}

static const struct rule_case cases[] = {
    {"well", well, "", FINE},
    {"not asked", not_asked, "", FINE},
    {"200", status_200, "", FINE},
    {"201", status_201, "", FINE},
    {"301", status_301, STATUS, FINE},
    {"302 with a target", redirects, STATUS, FINE},
    {"308", status_308, STATUS, FINE},
    {"400: the body is empty", status_400, "", FINE},
    {"401", status_401, STATUS, FINE},
    {"403: perhaps the method", status_403, "", FINE},
    {"403 with a challenge", challenges, STATUS, FINE},
    {"404", status_404, STATUS, FINE},
    {"405: not this method", status_405, "", FINE},
    {"410", status_410, STATUS, FINE},
    {"415: no report", status_415, "", FINE},
    {"429", status_429, "", FINE},
    {"500", status_500, STATUS, FINE},
    {"501: not this method", status_501, "", FINE},
    {"503", status_503, STATUS, FINE},
    {"expired", expired, "tlsrpt-rua-https-cert:low", FINE},
    {"expires soon", expires_soon, "", FINE},
    {"self-signed", self_signed, CERT, FINE},
    {"other name", other_name, CERT, FINE},
    {"weak key", weak_key, CERT, FINE},
    {"expired, 404", expired_and_gone, STATUS " " CERT, FINE},
    {"TLS 1.0", old_version, DEAD, FINE},
    {"weak cipher", weak_cipher, DEAD, FINE},
    {"intercepted", intercepted, "tls-intercepted:unknown", FINE},
    {"intercepted, closed", intercepted_and_closed, "tls-intercepted:unknown", FINE},
    {"refused", refused, DEAD, FINE},
    {"connect time-out", connect_timeout, DEAD, FINE},
    {"no route", no_route, DEAD, FINE},
    {"TLS time-out", tls_timeout, DEAD, FINE},
    {"TLS reset", tls_reset, DEAD, FINE},
    {"handshake fails", handshake_fails, DEAD, FINE},
    {"silent", silent, MUTE, FINE},
    {"hangs up", hangs_up, MUTE, FINE},
    {"no HTTP", no_http, MUTE, FINE},
    {"endless head", endless_head, MUTE, FINE},
    {"stopped", stopped, "", FINE},
    {"own failure", own_failure, "", FINE},
    {"proxy fails", proxy_fails, "", FINE},
    {"the second address answers", second_answers, "", FINE},
    {"both refused", both_refused, DEAD, FINE},
    {"refused, no IPv6 here", refused_and_no_ipv6, DEAD, FINE},
    {"refused, then stopped", refused_and_stopped, "", FINE},
    {"port 443 closed here", port443_closed, "", FINE},
    {"another port, refused", other_port, "", FINE},
    {"another port, silent", other_port_silent, MUTE, FINE},
    {"own addresses", own_addresses, DEAD, FINE},
    {"one own address of two", one_own_address, "", FINE},
    {"private address", private_address, DEAD, FINE},
    {"private address that answers", private_address_answers, "", FINE},
    {"mail to a host with an own address", mail_to_own_address, "", FINE},
    {"no record", no_record, "tlsrpt-record-missing:medium", FINE},
};

int main(void)
{
    return RUN_ONLY_CASES(cases);
}
