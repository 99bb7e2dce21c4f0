/* SPDX-License-Identifier: MIT */
/* test_rule_policy_host.c - reaching the policy host, its certificate, its answer. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "rules/rule.h"
#include "rules/test_facts.h"

#define HOST "mta-sts.example.com"
#define V6   "2001:2:0:9::1"

/* ---- the name -------------------------------------------------------------------------------- */

static void no_host(struct facts *f, int outcome)
{
    f->policy_host.a = answer(f, HOST, DNS_A, outcome);
    f->policy_host.aaaa = answer(f, HOST, DNS_AAAA, outcome);
    f->policy_host.fetch_count = 0;
}

static void missing(struct facts *f)
{
    no_host(f, DNS_OUTCOME_NODATA);
}

static void dangling(struct facts *f)
{
    no_host(f, DNS_OUTCOME_NXDOMAIN);
    add_cname(f, f->policy_host.a, "customer.provider.example");
}

static void servfail(struct facts *f)
{
    no_host(f, DNS_OUTCOME_FAILED);
}

/* With -4, a host that has AAAA only is not missing. */
static void one_family_asked(struct facts *f)
{
    no_host(f, DNS_OUTCOME_NODATA);
    f->policy_host.aaaa = NULL;
}

static void half_servfail(struct facts *f)
{
    f->policy_host.aaaa = answer(f, HOST, DNS_AAAA, DNS_OUTCOME_FAILED);
}

/* ---- the connection -------------------------------------------------------------------------- */

static void two_addresses(struct facts *f)
{
    f->policy_host.aaaa = address(f, HOST, V6);
    add_fetch(f, V6);
}

static void refused(struct facts *f)
{
    fetch_stops(fetch(f), NET_REFUSED, PHASE_CONNECT);
}

static void one_refused(struct facts *f)
{
    two_addresses(f);
    fetch_stops(&f->policy_host.fetches[1], NET_TIMEOUT, PHASE_CONNECT);
}

static void both_refused(struct facts *f)
{
    one_refused(f);
    refused(f);
}

static void seen_from_here(struct facts *f, enum vantage_name name, enum vantage_state state)
{
    f->vantage = talloc_zero(f, struct vantage);
    f->vantage->points = talloc_zero_array(f, struct vantage_point, 1);
    f->vantage->points[0] = (struct vantage_point){(int)name, (int)state, "CN=Inspection"};
    f->vantage->point_count = 1;
}

static void port443_closed(struct facts *f)
{
    both_refused(f);
    seen_from_here(f, VANTAGE_PORT443, VANTAGE_STATE_CLOSED);
}

static void port443_open(struct facts *f)
{
    both_refused(f);
    seen_from_here(f, VANTAGE_PORT443, VANTAGE_STATE_OK);
}

/* One answered, so the port is not closed, whatever else was seen. */
static void port443_closed_to_one(struct facts *f)
{
    one_refused(f);
    seen_from_here(f, VANTAGE_PORT443, VANTAGE_STATE_CLOSED);
}

static void tls_of_a_private_ca(struct facts *f)
{
    fetch(f)->tls->trust = CHAIN_UNTRUSTED_ROOT;
}

static void tls_of_the_network(struct facts *f)
{
    tls_of_a_private_ca(f);
    seen_from_here(f, VANTAGE_TLS, VANTAGE_STATE_WRONG);
}

static void tls_of_the_host(struct facts *f)
{
    tls_of_a_private_ca(f);
    seen_from_here(f, VANTAGE_TLS, VANTAGE_STATE_OK);
}

static void not_found_in_a_network_that_intercepts(struct facts *f)
{
    tls_of_the_network(f);
    fetch(f)->status = 404;
}

/* What is valid by the right time is valid. */
static void clock_is_off(struct facts *f, int64_t offset)
{
    seen_from_here(f, VANTAGE_CLOCK, VANTAGE_STATE_WRONG);
    f->vantage->clock_known = true;
    f->vantage->clock_offset = offset;
    f->observed_at = NOW;
}

static void clock_is_slow(struct facts *f)
{
    clock_is_off(f, 400 * DAY);
    for (size_t i = 0; i < fetch(f)->tls->chain_count; i++) {
        fetch(f)->tls->chain[i].not_before += 400 * DAY;
        fetch(f)->tls->chain[i].not_after += 400 * DAY;
    }
    for (size_t i = 0; i < session(f)->tls->chain_count; i++) {
        session(f)->tls->chain[i].not_before += 400 * DAY;
        session(f)->tls->chain[i].not_after += 400 * DAY;
    }
}

static void clock_is_little_slow(struct facts *f)
{
    clock_is_off(f, 3600);
}

/* It begins between the time our clock shows and the right one. */
static void clock_is_little_slow_and_cert_new(struct facts *f)
{
    clock_is_little_slow(f);
    f->policy_host.fetches[0].tls->chain[0].not_before = NOW + 1800;
}

