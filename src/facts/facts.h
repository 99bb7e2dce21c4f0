/* SPDX-License-Identifier: MIT */
/* facts.h - what was observed of one domain, when and from where.
 *
 * Plain data, no judgement.  Probes (net/) fill it in, rules (rules/) read it; facts_json.h writes
 * and reads it.  A diagnosis is a function of these facts and a time, so whatever a rule needs
 * must stand here.
 *
 * Host names are lower-case A-labels without a final dot.  Times are seconds since 1970 (UTC);
 * durations are milliseconds and end in _ms.  NULL means: not asked, or not there.  A text from a
 * peer is struct bytes where any byte may occur, else it was made printable by the probe (text.h).
 * All memory belongs to the talloc context of struct facts.
 */
#ifndef FACTS_FACTS_H
#define FACTS_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

#define FACTS_FORMAT "mtasts.facts/1"

/* ---- DNS ------------------------------------------------------------------------------------- */

/* X(symbol, name in JSON) */
#define DNS_TYPES(X)                                                                               \
    X(A, "A")                                                                                      \
    X(AAAA, "AAAA")                                                                                \
    X(CNAME, "CNAME")                                                                              \
    X(MX, "MX")                                                                                    \
    X(NS, "NS")                                                                                    \
    X(SOA, "SOA")                                                                                  \
    X(TXT, "TXT")                                                                                  \
    X(TLSA, "TLSA")                                                                                \
    X(CAA, "CAA")                                                                                  \
    X(PTR, "PTR")

#define DNS_OUTCOMES(X)                                                                            \
    X(UNKNOWN, "unknown")   /* no answer before the check's own deadline, or it was stopped */     \
    X(FOUND, "found")       /* at least one record of the type */                                  \
    X(NODATA, "nodata")     /* the name exists, without that type */                               \
    X(NXDOMAIN, "nxdomain") /* with cnames: the last target does not exist */                      \
    X(FAILED, "failed")     /* rcode tells: SERVFAIL, REFUSED ... */                               \
    X(TIMEOUT, "timeout")   /* the resolver did not answer */

#define DNS_SECURITIES(X)                                                                          \
    X(UNCHECKED, "unchecked") /* no trust anchor was known */                                      \
    X(INSECURE, "insecure")                                                                        \
    X(SECURE, "secure")                                                                            \
    X(BOGUS, "bogus")

enum dns_type {
#define X(symbol, name) DNS_##symbol,
    DNS_TYPES(X)
#undef X
};
enum dns_outcome {
#define X(symbol, name) DNS_OUTCOME_##symbol,
    DNS_OUTCOMES(X)
#undef X
};
enum dns_security {
#define X(symbol, name) DNS_SECURITY_##symbol,
    DNS_SECURITIES(X)
#undef X
};

struct dns_record {
    struct bytes text;   /* TXT: the strings joined; CAA: the value */
    int64_t strings;     /* TXT: how many character-strings it was */
    const char *host;    /* MX, NS, CNAME, PTR: the target ("." for the null MX); SOA: mname */
    const char *address; /* A, AAAA */
    int64_t preference;  /* MX */
    int64_t serial;      /* SOA */
    int64_t minimum;     /* SOA */
    int64_t usage, selector, matching; /* TLSA */
    struct bytes data;                 /* TLSA: lower-case hexadecimal */
    int64_t flags;                     /* CAA */
    const char *tag;                   /* CAA, lower case */
};

struct dns_answer {
    const char *name; /* what was asked */
    enum dns_type type;
    enum dns_outcome outcome;
    enum dns_security security;
    const char *rcode;     /* "SERVFAIL", "REFUSED" ...; NULL if NOERROR or unknown */
    const char *why_bogus; /* the validator's sentence */
    /* Where an answer of the configured resolver is bogus or holds nothing but addresses that lead
     * nowhere, the root servers are asked too: */
    const char *resolver_bogus;  /* theirs is good, and stands here; why the other was bogus */
    const char *resolver_blocks; /* likewise; the address that the resolver gave */
    bool bogus_unconfirmed;      /* they could not be asked: only the resolver says so */
    const char **cnames;         /* the targets followed, in order */
    size_t cname_count;
    struct dns_record *records;
    size_t record_count;
    bool truncated;       /* more records than the ceiling; the rest was dropped */
    int64_t ttl;          /* seconds, the smallest along the chain; -1 unknown */
    int64_t negative_ttl; /* seconds a resolver may keep "does not exist"; -1 unknown */
    int64_t elapsed_ms;
};

