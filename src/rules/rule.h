/* SPDX-License-Identifier: MIT */
/* rule.h - what a rule works with: the facts, what they publish, and where findings go.
 *
 * A rule is a function of struct rules; it reads and calls finding_add().  No rule fails: memory
 * that ran out is remembered in the context and diagnose() reports it once.
 *
 * PARAMETERS, the places a sentence or a command of advice.c may use.  Values are raw text.
 *
 *  every finding of a check (those with a '?' only where known; lint has none but new_id)
 *   domain          example.com
 *   policy_host     mta-sts.example.com
 *   policy_url      https://mta-sts.example.com/.well-known/mta-sts.txt (":PORT" where not 443)
 *   record_name     _mta-sts.example.com
 *   tlsrpt_name     _smtp._tls.example.com
 *   https_port      443
 *   smtp_port       25
 *   new_id          20261123150000: an id never used before, from the time of judging
 *   resolver?       192.0.2.1 and
 *   resolver_port?  53: only where --resolver was given; a line without them suits the system's
 *   ca_file?        only where --ca-file was given
 *  DNS (records, hosts, MX)
 *   name            what was asked
 *   type            TXT, A, AAAA, "A and AAAA", MX
 *   answer          NXDOMAIN, NODATA, SERVFAIL, "no answer" ...
 *   why?            the validator's sentence
 *   cname?          the last target of the CNAME chain
 *   negative_ttl?   seconds until "does not exist" is forgotten
 *   ttl, records (texts in quotes, with commas), count
 *   found_at        where a misplaced record stands
 *  texts (record, policy, TLSRPT)
 *   text            the record as published
 *   line, column    from 1
 *   found           the offending piece, "" left out
 *   line_text       the whole line of the policy
 *   reason          which way: the names of include/mtasts/issue.h
 *   right?          the text as it should be, where that can be said
 *   id, mode, max_age, uri
 *  hosts and addresses
 *   host            the MX host, or the policy host
 *   address         one address the finding is about (the first where there are several)
 *   addresses       all of them, with ", "
 *   other_addresses? those without the fault
 *   cause           how a connection failed: refused, timeout, no-route ...
 *   phase           connect, tls, head, body, greeting, ehlo, starttls ...
 *   error?          the library's sentence
 *  HTTP
 *   status, location?, media_type?, content_length?, received (bytes)
 *  TLS and certificates
 *   version, alert?, weakness?, names ("a, b"; "none"), name_count, common_name, cert_subject,
 *   issuer, not_before, not_after (RFC 3339), days (left, or since), missing_issuer?,
 *   missing_issuer_url?, faults (of mx-cert-differs-by-address, with ", ")
 *  SMTP
 *   code, reply     the reply's number and text
 *   received        what came where SMTP was due
 *  MX and patterns
 *   preference, pattern, patterns (with ", "), hosts (with ", "), right (the mx line to add:
 *   "mx: mx1.example.com")
 */
#ifndef RULES_RULE_H
#define RULES_RULE_H

#include <mtasts/mtasts.h>

#include "rules/rules.h"

struct rules;

/* ---- findings ------------------------------------------------------------------------------- */

/* The parameters: name, value, name, value ..., NULL.  A value that is NULL is left out.  Strings
 * are copied; the general parameters are added.  The result is never NULL and may be changed until
 * the next call. */
struct finding *finding_add(struct rules *r, enum finding_code code, const char *subject,
                            const char *detail, ...) __attribute__((sentinel));
/* Made in the context of the diagnosis; never NULL. */
const char *rule_text(struct rules *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
const char *rule_bytes(struct rules *r, const char *data, size_t length);

#endif