static void signatures_are_old(struct facts *f)
{
    f->sts_txt->outcome = DNS_OUTCOME_FAILED;
    f->sts_txt->record_count = 0;
    f->sts_txt->security = DNS_SECURITY_BOGUS;
    f->sts_txt->why_bogus = "validation failure <_mta-sts.example.com. TXT IN>: signature expired "
                            "from 192.0.2.53 for key example.com. while building chain of trust";
}

/* They hold yet, by the right time. */
static void clock_is_fast_and_signatures_old(struct facts *f)
{
    clock_is_off(f, -3 * DAY);
    signatures_are_old(f);
}

/* A slow clock makes no signature expire. */
static void clock_is_little_slow_and_signatures_old(struct facts *f)
{
    clock_is_little_slow(f);
    signatures_are_old(f);
}

static void clock_is_slow_and_cert_expired(struct facts *f)
{
    clock_is_slow(f);
    fetch(f)->tls->chain[0].not_after = NOW + 399 * DAY;
}

/* A time that was given is right. */
static void time_is_given(struct facts *f)
{
    seen_from_here(f, VANTAGE_CLOCK, VANTAGE_STATE_WRONG);
    f->vantage->clock_known = true;
    f->vantage->clock_offset = -400 * DAY;
    f->observed_at = NOW + 400 * DAY;
}

static void clock_is_right(struct facts *f)
{
    seen_from_here(f, VANTAGE_CLOCK, VANTAGE_STATE_OK);
}

/* Our own network's proxy would not; the host is as it is. */
static void proxy_refuses(struct facts *f)
{
    fetch(f)->proxy = "proxy.example:3128";
    fetch(f)->proxy_status = 403;
    fetch_stops(fetch(f), NET_FAILED, PHASE_PROXY);
}

static void proxy_is_dead(struct facts *f)
{
    fetch(f)->proxy = "proxy.example:3128";
    fetch_stops(fetch(f), NET_REFUSED, PHASE_PROXY);
}

/* What the host itself does behind the proxy is its own. */
static void broken_behind_proxy(struct facts *f)
{
    fetch(f)->proxy = "proxy.example:3128";
    fetch(f)->proxy_status = 200;
    fetch(f)->status = 404;
}

/* A proxy's connection says nothing of a family of ours. */
static void ipv6_of_the_proxy(struct facts *f)
{
    f->policy_host.aaaa = address(f, HOST, V6);
    fetch(f)->address = V6;
    fetch(f)->proxy = "proxy.example:3128";
}

/* This machine has no IPv6: no fault of the domain's. */
static void no_ipv6_here(struct facts *f)
{
    two_addresses(f);
    fetch_stops(&f->policy_host.fetches[1], NET_NO_ROUTE, PHASE_CONNECT);
}

/* ... but where an MX answered over IPv6, it is. */
static void no_ipv6_there(struct facts *f)
{
    no_ipv6_here(f);
    add_session(f, &f->mx[0], "2001:2:0:9::25");
}

static void no_network(struct facts *f)
{
    fetch_stops(fetch(f), NET_NO_ROUTE, PHASE_CONNECT);
    session_stops(session(f), NET_TIMEOUT, PHASE_CONNECT);
}

static void stopped(struct facts *f)
{
    f->deadline_reached = true;
    fetch_stops(fetch(f), NET_UNKNOWN, PHASE_CONNECT);
}

/* Connected, and silent until the deadline of the check. */
static void stopped_in_head(struct facts *f)
{
    f->deadline_reached = true;
    fetch_stops(fetch(f), NET_UNKNOWN, PHASE_HEAD);
}

static void interrupted(struct facts *f)
{
    f->interrupted = true;
    fetch_stops(fetch(f), NET_UNKNOWN, PHASE_HEAD);
}

static void never_asked(struct facts *f)
{
    f->deadline_reached = true;
    f->policy_host.fetch_count = 0;
}

/* ---- TLS ------------------------------------------------------------------------------------- */

static void handshake(struct facts *f)
{
    struct tls_session *tls = fetch(f)->tls;

    fetch_stops(fetch(f), NET_TLS, PHASE_TLS);
    *tls = (struct tls_session){.outcome = TLS_FAILED, .alert = "handshake failure"};
    fetch(f)->tls = tls;
}

static void reset_in_tls(struct facts *f)
{
    fetch_stops(fetch(f), NET_RESET, PHASE_TLS);
}

static void weak(struct facts *f)
{
    fetch(f)->tls->weakness = "EE key too small";
}

static void rejected(struct facts *f)
{
    fetch(f)->tls->trust = CHAIN_REJECTED;
    fetch(f)->tls->trust_error = "CA signature digest algorithm too weak";
}

static void old_version(struct facts *f)
{
    fetch(f)->tls->version = "TLSv1.1";
    fetch(f)->tls->weakness = "TLSv1.1";
}