/* ---- certificates and TLS -------------------------------------------------------------------- */

/* Does the presented chain lead to a trusted root, dates and names left aside? */
#define CHAIN_TRUSTS(X)                                                                            \
    X(UNKNOWN, "unknown") /* no certificate was presented */                                       \
    X(TRUSTED, "trusted")                                                                          \
    X(SELF_SIGNED, "self-signed")       /* the leaf signs itself and is no trusted root */         \
    X(UNTRUSTED_ROOT, "untrusted-root") /* complete, to a root that is not in the store; or the    \
                                           issuer of a presented intermediate is unknown */        \
    X(INCOMPLETE, "incomplete")         /* the issuer of the leaf was not sent */                  \
    X(REJECTED, "rejected")             /* weak key or digest ...: `trust_error` */                \
    X(WRONG_PURPOSE, "wrong-purpose")   /* of the certificates in the path one may not be used     \
                                           for a TLS server; "rejected" in older facts */

enum chain_trust {
#define X(symbol, name) CHAIN_##symbol,
    CHAIN_TRUSTS(X)
#undef X
};

struct certificate {
    const char *subject; /* one line, RFC 2253 order */
    const char *issuer;
    const char *common_name; /* the last CN of the subject; NULL: none */
    const char **dns_names;  /* SAN dNSName as sent, printable; those that cover the host first */
    size_t dns_name_count;
    int64_t dns_names_total; /* more than kept where the ceiling was reached */
    const char **addresses;  /* SAN iPAddress */
    size_t address_count;
    int64_t not_before, not_after;
    const char *key;         /* "EC prime256v1", "RSA 2048" */
    const char *signature;   /* "ecdsa-with-SHA256" */
    const char *serial;      /* hexadecimal */
    const char *sha256;      /* of the certificate, hexadecimal */
    const char *spki_sha256; /* of its public key, hexadecimal: what TLSA 3 1 1 holds */
    bool self_signed;
    bool in_path; /* of the chain that was built from what was sent and what is trusted; the
                     others are surplus */
    const char *ca_issuers; /* http URL of the issuer's certificate; NULL: none */
    const char **purposes;  /* extended key usage, "serverAuth", or the OID; none: any purpose */
    size_t purpose_count;
    bool must_staple; /* RFC 7633: valid only with a stapled OCSP response */
    struct bytes der; /* base64 in JSON */
};

#define TLS_OUTCOMES(X)                                                                            \
    X(UNKNOWN, "unknown")                                                                          \
    X(OK, "ok")         /* the handshake finished; says nothing of the certificate */              \
    X(FAILED, "failed") /* `error` and `alert` tell */                                             \
    X(TIMEOUT, "timeout")                                                                          \
    X(CLOSED, "closed") /* end of file or reset in the handshake */

/* Does a TLSA record (RFC 6698) fit the presented chain, and for usage 2 the leaf the name of the
 * host, dates left aside? */
#define TLSA_RESULTS(X)                                                                            \
    X(UNKNOWN, "unknown") /* no chain was seen */                                                  \
    X(MATCH, "match")                                                                              \
    X(MISMATCH, "mismatch")                                                                        \
    X(UNUSABLE, "unusable") /* usage 0 or 1, an unknown parameter, a digest of wrong length        \
                               (RFC 7672 section 3.1) */

enum tlsa_result {
#define X(symbol, name) TLSA_##symbol,
    TLSA_RESULTS(X)
#undef X
};

struct tlsa_match {
    int64_t usage, selector, matching;
    struct bytes data; /* lower-case hexadecimal */
    enum tlsa_result result;
    int64_t position;   /* of the presented certificate that it describes, from 1 (the leaf); 0: of
                           none */
    const char *unsent; /* subject of the CA certificate that it describes, which the store has and
                           the server did not send; NULL: none */
    bool path; /* usage 2: the leaf leads to what it describes, names and dates left aside */
    const char *path_error;          /* why it does not, though that was sent; the library's */
    int64_t valid_from, valid_until; /* of all certificates on that path; 0: there is none */
};

