/* SPDX-License-Identifier: MIT */
/* names.h - where a policy domain publishes: the names of its two records, its policy host and the
 * URL of its policy.
 *
 * The policy domain is the domain behind the '@'; of mail that goes through a smart host, the smart
 * host's (RFC 8461 section 3.4).  A policy holds for its own domain only, never for one below it.
 *
 * The domain is given as A-labels; capitals and a final dot are allowed and left out of the result
 * (sts_name_from_user() makes A-labels of what a person typed).  All functions: STS_E_INVALID where
 * it is no host name, STS_E_LIMIT where the result would be longer than a name can be (253 bytes):
 * then the domain cannot publish it.  The result is written on STS_OK only. */
#ifndef MTASTS_NAMES_H
#define MTASTS_NAMES_H

#include <mtasts/match.h>
#include <mtasts/status.h>

#ifdef __cplusplus
extern "C" {
#endif

#define STS_RECORD_PREFIX      "_mta-sts."                /* RFC 8461 section 3.1 */
#define STS_TLSRPT_PREFIX      "_smtp._tls."              /* RFC 8460 section 3 */
#define STS_POLICY_HOST_PREFIX "mta-sts."                 /* RFC 8461 section 3.2 */
#define STS_POLICY_PATH        "/.well-known/mta-sts.txt" /* RFC 8461 section 3.2 */

/* Bytes that hold the URL of any policy and its NUL. */
#define STS_POLICY_URL_SIZE (STS_NAME_SIZE + sizeof("https://" STS_POLICY_PATH))

/* "_mta-sts.example.com": at most 244 bytes of domain. */
STS_API STS_MUST_USE enum sts_status sts_record_name(const char *domain, char name[STS_NAME_SIZE]);
/* "_smtp._tls.example.com": at most 242 bytes of domain. */
STS_API STS_MUST_USE enum sts_status sts_tlsrpt_record_name(const char *domain,
                                                            char name[STS_NAME_SIZE]);
/* "mta-sts.example.com": at most 245 bytes of domain.  It is also the name in SNI, and the one that
 * the certificate must be for. */
STS_API STS_MUST_USE enum sts_status sts_policy_host(const char *domain, char name[STS_NAME_SIZE]);
/* "https://mta-sts.example.com/.well-known/mta-sts.txt".  No redirect is followed. */
STS_API STS_MUST_USE enum sts_status sts_policy_url(const char *domain,
                                                    char url[STS_POLICY_URL_SIZE]);

#ifdef __cplusplus
}
#endif

#endif