static void expired(struct facts *f)
{
    leaf(fetch(f)->tls)->not_after = NOW - 1;
}

static void expires_this_second(struct facts *f)
{
    leaf(fetch(f)->tls)->not_after = NOW;
}

static void expired_intermediate(struct facts *f)
{
    fetch(f)->tls->chain[1].not_after = NOW - DAY;
}

/* A surplus certificate further up, whose end harms nobody. */
static void expired_surplus(struct facts *f)
{
    fetch(f)->tls->chain[1].subject = "CN=Old Cross";
    fetch(f)->tls->chain[1].not_after = NOW - DAY;
}

/* ... unless there is no other way to the root. */
static void expired_upper(struct facts *f)
{
    expired_surplus(f);
    fetch(f)->tls->chain[1].in_path = true;
}

static void expired_twin(struct facts *f)
{
    struct certificate *chain = talloc_array(f, struct certificate, 3);

    chain[0] = fetch(f)->tls->chain[0];
    chain[1] = chain[2] = fetch(f)->tls->chain[1];
    chain[1].not_after = NOW - DAY;
    chain[1].in_path = true;
    fetch(f)->tls->chain = chain;
    fetch(f)->tls->chain_count = 3;
}

static void expired_anchor(struct facts *f)
{
    fetch(f)->tls->anchor = "CN=Root";
    fetch(f)->tls->anchor_not_after = NOW - DAY;
}

static void page_as_html(struct facts *f)
{
    set_policy(f, "<!DOCTYPE html>\n");
    fetch(f)->media_type = "text/html";
}

static void compressed(struct facts *f)
{
    static struct http_header gzip = {"content-encoding", {"gzip", 4}};

    set_policy(f, "\x1f\x8b mode: x");
    fetch(f)->headers = &gzip;
    fetch(f)->header_count = 1;
}

static void not_yet(struct facts *f)
{
    leaf(fetch(f)->tls)->not_before = NOW + DAY;
}

static void soon(struct facts *f)
{
    leaf(fetch(f)->tls)->not_after = NOW + 14 * DAY - 1;
}

static void not_so_soon(struct facts *f)
{
    leaf(fetch(f)->tls)->not_after = NOW + 14 * DAY;
}

static void lives(struct facts *f, int64_t days, int64_t left)
{
    leaf(fetch(f)->tls)->not_before = NOW - (days - left) * DAY;
    leaf(fetch(f)->tls)->not_after = NOW + left * DAY;
}

static void six_days(struct facts *f)
{
    lives(f, 6, 2);
}

static void six_days_overdue(struct facts *f)
{
    lives(f, 6, 1);
}

static void days_45(struct facts *f)
{
    lives(f, 45, 14);
}

static void days_45_overdue(struct facts *f)
{
    lives(f, 45, 13);
}

static void intermediate_soon(struct facts *f)
{
    fetch(f)->tls->chain[1].in_path = true;
    fetch(f)->tls->chain[1].not_after = NOW + 5 * DAY;
}

/* One that the path does not need harms nobody. */
static void surplus_soon(struct facts *f)
{
    intermediate_soon(f);
    fetch(f)->tls->chain[1].in_path = false;
}

static void other_name(struct facts *f)
{
    set_names(f, fetch(f)->tls, "www.example.com", "example.com", NULL);
}

static void deep_wildcard_name(struct facts *f)
{
    set_names(f, fetch(f)->tls, "*.com", NULL);
}

static void wildcard_name(struct facts *f)
{
    set_names(f, fetch(f)->tls, "*.example.com", NULL);
}

static void common_name(struct facts *f)
{
    set_names(f, fetch(f)->tls, "www.example.com", NULL);
    leaf(fetch(f)->tls)->common_name = HOST;
}

static void partial(struct facts *f)
{
    set_names(f, fetch(f)->tls, "mta-*.example.com", NULL);
}

static void self_signed(struct facts *f)
{
    fetch(f)->tls->trust = CHAIN_SELF_SIGNED;
    fetch(f)->tls->chain_count = 1;
}

static void untrusted(struct facts *f)
{
    fetch(f)->tls->trust = CHAIN_UNTRUSTED_ROOT;
}

static void incomplete(struct facts *f)
{
    fetch(f)->tls->trust = CHAIN_INCOMPLETE;
    fetch(f)->tls->missing_issuer = "CN=Lab Intermediate";
}

static void purpose(struct facts *f)
{
    static const char *purposes[] = {"emailProtection", "clientAuth"};

    fetch(f)->tls->trust = CHAIN_WRONG_PURPOSE;
    leaf(fetch(f)->tls)->purposes = purposes;
    leaf(fetch(f)->tls)->purpose_count = 2;
}

