/* SPDX-License-Identifier: MIT */
/* test_domain.c - facts for tests: a healthy domain, and small changes to it. */
#include "facts/test_domain.h"

#include <stdarg.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

#define V4    "198.18.2.1"
#define MX_V4 "198.18.2.25"

/* ---- DNS ------------------------------------------------------------------------------------- */

struct bytes text_bytes(const char *text)
{
    return (struct bytes){text, strlen(text)};
}

struct dns_answer *answer(struct facts *f, const char *name, enum dns_type type,
                          enum dns_outcome outcome)
{
    struct dns_answer *made = talloc_zero(f, struct dns_answer);

    assert_non_null(made);
    *made = (struct dns_answer){.name = name,
                                .type = type,
                                .outcome = outcome,
                                .security = DNS_SECURITY_INSECURE,
                                .ttl = 3600,
                                .negative_ttl = -1};
    return made;
}

static struct dns_record *add_record(struct facts *f, struct dns_answer *to)
{
    to->records = talloc_realloc(f, to->records, struct dns_record, to->record_count + 1);
    assert_non_null(to->records);
    memset(&to->records[to->record_count], 0, sizeof(*to->records));
    return &to->records[to->record_count++];
}

struct dns_answer *txt(struct facts *f, const char *name, ...)
{
    struct dns_answer *made = answer(f, name, DNS_TXT, DNS_OUTCOME_FOUND);
    const char *text;
    va_list ap;

    va_start(ap, name);
    while ((text = va_arg(ap, const char *)))
        add_record(f, made)->text = text_bytes(text);
    va_end(ap);
    return made;
}

struct dns_answer *address(struct facts *f, const char *name, const char *at)
{
    enum dns_type type = strchr(at, ':') ? DNS_AAAA : DNS_A;
    struct dns_answer *made = answer(f, name, type, DNS_OUTCOME_FOUND);

    add_record(f, made)->address = at;
    return made;
}

void add_cname(struct facts *f, struct dns_answer *to, const char *target)
{
    to->cnames = talloc_realloc(f, to->cnames, const char *, to->cname_count + 1);
    assert_non_null(to->cnames);
    to->cnames[to->cname_count++] = target;
}

/* ---- TLS ------------------------------------------------------------------------------------- */

void set_names(struct facts *f, struct tls_session *tls, ...)
{
    struct certificate *cert = leaf(tls);
    const char *name;
    va_list ap;

    cert->dns_names = talloc_array(f, const char *, 16);
    assert_non_null(cert->dns_names);
    cert->dns_name_count = 0;
    va_start(ap, tls);
    while ((name = va_arg(ap, const char *)))
        cert->dns_names[cert->dns_name_count++] = name;
    va_end(ap);
    cert->dns_names_total = (int64_t)cert->dns_name_count;
}

struct certificate *leaf(struct tls_session *tls)
{
    return &tls->chain[0];
}

struct tls_session *tls_new(struct facts *f, const char *host)
{
    struct tls_session *tls = talloc_zero(f, struct tls_session);

    assert_non_null(tls);
    *tls = (struct tls_session){.outcome = TLS_OK,
                                .sni = host,
                                .version = "TLSv1.3",
                                .chain_count = 2,
                                .chain_total = 2,
                                .trust = CHAIN_TRUSTED};
    tls->chain = talloc_zero_array(f, struct certificate, 2);
    assert_non_null(tls->chain);
    tls->chain[0] = (struct certificate){.subject = "CN=leaf",
                                         .issuer = "CN=Lab Intermediate",
                                         .common_name = "leaf",
                                         .not_before = NOW - 30 * DAY,
                                         .not_after = NOW + 60 * DAY,
                                         .sha256 = "00"};
    tls->chain[1] = (struct certificate){.subject = "CN=Lab Intermediate",
                                         .issuer = "CN=Lab Root",
                                         .not_before = NOW - 300 * DAY,
                                         .not_after = NOW + 900 * DAY};
    set_names(f, tls, host, NULL);
    return tls;
}

/* ---- policy host ----------------------------------------------------------------------------- */

struct https_fetch *fetch(struct facts *f)
{
    return &f->policy_host.fetches[0];
}

struct https_fetch *add_fetch(struct facts *f, const char *at)
{
    struct policy_host *host = &f->policy_host;
    struct https_fetch *made;

    host->fetches = talloc_realloc(f, host->fetches, struct https_fetch, host->fetch_count + 1);
    assert_non_null(host->fetches);
    made = &host->fetches[host->fetch_count++];
    *made = (struct https_fetch){.address = at,
                                 .port = 443,
                                 .outcome = NET_OK,
                                 .phase = PHASE_DONE,
                                 .tls = tls_new(f, host->name),
                                 .status = 200,
                                 .media_type = "text/plain",
                                 .content_length = -1,
                                 .body = text_bytes(POLICY)};
    return made;
}