/* All records of the host tried together, as senders do: of one usage and selector only the
 * strongest digest counts (RFC 7671 section 9), and the first certificate that one of them
 * describes ends the path. */
struct tlsa_set {
    int64_t decider; /* the record that matches, from 1, names and dates left aside; 0: none */
    int64_t valid_from, valid_until; /* usage 2: of all certificates on the path to it */
};

enum tls_outcome {
#define X(symbol, name) TLS_##symbol,
    TLS_OUTCOMES(X)
#undef X
};

struct tls_session {
    enum tls_outcome outcome;
    const char *sni;
    const char *version; /* "TLSv1.3" */
    const char *cipher;
    const char *error;          /* the library's sentence */
    const char *alert;          /* the alert the peer sent: "handshake failure" */
    int64_t alert_number;       /* RFC 8446 section 6; 0: none, or older facts */
    bool certificate_requested; /* the peer asked for a certificate of ours */
    bool stapled;               /* an OCSP response came with the chain */
    const char *weakness; /* why a default sender (TLS 1.2, security level of Debian) refuses what
                            we, looking with open eyes, accepted; NULL: it does not.  Names the
                            version only where nothing newer than TLS 1.1 is offered. */
    struct certificate *chain; /* as presented, the leaf first */
    size_t chain_count;
    int64_t chain_total; /* more than kept where the ceiling was reached */
    enum chain_trust trust;
    const char *trust_error;        /* the library's sentence, NULL if trusted */
    const char *anchor;             /* subject of the trusted root; NULL: none was reached */
    int64_t anchor_not_after;       /* 0: none */
    const char *missing_issuer;     /* subject of the certificate nobody sent */
    const char *missing_issuer_url; /* where it may be fetched (caIssuers) */
    bool chain_disordered;          /* surplus or out of order; harmless to most */
    struct tlsa_match *tlsa; /* each record of the MX host's tlsa_base, tried on this chain */
    size_t tlsa_count;
    struct tlsa_set *tlsa_set; /* NULL: not tried together */
};

/* ---- connections ----------------------------------------------------------------------------- */

#define NET_OUTCOMES(X)                                                                            \
    X(UNKNOWN, "unknown")   /* the check's deadline, or it was stopped */                          \
    X(WITHHELD, "withheld") /* not connected to: no public address (base/special_address.h) */     \
    X(OK, "ok")             /* the protocol ran to its end */                                      \
    X(REFUSED, "refused")                                                                          \
    X(NO_ROUTE, "no-route") /* of this machine: it says little about the peer */                   \
    X(TIMEOUT, "timeout")   /* `phase` tells where */                                              \
    X(RESET, "reset")                                                                              \
    X(CLOSED, "closed") /* end of file where more was due */                                       \
    X(TLS, "tls-failed")                                                                           \
    X(PROTOCOL, "protocol") /* not the protocol's language; `error` tells */                       \
    X(LIMIT, "limit")       /* one of our ceilings was reached; `error` tells which */             \
    X(FAILED, "failed")     /* anything else; `error` tells */

enum net_outcome {
#define X(symbol, name) NET_##symbol,
    NET_OUTCOMES(X)
#undef X
};

#define NET_PHASES(X)                                                                              \
    X(NONE, "none")                                                                                \
    X(PROXY, "proxy") /* to our own network's proxy, and its answer to CONNECT */                  \
    X(CONNECT, "connect")                                                                          \
    X(GREETING, "greeting")                                                                        \
    X(EHLO, "ehlo")                                                                                \
    X(STARTTLS, "starttls")                                                                        \
    X(TLS, "tls")                                                                                  \
    X(EHLO2, "ehlo-after-tls")                                                                     \
    X(QUIT, "quit")                                                                                \
    X(REQUEST, "request")                                                                          \
    X(HEAD, "head")                                                                                \
    X(BODY, "body")                                                                                \
    X(DONE, "done")

enum net_phase {
#define X(symbol, name) PHASE_##symbol,
    NET_PHASES(X)
#undef X
};