/* TLS 1.3: we learn of it when the answer does not come. */
static void demands_certificate(struct facts *f)
{
    struct tls_session *tls = fetch(f)->tls;

    fetch_stops(fetch(f), NET_CLOSED, PHASE_REQUEST);
    fetch(f)->tls = tls;
    tls->outcome = TLS_FAILED;
    tls->alert = "certificate required";
    tls->alert_number = 116;
    tls->certificate_requested = true;
}

static void speaks_h2_only(struct facts *f)
{
    struct tls_session *tls = fetch(f)->tls;

    fetch_stops(fetch(f), NET_TLS, PHASE_TLS);
    fetch(f)->tls = tls;
    tls->outcome = TLS_FAILED;
    tls->chain_count = 0;
    tls->alert = "no application protocol";
    tls->alert_number = 120;
}

static void asks_for_certificate(struct facts *f)
{
    fetch(f)->tls->certificate_requested = true;
}

static void all_wrong(struct facts *f)
{
    self_signed(f);
    expired(f);
    other_name(f);
}

static void expired_at_one(struct facts *f)
{
    two_addresses(f);
    leaf(f->policy_host.fetches[1].tls)->not_after = NOW - DAY;
}

static void expired_at_both(struct facts *f)
{
    expired_at_one(f);
    expired(f);
}

/* ---- HTTP ------------------------------------------------------------------------------------ */

#define STATUS_CASE(name, number)                                                                  \
    static void name(struct facts *f)                                                              \
    {                                                                                              \
        fetch(f)->status = number;                                                                 \
    }
STATUS_CASE(status_404, 404)
STATUS_CASE(status_410, 410)
STATUS_CASE(status_401, 401)
STATUS_CASE(status_403, 403)
STATUS_CASE(status_301, 301)
STATUS_CASE(status_503, 503)
STATUS_CASE(status_204, 204)
STATUS_CASE(status_418, 418)

static void octets(struct facts *f)
{
    fetch(f)->media_type = "application/octet-stream";
}

static void no_type(struct facts *f)
{
    fetch(f)->media_type = NULL;
}

static void large(struct facts *f)
{
    fetch(f)->outcome = NET_LIMIT;
    fetch(f)->phase = PHASE_BODY;
    fetch(f)->too_large = true;
}

static void slow(struct facts *f)
{
    fetch_stops(fetch(f), NET_TIMEOUT, PHASE_HEAD);
}

static void slow_in_tls(struct facts *f)
{
    fetch_stops(fetch(f), NET_TIMEOUT, PHASE_TLS);
}

static void cut(struct facts *f)
{
    fetch(f)->outcome = NET_CLOSED;
    fetch(f)->phase = PHASE_BODY;
    fetch(f)->truncated = true;
}

static void no_answer(struct facts *f)
{
    fetch_stops(fetch(f), NET_CLOSED, PHASE_HEAD);
}

static void garbage(struct facts *f)
{
    fetch_stops(fetch(f), NET_PROTOCOL, PHASE_HEAD);
    fetch(f)->error = "no status line";
}

/* The text is judged although the certificate is bad. */
static void bad_twice(struct facts *f)
{
    expired(f);
    set_policy(f, "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: x\n");
}

static void elsewhere(struct facts *f)
{
    static struct elsewhere places[] = {{"https://mta-sts.example.com/mta-sts.txt", 404, false},
                                        {"https://example.com/.well-known/mta-sts.txt", 200, true}};

    status_404(f);
    f->policy_host.elsewhere = places;
    f->policy_host.elsewhere_count = 2;
}

/* ---- addresses that nobody reaches ----------------------------------------------------------- */

static void at_address(struct facts *f, const char *at)
{
    f->policy_host.a = address(f, HOST, at);
    fetch(f)->address = at;
    fetch_stops(fetch(f), NET_TIMEOUT, PHASE_CONNECT);
}

#define ADDRESS_CASE(name, at)                                                                     \
    static void name(struct facts *f)                                                              \
    {                                                                                              \
        at_address(f, at);                                                                         \
    }
ADDRESS_CASE(discard, "100::")
ADDRESS_CASE(documentation, "192.0.2.1")
ADDRESS_CASE(documentation_v6, "2001:db8:1::1")
ADDRESS_CASE(ten, "10.1.2.3")
ADDRESS_CASE(link_local, "fe80::1")
ADDRESS_CASE(unique_local, "fd12::1")
ADDRESS_CASE(loopback, "127.0.0.1")
ADDRESS_CASE(retired, "192.88.99.1")
ADDRESS_CASE(nearly_private, "172.32.0.1")
ADDRESS_CASE(nearly_discard, "100:1::")

/* No IPv6 here: the address tells enough by itself. */
static void discard_no_route(struct facts *f)
{
    discard(f);
    fetch_stops(fetch(f), NET_NO_ROUTE, PHASE_CONNECT);
}

static void discard_beside(struct facts *f)
{
    f->policy_host.aaaa = address(f, HOST, "100::");
    fetch_stops(add_fetch(f, "100::"), NET_NO_ROUTE, PHASE_CONNECT);
}

