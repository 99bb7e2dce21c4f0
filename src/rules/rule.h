/* SPDX-License-Identifier: MIT */
/* rule.h - what a rule works with: the facts, what they publish, and where findings go; private
 * to rules/.
 *
 * A rule is a function of struct rules; it reads and calls finding_add().  No rule fails: memory
 * that ran out is remembered in the context and diagnose() reports it once.
 *
 * PARAMETERS, the places a sentence or a command of knowledge/ may use.  Values are raw text.
 *
 *  every finding of a check of a domain (those with a "?" only where known; lint has none of these)
 *   domain          example.com
 *   policy_host     mta-sts.example.com
 *   policy_url      https://mta-sts.example.com/.well-known/mta-sts.txt (":PORT" where not 443)
 *   record_name     _mta-sts.example.com
 *   tlsrpt_name     _smtp._tls.example.com
 *   https_port      443
 *   smtp_port       25
 *   new_id          20261123150000: an id never used before, from the time of judging
 *   emergency_id?   the same, where senders enforce the policy: mail may be refused now
 *   resolver?       192.0.2.1 and
 *   resolver_port?  53: only where --resolver was given; a line without them suits the system's
 *   ca_file?        only where --ca-file was given
 *  DNS (records, hosts, MX)
 *   name            what was asked
 *   type            TXT, A, AAAA, "A and AAAA", MX
 *   answer          NXDOMAIN, NODATA, SERVFAIL, "no answer" ...
 *   why?            the validator's sentence
 *   cname?          the last target of the CNAME chain
 *   negative_ttl?   seconds until "does not exist" is forgotten, and
 *   denied_until?   RFC 3339: the latest time of that
 *   server?         the resolver asked
 *   ttl, records (texts in quotes, with commas), count
 *   found_at        where a misplaced record stands, or a policy (a URL)
 *   servers         what each name server says, with "; "
 *   behind?         the one with the oldest zone
 *   seen_by         RFC 3339: from when every resolver has the new record
 *  texts (record, policy, TLSRPT)
 *   text            the record as published
 *   line, column    from 1
 *   found           the offending piece; "" where something is missing
 *   line_text       the whole line of the policy
 *   key             the field of that line
 *   reason          which way: the names of include/mtasts/issue.h
 *   right?          the text as it should be, where that can be said: lines to copy
 *   wanted?         the field that line was meant to be
 *   character?      "U+00A0 NO-BREAK SPACE", where it cannot be seen or misleads
 *   id, mode, max_age, uri
 *  hosts and addresses
 *   host            the MX host, or the policy host
 *   address         one address the finding is about (the first where there are several)
 *   addresses       all of them, with ", "
 *   other_addresses? those without the fault
 *   cause           how a connection failed: refused, timeout, no-route ...
 *   difference      between our clock and the right time: "366 days"
 *   proxy           of our own network: "proxy.example:3128"
 *   phase           connect, tls, head, body, greeting, ehlo, starttls ...
 *   error?          the library's sentence
 *  HTTP
 *   coding          gzip: how the body is compressed
 *   store?, store_error?   "Amazon S3", "AccessDenied": an object store answers; and its name as
 *                   amazon?, google? or azure?, for steps of that store only
 *   cdn_error       522, 1016 ...: Cloudflare's number
 *   record_cname    the alias at record_name
 *   status, location?, media_type?, content_length?, received (bytes)
 *  TLS and certificates
 *   lifetime?       days, and
 *   renewal_due?    RFC 3339, where it is about a certificate that expires soon
 *   soon_ca?        that certificate where it is not the host's own
 *   cipher?         "AES256-SHA"
 *   key, other_key  of a second certificate and of the first: "RSA 2048", "EC prime256v1"
 *   auth            "aRSA", "aECDSA": the ciphers that show the second (openssl s_client -cipher)
 *   purposes?       "clientAuth, emailProtection": where serverAuth is not among them
 *   version, alert?, weakness?, names ("a, b"; "none"), name_count, common_name, cert_subject,
 *   stale_ca?       the certificate out of date where it is not the host's own
 *   issuer, not_before, not_after (RFC 3339), days (left, or since), missing_issuer?,
 *   missing_issuer_url?, faults (short names, with ", ")
 *  CAA
 *   ca              "Let's Encrypt": who issued the present certificate
 *   allowed?        the identifiers that may issue, with ", "
 *   property?       issue or issuewild: which of the records count
 *   tag?            the critical one that is unknown, else right?: the record to add
 *  DANE
 *   records (as usage selector matching data), spki_sha256, right ("3 1 1 ..." of the key now used)
 *   other_type?     the address family that can be looked up
 *   base            the host whose TLSA records count: the MX host, or the target of its alias
 *   record?         the one that comes closest
 *   unsent?         the CA certificate that it describes and the server does not send
 *   reference?      the names one of which usage 2 wants ("mx1.example.com / example.com"), and
 *   reference_missing?  the same where none is there; out_of_date?: the certificate that is
 *   refused_by?, ignored_by?   senders, where the MX records are not signed
 *   single?, pinned?   hosts without a record for the next key; with a public CA's intermediate
 *  an endpoint for reports
 *   port            443, or what the URI names; host, address and uri are its own
 *  texts, further
 *   senders         "mox 0.0.17, maddy 2026-08"
 *  the check itself
 *   families        "IPv6": what this machine lacks; hosts: those with nothing else
 *   memory_limit, file_limit, port_range  what to allow it
 *  SMTP
 *   code, reply     the reply's number and text
 *   received        what came where SMTP was due
 *  MX and patterns
 *   provider?       "Microsoft 365", where one is known (provider.h)
 *   provider_mx?    "mx: *.mail.protection.outlook.com": the lines it wants, with ", "
 *   null_mx         "MX 0 .": where it stands beside others
 *   meant           the name an MX record was meant to hold; covered?: the same, if the policy
 *                   covers it
 *   preference, pattern, patterns (with ", "), hosts (with ", "), right (the mx line to add:
 *   "mx: mx1.example.com")
 */
