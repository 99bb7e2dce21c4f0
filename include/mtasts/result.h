/* SPDX-License-Identifier: MIT */
/* result.h - the result types of TLS reports, and which of them a sending MTA writes for what it
 * saw (RFC 8460 section 4.3).
 *
 * Two steps.  The MTA names what it saw as an enum sts_outcome; the table says whether that is a
 * session to be counted, and under which result type it failed.  The name of the outcome makes a
 * good failure-reason-code: "certificate-not-trusted" alone covers six of them.
 *
 *     detail.result_type = sts_result_name(sts_outcome_result(outcome));
 *     detail.reason = sts_outcome_name(outcome);
 *
 * A failure is reported in the modes enforce and testing, not under an MTA-STS policy of mode none;
 * a failed fetch is reported where the record is valid or a policy is cached, unless that one is of
 * mode none (RFC 8461 section 6).  A session that fails in several ways has a detail for each
 * (sts_report_builder_add()).
 *
 * Policy types: a session with an MX host counts under what it was held against: "sts", "tlsa", or
 * "no-policy-found".  A failed fetch (POLICY_...) counts as a failed session under "sts", with the
 * lines of the cached policy, or without any.  The delivery for which the fetch was made is a
 * session of its own: under "sts" by the cached policy, else, as it goes out all the same, under
 * "tlsa" or "no-policy-found".
 *
 * Everything here is a constant table; no call fails. */
#ifndef MTASTS_RESULT_H
#define MTASTS_RESULT_H

#include <stdbool.h>

#include <mtasts/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a result type is about. */
enum sts_stage {
    STS_STAGE_NONE,
    STS_STAGE_MX,     /* the session with an MX host: section 4.3.1, and "validation-failure" */
    STS_STAGE_DANE,   /* section 4.3.2.1 */
    STS_STAGE_POLICY, /* section 4.3.2.2: before any MX host */
    STS_STAGE_COUNT
};

/* X(symbol, name in reports, stage) */
#define STS_RESULTS(X)                                                                             \
    X(STARTTLS_NOT_SUPPORTED, "starttls-not-supported", MX)                                        \
    X(CERTIFICATE_HOST_MISMATCH, "certificate-host-mismatch", MX)                                  \
    X(CERTIFICATE_EXPIRED, "certificate-expired", MX)                                              \
    X(CERTIFICATE_NOT_TRUSTED, "certificate-not-trusted", MX)                                      \
    X(VALIDATION_FAILURE, "validation-failure", MX)                                                \
    X(TLSA_INVALID, "tlsa-invalid", DANE)                                                          \
    X(DNSSEC_INVALID, "dnssec-invalid", DANE)                                                      \
    X(DANE_REQUIRED, "dane-required", DANE)                                                        \
    X(STS_POLICY_FETCH_ERROR, "sts-policy-fetch-error", POLICY)                                    \
    X(STS_POLICY_INVALID, "sts-policy-invalid", POLICY)                                            \
    X(STS_WEBPKI_INVALID, "sts-webpki-invalid", POLICY)

enum sts_result {
    STS_RESULT_NONE, /* no failure, or one that reports do not know */
#define X(symbol, name, stage) STS_RESULT_##symbol,
    STS_RESULTS(X)
#undef X
        STS_RESULT_COUNT
};

/* What became of one session, or kept it from being tried.  X(symbol, name, result)
 *
 * Of a certificate that is wrong in several ways name each.  Under a tlsa policy with usages 3 and
 * 2 only what the TLSA records ask for is checked: a chain that matches none of them is
 * TLSA_MISMATCH, whoever signed it, and with usage 3 neither names nor dates matter (RFC 7672
 * section 3.1.1). */