/* Seen from within, where it works. */
static void private_works(struct facts *f)
{
    f->policy_host.a = address(f, HOST, "10.1.2.3");
    fetch(f)->address = "10.1.2.3";
}

/* In a scan. */
static void private_withheld(struct facts *f)
{
    ten(f);
    fetch_stops(fetch(f), NET_WITHHELD, PHASE_CONNECT);
    f->observer.public_only = true;
    f->mx[0].a = address(f, f->mx[0].name, "20.1.2.25");
    f->mx[0].sessions[0].address = "20.1.2.25";
}

static void benchmark_withheld(struct facts *f)
{
    private_withheld(f);
    fetch(f)->address = "198.18.0.80";
    f->policy_host.a = address(f, HOST, "198.18.0.80");
}

static void loopback_beside(struct facts *f)
{
    f->policy_host.aaaa = address(f, HOST, "::ffff:127.0.0.1");
    fetch_stops(add_fetch(f, "::ffff:127.0.0.1"), NET_WITHHELD, PHASE_CONNECT);
}

/* A network where such addresses mean something. */
static void private_network(struct facts *f)
{
    ten(f);
    session(f)->address = "10.0.0.25";
}

static void private_and_dead(struct facts *f)
{
    ten(f);
    fetch_stops(add_fetch(f, V6), NET_REFUSED, PHASE_CONNECT);
}

/* ---- addresses that differ ------------------------------------------------------------------- */

static void other_text(struct facts *f)
{
    two_addresses(f);
    f->policy_host.fetches[1].body =
        text_bytes("version: STSv1\nmode: testing\nmx: mx1.example.com\nmax_age: 2592000\n");
}

static void other_certificate(struct facts *f)
{
    two_addresses(f);
    leaf(f->policy_host.fetches[1].tls)->sha256 = "11";
}

static void other_expired(struct facts *f)
{
    other_certificate(f);
    leaf(f->policy_host.fetches[1].tls)->not_after = NOW - DAY;
}

static void two_expired(struct facts *f)
{
    other_expired(f);
    expired(f);
}

/* ---- a CDN's own answers --------------------------------------------------------------------- */

static void answers(struct facts *f, int64_t status, const char *name, const char *value,
                    const char *body)
{
    struct https_fetch *to = fetch(f);

    to->status = status;
    to->media_type = "text/html";
    to->body = text_bytes(body);
    to->headers = talloc_zero(f, struct http_header);
    assert_non_null(to->headers);
    *to->headers = (struct http_header){name, text_bytes(value)};
    to->header_count = 1;
}

static void origin_times_out(struct facts *f)
{
    answers(f, 522, "server", "cloudflare", "<html>error code: 522</html>");
}

static void status_522_of_another(struct facts *f)
{
    answers(f, 522, "server", "nginx", "");
}

static void cname_of_another_account(struct facts *f)
{
    answers(f, 403, "cf-ray", "8f1e-FRA", "error code: 1014");
}

static void worker_fails(struct facts *f)
{
    answers(f, 500, "server", "cloudflare", "<title>Worker threw exception | Error 1101</title>");
}

static void cloudflare_404(struct facts *f)
{
    answers(f, 404, "server", "cloudflare", "<title>Error 404: not found</title>");
}

static void cloudflare_502(struct facts *f)
{
    answers(f, 502, "server", "cloudflare", "<title>502 Bad gateway</title>");
}

static void nginx_demands(struct facts *f)
{
    answers(f, 400, "server", "nginx",
            "<html><head><title>400 No required SSL certificate was sent</title></head></html>");
}

static void other_400(struct facts *f)
{
    answers(f, 400, "server", "nginx", "<html><title>400 Bad Request</title></html>");
}

static void s3_403(struct facts *f)
{
    answers(f, 403, "x-amz-request-id", "7QXK", "<Error><Code>AccessDenied</Code></Error>");
}

static void s3_bucket(struct facts *f)
{
    answers(f, 404, "server", "AmazonS3", "<Error><Code>NoSuchBucket</Code></Error>");
}

static void s3_200(struct facts *f)
{
    answers(f, 200, "server", "AmazonS3", POLICY);
    fetch(f)->media_type = "text/plain";
}

static void gcs_404(struct facts *f)
{
    answers(f, 404, "x-guploader-uploadid", "AB", "<Error><Code>NoSuchKey</Code></Error>");
}

static void azure_404(struct facts *f)
{
    answers(f, 404, "x-ms-error-code", "BlobNotFound", "");
}

static void challenge(struct facts *f)
{
    answers(f, 403, "cf-mitigated", "challenge", "<title>Just a moment...</title>");
}

static void challenge_with_200(struct facts *f)
{
    answers(f, 200, "server", "ddos", "\n<html><script>window._cf_chl_opt={}</script></html>");
}