/* A further handshake with a peer whose first one went well, and what was offered then. */
struct tls_again {
    bool large_hello;   /* a ClientHello as large as one with a hybrid key exchange (ML-KEM) */
    bool no_sni;        /* no host was named; with MX hosts only */
    const char *keys;   /* "RSA", "ECDSA": no certificate with another key was taken; NULL: any */
    const char *newest; /* "TLSv1.2": nothing newer was offered; NULL: all */
    enum net_outcome outcome;
    enum net_phase phase;
    struct tls_session *tls; /* NULL: it did not come so far */
};

struct http_header {
    const char *name; /* lower case */
    struct bytes value;
};

/* One GET of the policy from one address of the policy host; or one through a proxy, which was told
 * the host's name, so that `address` is only the first one known here.  Also one OPTIONS of an
 * endpoint for reports, without the body. */
struct https_fetch {
    const char *address;
    const char *proxy;    /* "proxy.example:3128"; NULL: none */
    int64_t proxy_status; /* its answer to CONNECT; 0: none */
    int64_t port;
    enum net_outcome outcome;
    enum net_phase phase; /* the last one begun */
    const char *error;
    struct tls_session *tls;
    int64_t status; /* 0: none */
    struct http_header *headers;
    size_t header_count;
    const char *media_type; /* of Content-Type, lower case, without parameters; NULL: none sent */
    struct bytes location;
    int64_t content_length;  /* as declared; -1: not */
    struct bytes body;       /* at most 64 KiB */
    bool too_large;          /* reading stopped at the ceiling */
    bool truncated;          /* the connection ended before Content-Length or the last chunk */
    struct tls_again *again; /* not in a scan, nor at every address */
    size_t again_count;
    int64_t connect_ms, tls_ms, first_byte_ms, total_ms; /* since the start; -1: not reached */
};

struct smtp_line {
    bool sent;         /* by us */
    struct bytes text; /* without its line end; cut at a ceiling */
};

/* One session with one address of one MX host: greeting, EHLO, STARTTLS, EHLO, QUIT. */
struct smtp_session {
    const char *address;
    int64_t port;
    enum net_outcome outcome;
    enum net_phase phase;
    const char *error;
    int64_t greeting_code; /* 0: none */
    struct bytes greeting;
    int64_t ehlo_code;
    struct bytes ehlo;         /* the reply's last text where it was refused */
    int64_t helo_code;         /* then HELO was tried; 0: not, or not answered */
    const char **capabilities; /* EHLO keywords with their parameters, printable, before TLS */
    size_t capability_count;
    bool starttls_offered;
    int64_t starttls_code; /* 0: not sent or not answered */
    struct bytes starttls;
    int64_t injected; /* bytes that came in the clear behind the 220 to STARTTLS */
    struct tls_session *tls;
    int64_t tls_ehlo_code;   /* the reply to EHLO after TLS; 0: none */
    struct bytes tls_ehlo;   /* its last text where it was refused */
    struct tls_again *again; /* as in struct https_fetch */
    size_t again_count;
    struct tls_again *by_base; /* with the TLSA base domain as SNI, where that is another name than
                                  the host's; NULL: not made */
    const char **tls_capabilities; /* after TLS */
    size_t tls_capability_count;
    struct smtp_line *lines; /* the transcript, bounded */
    size_t line_count;
    int64_t connect_ms, greeting_ms, tls_ms, total_ms;
};

/* ---- the domain ------------------------------------------------------------------------------ */

/* Where else the policy is, asked only where it is not at its place (404, 410). */
struct elsewhere {
    const char *url;
    int64_t status; /* 0: no answer */
    bool is_policy; /* the body is a policy */
};

struct policy_host {
    const char *name; /* mta-sts.<domain> */
    struct dns_answer *a;
    struct dns_answer *aaaa;
    struct https_fetch *fetches; /* one for each address asked, A first */
    size_t fetch_count;
    bool addresses_omitted; /* more addresses than the ceiling */
    struct elsewhere *elsewhere;
    size_t elsewhere_count;
    /* CAA, asked where a trusted chain names the host: of the host (of its parent where the
     * certificate is a wildcard's), then upwards until there are records (RFC 8659 section 3). This
     * is the last answer.  NULL: not asked; a scan does not. */
    struct dns_answer *caa;
};