#define STS_OUTCOMES(X)                                                                            \
    X(SUCCESS, "success", NONE)                                                                    \
    /* no session that a report could count: the next MX host is tried, or the mail waits */       \
    X(NOT_CONNECTED, "not-connected", NONE) /* refused, timed out, no route, no greeting */        \
    X(SMTP_REJECTED, "smtp-rejected", NONE) /* 4xx or 5xx to the connection or to EHLO */          \
    /* the session with an MX host */                                                              \
    X(STARTTLS_NOT_OFFERED, "starttls-not-offered", STARTTLS_NOT_SUPPORTED)                        \
    X(STARTTLS_REFUSED, "starttls-refused", STARTTLS_NOT_SUPPORTED) /* offered; not 220 */         \
    X(TLS_HANDSHAKE_FAILED, "tls-handshake-failed", VALIDATION_FAILURE)                            \
    X(TLS_VERSION_TOO_OLD, "tls-version-too-old", VALIDATION_FAILURE) /* RFC 8461: 1.2 or newer */ \
    X(TLS_CLIENT_CERTIFICATE, "tls-client-certificate", VALIDATION_FAILURE) /* asks for one */     \
    X(MX_NOT_COVERED, "mx-not-covered", VALIDATION_FAILURE) /* by any mx pattern of the policy */  \
    X(CERTIFICATE_NAME, "certificate-name-mismatch", CERTIFICATE_HOST_MISMATCH)                    \
    X(CERTIFICATE_EXPIRED, "certificate-expired", CERTIFICATE_EXPIRED)                             \
    X(CERTIFICATE_NOT_YET_VALID, "certificate-not-yet-valid", CERTIFICATE_NOT_TRUSTED)             \
    X(CERTIFICATE_SELF_SIGNED, "certificate-self-signed", CERTIFICATE_NOT_TRUSTED)                 \
    X(CERTIFICATE_UNKNOWN_CA, "certificate-unknown-ca", CERTIFICATE_NOT_TRUSTED)                   \
    X(CERTIFICATE_INCOMPLETE, "certificate-chain-incomplete", CERTIFICATE_NOT_TRUSTED)             \
    X(CERTIFICATE_PURPOSE, "certificate-wrong-purpose", CERTIFICATE_NOT_TRUSTED)                   \
    X(CERTIFICATE_REVOKED, "certificate-revoked", CERTIFICATE_NOT_TRUSTED)                         \
    /* DANE */                                                                                     \
    X(TLSA_MISMATCH, "tlsa-mismatch", TLSA_INVALID)             /* no record matches the chain */  \
    X(TLSA_BOGUS, "tlsa-bogus", DNSSEC_INVALID)                 /* signatures that do not hold */  \
    X(TLSA_LOOKUP_FAILED, "tlsa-lookup-failed", DNSSEC_INVALID) /* SERVFAIL, no answer */          \
    X(TLSA_MISSING, "tlsa-missing", DANE_REQUIRED)  /* only where DANE is required here */         \
    X(TLSA_UNUSABLE, "tlsa-unusable", TLSA_INVALID) /* records, none of which can be used */       \
    /* the policy of MTA-STS cannot be fetched or used, whether or not one is cached */            \
    X(POLICY_HOST_MISSING, "policy-host-missing", STS_POLICY_FETCH_ERROR) /* no address */         \
    X(POLICY_UNREACHABLE, "policy-unreachable", STS_POLICY_FETCH_ERROR)                            \
    X(POLICY_TIMEOUT, "policy-timeout", STS_POLICY_FETCH_ERROR)                                    \
    X(POLICY_REDIRECT, "policy-redirect", STS_POLICY_FETCH_ERROR) /* 3xx is never followed */      \
    X(POLICY_HTTP_STATUS, "policy-http-status", STS_POLICY_FETCH_ERROR) /* any other than 200 */   \
    X(POLICY_TOO_LARGE, "policy-too-large", STS_POLICY_FETCH_ERROR)     /* STS_POLICY_MAX */       \
    X(POLICY_TRUNCATED, "policy-truncated", STS_POLICY_FETCH_ERROR)                                \
    X(POLICY_TLS_FAILED, "policy-tls-failed",                                                      \
      STS_POLICY_FETCH_ERROR) /* before a certificate was judged */                                \
    X(POLICY_CERTIFICATE, "policy-certificate-invalid", STS_WEBPKI_INVALID)                        \
    X(POLICY_CONTENT_TYPE, "policy-content-type", STS_POLICY_INVALID) /* not text/plain */         \
    X(POLICY_SYNTAX, "policy-syntax-invalid", STS_POLICY_INVALID)     /* sts_policy_usable() */

enum sts_outcome {
#define X(symbol, name, result) STS_OUTCOME_##symbol,
    STS_OUTCOMES(X)
#undef X
        STS_OUTCOME_COUNT
};

/* STS_RESULT_NONE where no failure is to be reported. */
STS_API enum sts_result sts_outcome_result(enum sts_outcome outcome);
/* Does the summary of a report count it, as a success or a failure?  All but NOT_CONNECTED and
 * SMTP_REJECTED, where there was no question of TLS. */
STS_API bool sts_outcome_counts(enum sts_outcome outcome);
STS_API enum sts_stage sts_result_stage(enum sts_result result);

/* Stable.  "starttls-refused"; never NULL. */
STS_API const char *sts_outcome_name(enum sts_outcome outcome);
/* "certificate-expired", as reports have it; of NONE and what is out of range NULL. */
STS_API const char *sts_result_name(enum sts_result result);
/* The result type of that name, in lower case; NONE: none of the eleven, or NULL. */
STS_API enum sts_result sts_result_of(const char *name);

#ifdef __cplusplus
}
#endif

#endif