#ifndef RULES_RULE_H
#define RULES_RULE_H

#include <mtasts/mtasts.h>

#include "rules/rules.h"
#include "verdict/lookup.h"

struct rules {
    struct domain_view view;   /* without facts where a text alone is judged (lint) */
    struct mx_codes *mx_codes; /* of each MX host; after the rules */
    struct finding *findings;
    size_t finding_count, finding_room;
    struct finding spare; /* what finding_add() returns when memory ran out */
};

/* ---- findings -------------------------------------------------------------------------------- */

/* The parameters: name, value, name, value ..., NULL.  A value that is NULL is left out.  Strings
 * are copied; the general parameters are added.  The result is never NULL and may be changed until
 * the next call. */
struct finding *finding_add(struct rules *r, enum finding_code code, const char *subject,
                            const char *detail, ...) __attribute__((sentinel));
/* Made in the context of the diagnosis; never NULL. */
const char *rule_text(struct rules *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Bytes of a peer as a parameter: what is no UTF-8, and NUL, stands as \xNN; cut with "...". */
const char *rule_bytes(struct rules *r, const char *data, size_t length);
const char *rule_number(struct rules *r, int64_t number);
/* A list growing by ", "; list NULL begins it. */
const char *rule_list(struct rules *r, const char *list, const char *item);
/* The same with line ends: lines to copy.  lines may be NULL. */
const char *rule_lines(struct rules *r, const char *lines, const char *line);
/* In small letters. */
const char *rule_lower(struct rules *r, const char *text);
/* Where the policy was asked for: the address, or the proxy that chose one. */
const char *rule_fetch_place(struct rules *r, const struct https_fetch *fetch);
/* "host [address]" */
const char *rule_at(struct rules *r, const char *host, const char *address);
/* Another parameter of a finding just added, or another value of one it has.  NULL is left out. */
void finding_param(struct rules *r, struct finding *finding, const char *name, const char *value);
/* The words of the providers in use (provider.h) for the findings made so far (provider_advice.c).
 */
void providers_advise(struct rules *r);
/* Into the order of rules.h. */
void findings_sort(struct rules *r);

/* ---- DNS ----------------------------------------------------------------------------------------
 */

/* The SOA that a name server gave; NULL: none. */
const struct dns_record *authority_soa(const struct authority *authority);
/* RFC 1982: serial numbers go round. */
bool serial_is_older(int64_t serial, int64_t than);

/* ---- the rules, in the order of the table ---------------------------------------------------- */

/* Behind them: which codes are about which MX host (mx_codes.c). */
void mx_codes_gather(struct rules *r);

/* Alone, where the domain does not exist. */
void rule_domain(struct rules *r);
void rule_way(struct rules *r);
void rule_clock(struct rules *r); /* it is wrong */
void rule_family(struct rules *r);
void rule_resolver(struct rules *r);
void rule_record(struct rules *r);
void rule_renewal(struct rules *r);
void rule_caa(struct rules *r);
void rule_place_blind(struct rules *r); /* in place of all others */
void rule_partial(struct rules *r);
void rule_place(struct rules *r);
void rule_shortage(struct rules *r); /* in place of all others */
void rule_propagation(struct rules *r);
void rule_name_servers(struct rules *r);
void rule_policy_host(struct rules *r);
void rule_policy_same(struct rules *r);
void rule_delegation(struct rules *r);
void rule_policy(struct rules *r);
void rule_mx(struct rules *r);
void rule_mx_cover(struct rules *r);
void rule_mx_tls(struct rules *r);
void rule_handshake(struct rules *r);
void rule_tlsrpt(struct rules *r);
void rule_rua(struct rules *r);
void rule_dane(struct rules *r);

/* ---- texts (text_findings.c): shared by the rules and lint ----------------------------------- */

struct text_source {
    const char *subject; /* NULL: "line N" */
    const char *text;
    size_t length;
};
/* Each sender's reading beside that of the standard (lint_senders.c). */
STS_MUST_USE enum sts_status senders_lint(struct lint *lint, const struct sts_policy *policy,
                                          const char *text, size_t length);
void text_findings(struct rules *r, const struct text_source *source,
                   const struct sts_issue *issues, size_t count);
/* What is legal and yet worth a word: short max_age, mode testing, mode none. */
void policy_findings(struct rules *r, const struct sts_policy *policy);
/* What is legal and yet read otherwise by known senders (rule_portability.c). */
void portability_findings(struct rules *r, const struct sts_policy *policy,
                          const struct text_source *source);
/* The host that the policy names outright where the domain has no MX record and is not covered
 * itself; NULL: not so, or the host does not exist. */
const char *rule_mx_meant(struct rules *r);
/* One MX host against the policy; finds nothing where it is covered. */
/* mx lines that miss the hosts of the provider they are meant for. */
void provider_pattern_findings(struct rules *r, const struct sts_policy *policy);
void cover_finding(struct rules *r, const struct sts_policy *policy, const char *host);

#endif