struct mx_host {
    const char *name; /* the exchange; the domain itself where no MX exists */
    int64_t preference;
    bool is_address; /* an IP literal where a name belongs; not contacted */
    struct dns_answer *a;
    struct dns_answer *aaaa;
    struct dns_answer *alias;       /* CNAME of the name, asked where an address behind an alias is
                                       not signed: the alias itself may be */
    struct dns_answer *tlsa;        /* of _25._tcp.<name> */
    struct dns_answer *tlsa_target; /* of _25._tcp.<last target of the alias>, asked where the way
                                       there is signed */
    const char *tlsa_base;          /* the host whose TLSA records were tried on the chains: the
                                       target's where it has signed ones; NULL: none were */
    struct smtp_session *sessions;
    size_t session_count;
    bool addresses_omitted;
    struct dns_answer *caa; /* as in struct policy_host */
};

/* A TCP connection to port 25 of somebody else's MX, made only where none of the domain's answers:
 * it tells a network that blocks the port from a dead MX. */
struct port25_control {
    const char *host;
    const char *address;
    enum net_outcome outcome;
};

/* What one authoritative server of the domain says by itself, asked directly. */
struct authority {
    const char *server; /* the NS record's target */
    const char *address;
    bool authoritative;         /* the AA bit of the answer to `sts_txt` */
    struct dns_answer *sts_txt; /* TXT _mta-sts.<domain> */
    struct dns_answer *soa;
    /* Where there are several servers, what else it says with authority: MX, A and AAAA of the
     * policy host, TXT _smtp._tls, TLSA of MX hosts in the zone.  Of a scan only where the above
     * differ. */
    struct dns_answer *answers;
    size_t answer_count;
};

/* One reporting URI of the TLSRPT record, and whether its host can be reached at all. */
struct rua_target {
    const char *uri;
    const char *host;      /* the mail domain, or the https host */
    struct dns_answer *mx; /* of a mailto: */
    struct dns_answer *a;
    struct dns_answer *aaaa;
    /* An OPTIONS of an https: URI, at one address after the other until one answers.  None where
     * the same URI was asked before, and in a scan. */
    struct https_fetch *fetches;
    size_t fetch_count;
};

/* ---- the observer's own place ---------------------------------------------------------------- */

/* What can be seen from where we look.  What cannot says nothing of any domain. */
#define VANTAGE_POINTS(X)                                                                          \
    X(RESOLVER, "resolver") /* does the resolver answer?  detail: which */                         \
    X(DNSSEC, "dnssec")     /* do its answers hold against the trust anchor?  detail: why not */   \
    X(IPV4, "ipv4")         /* is there a route? */                                                \
    X(IPV6, "ipv6")                                                                                \
    X(PORT25, "port-25") /* of others */                                                           \
    X(PORT443, "port-443")                                                                         \
    X(TLS, "tls")         /* does nobody stand between?  detail: the issuer of who does */         \
    X(CLOCK, "clock")     /* of this machine; see `clock_offset` */                                \
    X(NETWORK, "network") /* is there any? */

#define VANTAGE_STATES(X)                                                                          \
    X(UNKNOWN, "unknown") /* not looked at, or the look came to nothing */                         \
    X(OK, "ok")                                                                                    \
    X(CLOSED, "closed") /* it is not there, or does not pass */                                    \
    X(WRONG, "wrong")   /* it is there, and not as it should be */

enum vantage_name {
#define X(symbol, name) VANTAGE_##symbol,
    VANTAGE_POINTS(X)
#undef X
        VANTAGE_COUNT
};
enum vantage_state {
#define X(symbol, name) VANTAGE_STATE_##symbol,
    VANTAGE_STATES(X)
#undef X
        VANTAGE_STATE_COUNT
};

struct vantage_point {
    enum vantage_name name;
    enum vantage_state state;
    const char *detail; /* data, no sentence; NULL: none */
};

struct vantage {
    struct vantage_point *points; /* one of a name; those not listed are unknown */
    size_t point_count;
    bool clock_known;
    int64_t clock_offset; /* seconds to add to this machine's clock */
};