void fetch_stops(struct https_fetch *stopped, enum net_outcome outcome, enum net_phase phase)
{
    stopped->outcome = outcome;
    stopped->phase = phase;
    stopped->status = 0;
    stopped->media_type = NULL;
    stopped->body = (struct bytes){0};
    if (phase <= PHASE_TLS)
        stopped->tls = NULL;
}

void set_policy(struct facts *f, const char *body)
{
    for (size_t i = 0; i < f->policy_host.fetch_count; i++)
        f->policy_host.fetches[i].body = text_bytes(body);
}

/* ---- MX -------------------------------------------------------------------------------------- */

struct smtp_session *add_session(struct facts *f, struct mx_host *host, const char *at)
{
    struct smtp_session *made;

    host->sessions =
        talloc_realloc(f, host->sessions, struct smtp_session, host->session_count + 1);
    assert_non_null(host->sessions);
    made = &host->sessions[host->session_count++];
    *made = (struct smtp_session){.address = at,
                                  .port = 25,
                                  .outcome = NET_OK,
                                  .phase = PHASE_DONE,
                                  .greeting_code = 220,
                                  .greeting = text_bytes("mail ESMTP"),
                                  .ehlo_code = 250,
                                  .starttls_offered = true,
                                  .starttls_code = 220,
                                  .starttls = text_bytes("go ahead"),
                                  .tls = tls_new(f, host->name)};
    return made;
}

void session_stops(struct smtp_session *stopped, enum net_outcome outcome, enum net_phase phase)
{
    stopped->outcome = outcome;
    stopped->phase = phase;
    stopped->tls = NULL;
    if (phase <= PHASE_STARTTLS)
        stopped->starttls_code = 0;
    if (phase <= PHASE_EHLO) {
        stopped->ehlo_code = 0;
        stopped->starttls_offered = false;
    }
    if (phase <= PHASE_GREETING)
        stopped->greeting_code = 0;
}

void session_is_plain(struct smtp_session *plain)
{
    session_stops(plain, NET_OK, PHASE_QUIT);
    plain->starttls_offered = false;
    plain->starttls_code = 0;
}

void session_has_no_handshake(struct smtp_session *closed)
{
    struct tls_session *tls = closed->tls;

    session_stops(closed, NET_CLOSED, PHASE_TLS);
    tls->outcome = TLS_CLOSED;
    tls->chain_count = 0;
    closed->tls = tls;
}

struct mx_host *add_mx(struct facts *f, const char *name, const char *at)
{
    struct dns_record *record = add_record(f, f->mx_answer);
    struct mx_host *made;

    *record = (struct dns_record){.host = name, .preference = 10};
    f->mx = talloc_realloc(f, f->mx, struct mx_host, f->mx_count + 1);
    assert_non_null(f->mx);
    made = &f->mx[f->mx_count++];
    *made = (struct mx_host){.name = name, .preference = 10, .a = address(f, name, at)};
    made->aaaa = answer(f, name, DNS_AAAA, DNS_OUTCOME_NODATA);
    add_session(f, made, at);
    return made;
}

struct smtp_session *session(struct facts *f)
{
    return &f->mx[0].sessions[0];
}

/* ---- the healthy domain ---------------------------------------------------------------------- */

/* Where the addresses of these facts mean something: in a laboratory. */
static const char *resolvers[] = {"198.18.0.53"};

struct facts *healthy(TALLOC_CTX *ctx)
{
    struct facts *f = talloc_zero(ctx, struct facts);

    assert_non_null(f);
    f->domain = f->domain_given = "example.com";
    f->observed_at = NOW;
    f->observer = (struct observer){
        .resolvers = resolvers, .resolver_count = 1, .https_port = 443, .smtp_port = 25};
    f->sts_txt = txt(f, "_mta-sts.example.com", RECORD, NULL);
    f->tlsrpt_txt = txt(f, "_smtp._tls.example.com", TLSRPT, NULL);
    f->policy_host.name = "mta-sts.example.com";
    f->policy_host.a = address(f, "mta-sts.example.com", V4);
    f->policy_host.aaaa = answer(f, "mta-sts.example.com", DNS_AAAA, DNS_OUTCOME_NODATA);
    add_fetch(f, V4);
    f->mx_answer = answer(f, "example.com", DNS_MX, DNS_OUTCOME_FOUND);
    add_mx(f, "mx1.example.com", MX_V4);
    return f;
}