static void captcha(struct facts *f)
{
    answers(f, 429, "server", "waf", "<html><form class='h-captcha'></form></html>");
}

static void contact_page(struct facts *f)
{
    answers(f, 404, "server", "nginx", "<html>Not here. <form class='g-recaptcha'></form></html>");
}

#define BROKEN POSTURE_BROKEN, DELIVERY_UNPROTECTED
#define FINE   POSTURE_ENFORCE, DELIVERY_PROTECTED
#define UNSEEN POSTURE_BROKEN, DELIVERY_UNKNOWN

static const struct rule_case cases[] = {
    {"missing", missing, "policy-host-missing:high", BROKEN},
    {"dangling", dangling, "policy-host-cname-dangling:high", BROKEN},
    {"servfail", servfail, "policy-host-lookup-failed:unknown", POSTURE_BROKEN, DELIVERY_UNKNOWN},
    {"-4", one_family_asked, "policy-host-lookup-failed:unknown", POSTURE_BROKEN, DELIVERY_UNKNOWN},
    {"AAAA fails", half_servfail, "policy-host-lookup-failed:unknown", FINE},
    {"two addresses", two_addresses, "", FINE},
    {"refused", refused, "policy-host-unreachable:high", BROKEN},
    {"one refused", one_refused, "policy-host-address-unreachable:medium", FINE},
    {"both refused", both_refused, "policy-host-unreachable:high", BROKEN},
    {"443 closed here", port443_closed, "policy-port443-blocked:unknown", UNSEEN},
    {"443 open here", port443_open, "policy-host-unreachable:high", BROKEN},
    {"443 open to one", port443_closed_to_one, "policy-host-address-unreachable:medium", FINE},
    {"intercepted", tls_of_the_network, "tls-intercepted:unknown", UNSEEN},
    {"a private CA", tls_of_the_host, "policy-cert-untrusted-root:high", BROKEN},
    {"intercepted, 404", not_found_in_a_network_that_intercepts,
     "policy-not-found:high tls-intercepted:unknown", UNSEEN},
    {"a slow clock", clock_is_slow, "clock-wrong:unknown", FINE},
    {"a slow clock, expired", clock_is_slow_and_cert_expired,
     "policy-cert-expired:high clock-wrong:unknown", BROKEN},
    {"a fast clock, --now", time_is_given, "clock-wrong:unknown", FINE},
    {"a clock an hour slow", clock_is_little_slow, "clock-wrong:low", FINE},
    {"a clock an hour slow, a certificate of half an hour", clock_is_little_slow_and_cert_new,
     "clock-wrong:unknown", FINE},
    {"a clock three days fast, signatures out of date", clock_is_fast_and_signatures_old,
     "clock-wrong:unknown", UNSEEN},
    {"a slow clock, signatures out of date", clock_is_little_slow_and_signatures_old,
     "sts-record-dnssec-bogus:high clock-wrong:low", BROKEN},
    {"a right clock", clock_is_right, "", FINE},
    {"the proxy refuses", proxy_refuses, "policy-proxy-failed:unknown", UNSEEN},
    {"the proxy is dead", proxy_is_dead, "policy-proxy-failed:unknown", UNSEEN},
    {"404 behind a proxy", broken_behind_proxy, "policy-not-found:high", BROKEN},
    {"IPv6 of the proxy", ipv6_of_the_proxy, "", FINE},
    {"no IPv6 here", no_ipv6_here, "", FINE},
    {"no IPv6 there", no_ipv6_there, "policy-host-address-unreachable:medium", FINE},
    {"no network", no_network, "address-family-unreachable:unknown mx-unreachable:medium",
     POSTURE_BROKEN, DELIVERY_UNKNOWN},
    {"stopped", stopped, "policy-timeout:unknown", POSTURE_BROKEN, DELIVERY_UNKNOWN},
    {"silent until the deadline", stopped_in_head, "policy-timeout:high", POSTURE_BROKEN,
     DELIVERY_UNKNOWN},
    {"interrupted", interrupted, "check-interrupted:unknown", POSTURE_BROKEN, DELIVERY_UNKNOWN},
    {"never asked", never_asked, "policy-timeout:unknown", POSTURE_BROKEN, DELIVERY_UNKNOWN},
    {"handshake", handshake, "policy-tls-handshake-failed:high", BROKEN},
    {"reset in TLS", reset_in_tls, "policy-tls-handshake-failed:high", BROKEN},
    {"weak key", weak, "policy-tls-handshake-failed:high", BROKEN},
    {"rejected", rejected, "policy-tls-handshake-failed:high", BROKEN},
    {"TLS 1.1", old_version, "policy-tls-version-old:high", BROKEN},
    {"expired", expired, "policy-cert-expired:high", BROKEN},
    {"last second", expires_this_second, "policy-cert-expires-soon:medium", FINE},
    {"expired intermediate", expired_intermediate, "policy-cert-expired:high", BROKEN},
    {"expired further up", expired_upper, "policy-cert-expired:high", BROKEN},
    {"expired, and in another edition not", expired_twin, "", FINE},
    {"expired root", expired_anchor, "policy-cert-expired:high", BROKEN},
    {"a page, and of its type", page_as_html, "policy-html:high", BROKEN},
    {"compressed", compressed, "policy-line-malformed:high", BROKEN},
    {"expired surplus", expired_surplus, "", FINE},
    {"not yet", not_yet, "policy-cert-not-yet-valid:high", BROKEN},
    {"soon", soon, "policy-cert-expires-soon:medium", FINE},
    {"not so soon", not_so_soon, "", FINE},
    {"two of six days", six_days, "", FINE},
    {"one of six days", six_days_overdue, "policy-cert-expires-soon:medium", FINE},
    {"14 of 45 days", days_45, "", FINE},
    {"13 of 45 days", days_45_overdue, "policy-cert-expires-soon:medium", FINE},
    {"the intermediate soon", intermediate_soon, "policy-cert-expires-soon:medium", FINE},
    {"a surplus one soon", surplus_soon, "", FINE},
    {"other name", other_name, "policy-cert-name-mismatch:high", BROKEN},
    {"wildcard too deep", deep_wildcard_name, "policy-cert-name-mismatch:high", BROKEN},
    {"wildcard", wildcard_name, "", FINE},
    {"common name", common_name, "policy-cert-common-name-only:high", BROKEN},
    {"partial wildcard", partial, "policy-cert-partial-wildcard:high", BROKEN},
    {"self-signed", self_signed, "policy-cert-self-signed:high", BROKEN},
    {"untrusted", untrusted, "policy-cert-untrusted-root:high", BROKEN},
    {"incomplete", incomplete, "policy-cert-chain-incomplete:high", BROKEN},
    {"for mail and clients", purpose, "policy-cert-wrong-purpose:high", BROKEN},
    {"HTTP/2 only", speaks_h2_only, "policy-tls-handshake-failed:high", BROKEN},
    {"demands a certificate", demands_certificate, "policy-tls-client-certificate:high", BROKEN},
    {"asks for a certificate", asks_for_certificate, "", FINE},
    {"nginx demands one", nginx_demands, "policy-tls-client-certificate:high", BROKEN},
    {"another 400", other_400, "policy-http-status:high", BROKEN},
    {"S3", s3_403, "policy-forbidden:high", BROKEN},
    {"S3 without the bucket", s3_bucket, "policy-not-found:high", BROKEN},
    {"Google", gcs_404, "policy-not-found:high", BROKEN},
    {"Azure", azure_404, "policy-not-found:high", BROKEN},
    {"S3 as it should be", s3_200, "", FINE},
    {"all wrong", all_wrong,
     "policy-cert-expired:high policy-cert-name-mismatch:high policy-cert-self-signed:high",
     BROKEN},
    {"expired at one", expired_at_one, "policy-cert-expired:high", FINE},
    {"expired at both", expired_at_both, "policy-cert-expired:high", BROKEN},
    {"404", status_404, "policy-not-found:high", BROKEN},
    {"elsewhere", elsewhere, "policy-not-found:high", BROKEN},
    {"410", status_410, "policy-not-found:high", BROKEN},
    {"401", status_401, "policy-forbidden:high", BROKEN},
    {"403", status_403, "policy-forbidden:high", BROKEN},
    {"301", status_301, "policy-redirect:high", BROKEN},
    {"503", status_503, "policy-server-error:high", BROKEN},
    {"204", status_204, "policy-http-status:high", BROKEN},
    {"418", status_418, "policy-http-status:high", BROKEN},
    {"octets", octets, "policy-content-type:medium", FINE},
    {"no type", no_type, "policy-content-type:medium", FINE},
    {"large", large, "policy-too-large:high", BROKEN},
    {"slow", slow, "policy-timeout:high", BROKEN},
    {"slow in TLS", slow_in_tls, "policy-timeout:high", BROKEN},
    {"cut", cut, "policy-truncated:high", BROKEN},
    {"no answer", no_answer, "policy-truncated:high", BROKEN},
    {"garbage", garbage, "policy-http-status:high", BROKEN},
    {"100::", discard, "policy-host-placeholder-address:high", BROKEN},
    {"192.0.2.1", documentation, "policy-host-placeholder-address:high", BROKEN},
    {"2001:db8::", documentation_v6, "policy-host-placeholder-address:high", BROKEN},
    {"100::, no route", discard_no_route, "policy-host-placeholder-address:high", BROKEN},
    {"100:: beside", discard_beside, "policy-host-placeholder-address:medium", FINE},
    {"100:1::", nearly_discard, "policy-host-unreachable:high", BROKEN},
    {"10.1.2.3", ten, "policy-host-private-address:high", BROKEN},
    {"fe80::", link_local, "policy-host-private-address:high", BROKEN},
    {"fd12::", unique_local, "policy-host-private-address:high", BROKEN},
    {"127.0.0.1", loopback, "policy-host-private-address:high", BROKEN},
    {"172.32.0.1", nearly_private, "policy-host-unreachable:high", BROKEN},
    {"10.1.2.3 works", private_works, "policy-host-private-address:low", FINE},
    {"10.1.2.3 withheld", private_withheld, "policy-host-private-address:high", BROKEN},
    {"a benchmarking address withheld", benchmark_withheld, "policy-host-private-address:high",
     BROKEN},
    {"an old prefix, no answer", retired, "policy-host-unreachable:high", BROKEN},
    {"loopback beside", loopback_beside, "policy-host-private-address:medium", FINE},
    {"private network", private_network,
     "policy-host-unreachable:high policy-host-private-address:low", BROKEN},
    {"private and dead", private_and_dead,
     "policy-host-private-address:high policy-host-unreachable:high", BROKEN},
    {"other text", other_text, "policy-host-inconsistent:medium", FINE},
    {"other certificate", other_certificate, "policy-host-inconsistent:info", FINE},
    {"other, expired", other_expired, "policy-cert-expired:high policy-host-inconsistent:medium",
     FINE},
    {"both expired", two_expired, "policy-cert-expired:high", BROKEN},
    {"522", origin_times_out, "policy-proxy-error:high", BROKEN},
    {"522 of another", status_522_of_another, "policy-server-error:high", BROKEN},
    {"1014", cname_of_another_account, "policy-proxy-error:high", BROKEN},
    {"1101", worker_fails, "policy-proxy-error:high", BROKEN},
    {"Cloudflare 404", cloudflare_404, "policy-not-found:high", BROKEN},
    {"Cloudflare 502", cloudflare_502, "policy-server-error:high", BROKEN},
    {"challenge", challenge, "policy-bot-challenge:high", BROKEN},
    {"challenge, 200", challenge_with_200, "policy-bot-challenge:high", BROKEN},
    {"captcha", captcha, "policy-bot-challenge:high", BROKEN},
    {"contact page", contact_page, "policy-not-found:high", BROKEN},
    {"bad twice", bad_twice, "policy-cert-expired:high policy-max-age-invalid:high", BROKEN},
};