struct observer {
    const char *version;    /* of mtasts */
    const char **resolvers; /* "192.0.2.1", "192.0.2.1@5353"; "none" = own recursion */
    size_t resolver_count;
    bool resolvers_given;     /* by --resolver; else they are the system's */
    const char *trust_anchor; /* file; NULL: DNSSEC not validated */
    const char *ca_file;      /* NULL: the system's store */
    const char *helo;
    int64_t https_port, smtp_port;
    int64_t timeout_ms;
    bool no_smtp;
    bool ipv4, ipv6;    /* which families were asked for */
    bool public_only;   /* nothing was connected to at special addresses, private ones included */
    bool allow_private; /* a person says that such addresses are as good as public ones here */
    const char **left_out; /* what is looked at else and was not: "caa" ... */
    size_t left_out_count;
};

struct facts {
    const char *domain;       /* A-labels */
    const char *domain_given; /* as the person wrote it, printable */
    int64_t observed_at;
    int64_t elapsed_ms;
    bool deadline_reached; /* something below is unknown because time ran out */
    bool budget_reached;   /* ... or because its servers took too much processor time of ours */
    bool interrupted;      /* ... or because the person stopped it */
    const char *shortage; /* "memory", "files" or "ports" of our own ran out, or our "clock" jumped,
                             so that nothing below says anything; NULL: none did */
    struct observer observer;
    struct vantage *vantage;       /* NULL: not looked at */
    struct dns_answer *sts_txt;    /* TXT _mta-sts.<domain> */
    struct dns_answer *sts_strays; /* TXT where a misplaced record could stand: the apex, mta-sts.,
                                      _mta_sts., _smtp-sts., _mta-sts.<domain>.<domain> */
    size_t sts_stray_count;
    struct dns_answer *domain_soa;   /* SOA of the domain: negative TTL, serial */
    struct dns_answer *wildcard_txt; /* TXT of a name below the domain that nobody uses; asked where
                                        _mta-sts has TXT records and none is ours */
    struct dns_answer *ns; /* NS of the zone, and what each server says; NULL: not asked */
    struct authority *authorities;
    size_t authority_count;
    struct policy_host policy_host;
    struct dns_answer *mx_answer;   /* MX <domain> */
    struct dns_answer *domain_tlsa; /* TLSA _25._tcp.<domain>, where that is no MX host and the MX
                                       records are signed */
    struct mx_host *mx;             /* by preference, then name */
    size_t mx_count;
    struct dns_answer *mx_meant; /* A (or AAAA) of the first host that the policy names outright;
                                    asked where the domain has no MX record */
    bool mx_omitted;             /* more MX hosts than the ceiling */
    struct dns_answer *pattern_soas; /* SOA of the registered domains of patterns that
 match no MX */
    size_t pattern_soa_count;
    struct port25_control *port25_controls;
    size_t port25_control_count;
    struct dns_answer *tlsrpt_txt;    /* TXT _smtp._tls.<domain> */
    struct dns_answer *tlsrpt_strays; /* _tls., _smtp-tlsrpt., _smtp._tls.<domain>.<domain>; the
                                         apex is among sts_strays or here */
    size_t tlsrpt_stray_count;
    struct rua_target *rua_targets;
    size_t rua_target_count;
};

const char *dns_type_name(enum dns_type value);
const char *dns_outcome_name(enum dns_outcome value);
const char *dns_security_name(enum dns_security value);
const char *chain_trust_name(enum chain_trust value);
const char *tls_outcome_name(enum tls_outcome value);
const char *tlsa_result_name(enum tlsa_result value);
const char *net_outcome_name(enum net_outcome value);
const char *net_phase_name(enum net_phase value);
const char *vantage_point_name(enum vantage_name value);
const char *vantage_state_name(enum vantage_state value);

/* What `facts` know of a point, without regard to -4, -6 and the like; UNKNOWN where nothing is. */
enum vantage_state vantage_state(const struct facts *facts, enum vantage_name name);
/* NULL: none. */
const char *vantage_detail(const struct facts *facts, enum vantage_name name);

#endif
