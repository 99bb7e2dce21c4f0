/* SPDX-License-Identifier: MIT */
/* report_builder.h - a TLS report out of counted sessions (RFC 8460 section 4), and the names of
 * its mail and file (sections 5.1 and 5.3).
 *
 * A report is about one recipient domain, one day and all policies that were met there.  Sessions
 * are added as they come or in sums; equal policies and equal failures are merged.  What is written
 * is the same for the same sessions, below the ceilings in whatever order they came, and
 * sts_report_parse() reads it back without a single deviation.
 *
 *     struct sts_report_builder *builder;
 *     status = sts_report_builder_new(&head, &builder);
 *     status = sts_report_builder_add(builder, &policy, 1, 0, NULL, 0);    a session went well
 *     status = sts_report_builder_add(builder, &policy, 0, 1, details, 2); one failed, in two ways
 *     status = sts_report_builder_write(builder, &text, &length);
 *
 * Texts are untrusted: replies of peers, lines of their policies.  They are made UTF-8 in one line
 * (control characters become blanks; what is no UTF-8, and the noncharacters that I-JSON forbids,
 * become U+FFFD), cut to STS_REPORT_TEXT_MAX bytes, and left out where nothing is left.  So are
 * host names and addresses that are none, and lines of a policy in brackets ("[...]"), which
 * readers take for a list of lines.  Of helo the name is kept, up to the first blank or line end;
 * addresses are written as inet_ntop() does, without brackets.
 *
 * No count is ever left out: it stops at 2^53 - 1, the largest of I-JSON (RFC 7493 section 2.2).
 *
 * Times are seconds since 1970 UTC. */
#ifndef MTASTS_REPORT_BUILDER_H
#define MTASTS_REPORT_BUILDER_H

#include <stddef.h>
#include <stdint.h>

#include <mtasts/match.h>
#include <mtasts/report.h>
#include <mtasts/status.h>

#ifdef __cplusplus
extern "C" {
#endif

#define STS_REPORT_TEXT_MAX     1024 /* bytes of a text in a report */
#define STS_REPORT_POLICIES_MAX 256  /* different policies of a report */
#define STS_REPORT_LINES_MAX    1200 /* lines and mx patterns kept of a policy, the first of each */
/* Different failures of a policy.  Beyond, and where the report would otherwise become longer than
 * STS_REPORT_MAX, only the result type of a failure is kept. */
#define STS_REPORT_DETAILS_MAX 1000

/* The media types of section 6; gzip itself is the caller's. */
#define STS_REPORT_MEDIA_TYPE      "application/tlsrpt+json"
#define STS_REPORT_MEDIA_TYPE_GZIP "application/tlsrpt+gzip"

struct sts_report_builder;

/* Borrowed until the call returns. */
struct sts_report_head {
    const char *organization; /* "Company-X" */
    const char *contact;      /* "sts-reporting@company-x.example" */
    const char *id;           /* unique for the submitter: sts_report_labels_make() makes one */
    int64_t begin;            /* midnight UTC */
    int64_t end; /* behind it, at most two days: 23:59:59 of the day, or the next midnight */
};

/* A policy as it was applied; borrowed until the call returns. */
struct sts_report_applied {
    const char *type;   /* "sts", "tlsa" or "no-policy-found" */
    const char *domain; /* the policy domain; of tlsa the name that the TLSA records are below */
    const char *const *strings; /* the lines of the policy, the TLSA records; may be empty */
    size_t string_count;
    const char *const *mx; /* its mx patterns; may be empty */
    size_t mx_count;
};

/* *ret is set on STS_OK only and freed with sts_report_builder_free().  Errors: STS_E_NOMEM;
 * STS_E_INVALID: a text is missing or empty, or the range is not as said above. */
STS_API STS_MUST_USE enum sts_status sts_report_builder_new(const struct sts_report_head *head,
                                                            struct sts_report_builder **ret);
STS_API void sts_report_builder_free(struct sts_report_builder *builder);

/* Sessions under a policy.  Each detail gives one way of failing and its number of sessions; in all
 * at least as many as failed, and more where a session failed in several ways (section 4).  Of a
 * detail result_type is required, one of the eleven; helo, reason and info are texts.  Results
 * about DANE do not go with policy type "sts", those about fetching a policy not with "tlsa"
 * (sections 4.3.2.1 and 4.3.2.2, sts_result_stage()).
 *
 * The time it takes is that of finding the policy and each failure among those that differ.
 * Errors, which change nothing: STS_E_NOMEM; STS_E_LIMIT: a new policy beyond
 * STS_REPORT_POLICIES_MAX, or in a report that would become longer than STS_REPORT_MAX;
 * STS_E_INVALID: an unknown policy type or result type, one that does not go with the policy type,
 * a domain that is none, a negative count, a failed session without a detail. */
STS_API STS_MUST_USE enum sts_status sts_report_builder_add(struct sts_report_builder *builder,
                                                            const struct sts_report_applied *policy,
                                                            int64_t successful, int64_t failed,
                                                            const struct sts_report_detail *details,
                                                            size_t detail_count);

/* The JSON, with a NUL behind it that does not count.  Owned by the builder, until it is written
 * again or freed.  Members are in the order of section 4.4, policies and failures in that of their
 * texts.  Errors: STS_E_NOMEM; STS_E_INVALID: there is no policy. */
STS_API STS_MUST_USE enum sts_status sts_report_builder_write(struct sts_report_builder *builder,
                                                              const char **ret_text,
                                                              size_t *ret_length);

/* ---- how the report is sent ------------------------------------------------------------------ */

#define STS_REPORT_UNIQUE_MAX     32
#define STS_REPORT_ID_SIZE        576 /* bytes, with the NUL, as all that follow */
#define STS_REPORT_FILE_NAME_SIZE 640
#define STS_REPORT_SUBJECT_SIZE   1152

struct sts_report_labels {
    char domain[STS_NAME_SIZE];    /* the header TLS-Report-Domain */
    char submitter[STS_NAME_SIZE]; /* the header TLS-Report-Submitter */
    /* "20261122.unique+example.com@mail.example.net": with angle brackets a Message-ID too */
    char id[STS_REPORT_ID_SIZE];
    /* "mail.example.net!example.com!1795305600!1795391999!unique.json"; with ".gz" behind it where
     * it is compressed, which has room */
    char file_name[STS_REPORT_FILE_NAME_SIZE];
    /* "Report Domain: example.com Submitter: mail.example.net Report-ID: <...>": one line, to be
     * folded at its blanks */
    char subject[STS_REPORT_SUBJECT_SIZE];
};

/* The submitter is the domain of the contact and of the DKIM signature (section 5.3).  unique: up
 * to STS_REPORT_UNIQUE_MAX letters and digits that tell two reports of the same day and domain
 * apart; NULL: there is one only.  STS_E_INVALID: a domain is none, begin is behind end or not
 * between the years 1970 and 9999, unique is longer or has other characters.  STS_E_NOMEM. */
STS_API STS_MUST_USE enum sts_status sts_report_labels_make(const char *domain,
                                                            const char *submitter, int64_t begin,
                                                            int64_t end, const char *unique,
                                                            struct sts_report_labels *ret);

#ifdef __cplusplus
}
#endif

#endif
