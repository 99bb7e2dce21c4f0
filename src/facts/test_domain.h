/* SPDX-License-Identifier: MIT */
/* test_domain.h - facts for tests: a healthy domain, and small changes to it.
 *
 * example.com, mode enforce, one MX host with one address.  Memory belongs to the facts. */
#ifndef FACTS_TEST_DOMAIN_H
#define FACTS_TEST_DOMAIN_H

#include <talloc.h>

#include "facts/facts.h"

#define NOW ((int64_t)1795446000) /* 2026-11-23T15:00:00Z */
#define DAY ((int64_t)86400)

#define RECORD "v=STSv1; id=20261101000000;"
#define POLICY "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 2592000\n"
#define TLSRPT "v=TLSRPTv1; rua=mailto:tls@example.com"

struct facts *healthy(TALLOC_CTX *ctx);

struct bytes text_bytes(const char *text);
struct dns_answer *answer(struct facts *f, const char *name, enum dns_type type,
                          enum dns_outcome outcome);
/* A TXT answer with the texts up to NULL. */
struct dns_answer *txt(struct facts *f, const char *name, ...);
struct dns_answer *address(struct facts *f, const char *name, const char *address);
void add_cname(struct facts *f, struct dns_answer *to, const char *target);

void set_policy(struct facts *f, const char *body);
/* A further address of the policy host, with a healthy fetch. */
struct https_fetch *add_fetch(struct facts *f, const char *at);
struct https_fetch *fetch(struct facts *f); /* the first */
/* The fetch ends before a connection, in TLS, ... */
void fetch_stops(struct https_fetch *fetch, enum net_outcome outcome, enum net_phase phase);

struct mx_host *add_mx(struct facts *f, const char *name, const char *at);
struct smtp_session *add_session(struct facts *f, struct mx_host *host, const char *at);
struct smtp_session *session(struct facts *f); /* the first of the first */
void session_stops(struct smtp_session *session, enum net_outcome outcome, enum net_phase phase);
void session_is_plain(struct smtp_session *session);         /* STARTTLS is not offered */
void session_has_no_handshake(struct smtp_session *session); /* it is closed meanwhile */

struct tls_session *tls_new(struct facts *f, const char *host);
struct certificate *leaf(struct tls_session *tls);
/* Its SAN, up to NULL. */
void set_names(struct facts *f, struct tls_session *tls, ...);

#endif