static void test_cases(void **state)
{
    (void)state;
    RUN_CASES(cases);
}

/* --warn-days moves the line, and a third of the lifetime stays above it. */
static void test_days_to_warn_of(void **state)
{
    static const struct {
        int64_t life, left, warn;
        bool warned;
        const char *says; /* a place of the sentence; NULL: none is there */
    } rows[] = {
        {90, 20, 0, false, NULL},  {90, 20, 21, true, "{renewal_due}"},
        {90, 30, 60, false, NULL}, {365, 20, 30, true, "{days|"},
        {365, 10, 7, false, NULL}, {6, 1, 1, false, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct facts *f = healthy(ctx);
        struct diagnosis *d = NULL;

        lives(f, rows[i].life, rows[i].left);
        assert_int_equal(
            diagnose_by(ctx, f, &(struct judging){.now = NOW, .warn_days = rows[i].warn}, &d),
            STS_OK);
        assert_int_equal(d->finding_count, rows[i].warned);
        if (rows[i].warned)
            assert_non_null(strstr(d->findings[0].detail, rows[i].says));
        talloc_free(ctx);
    }
}

/* Which store it is, and what it says, decides the sentence and the steps. */
static void test_stores_are_named(void **state)
{
    static const struct {
        void (*change)(struct facts *f);
        const char *store, *error, *own; /* own NULL: none is named */
    } rows[] = {
        {s3_403, "Amazon S3", "AccessDenied", "amazon"},
        {s3_bucket, "Amazon S3", "NoSuchBucket", "amazon"},
        {gcs_404, "Google Cloud Storage", "NoSuchKey", "google"},
        {azure_404, "Azure Blob Storage", "BlobNotFound", "azure"},
        {other_400, NULL, NULL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct facts *f = healthy(ctx);
        struct diagnosis *d = NULL;

        rows[i].change(f);
        assert_int_equal(diagnose(ctx, f, NOW, &d), STS_OK);
        assert_int_equal(d->finding_count, 1);
        if (rows[i].own) {
            assert_string_equal(finding_value(&d->findings[0], "store"), rows[i].store);
            assert_string_equal(finding_value(&d->findings[0], "store_error"), rows[i].error);
            assert_string_equal(finding_value(&d->findings[0], rows[i].own), rows[i].store);
            assert_non_null(strstr(d->findings[0].detail, "{store}"));
        } else {
            assert_null(finding_value(&d->findings[0], "store"));
        }
        talloc_free(ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases),
                                       cmocka_unit_test(test_days_to_warn_of),
                                       cmocka_unit_test(test_stores_are_named)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
