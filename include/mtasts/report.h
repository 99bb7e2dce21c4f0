/* SPDX-License-Identifier: MIT */
/* report.h - TLS reports (RFC 8460 section 4): lenient reading, strict naming.
 *
 * Real senders deviate from the RFC in most of its details.  Whatever can be understood is read,
 * no count is lost, and each deviation is named in a note.  A report is usable if it is a JSON
 * object with `policies`; every other member may be missing.
 *
 * Strings are UTF-8 as the sender wrote them (control characters included: make them printable
 * before a terminal); bytes that are no UTF-8, and NUL, stand as \xNN.  NULL: missing, null or
 * empty.  Counts are sessions; STS_REPORT_UNKNOWN: not stated.  Times are seconds since 1970 UTC.
 * Everything a getter returns is borrowed from the report.
 */
#ifndef MTASTS_REPORT_H
#define MTASTS_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mtasts/record.h>
#include <mtasts/status.h>

#ifdef __cplusplus
extern "C" {
#endif

#define STS_REPORT_MAX              (64u << 20) /* bytes of one text */
#define STS_REPORT_DEPTH            32          /* of nested lists and objects */
#define STS_REPORT_MEMBERS_MAX      8000000     /* members and elements of one report */
#define STS_REPORT_OBJECTS_MAX      1000000 /* lists and objects; the parser takes 1 KiB for one */
#define STS_REPORT_NOTES_MAX        200     /* notes kept; all are counted */
#define STS_REPORT_UNKNOWN          (-1)
#define STS_REPORT_FINGERPRINT_SIZE 33 /* bytes, with its NUL */

/* X(symbol, name) */
#define STS_DEVIATIONS(X)                                                                          \
    /* of the text */                                                                              \
    X(JSON_BOM, "json-bom") /* a byte order mark in front */                                       \
    X(JSON_UTF16, "json-utf-16")                                                                   \
    X(JSON_WRAPPED, "json-wrapped")       /* the report stands inside a list */                    \
    X(JSON_NOT_STRICT, "json-not-strict") /* trailing commas, single quotes, comments */           \
    X(JSON_NOT_UTF8, "json-not-utf-8")                                                             \
    X(JSON_TRAILING, "json-trailing") /* something behind the report */                            \
    X(JSON_SEVERAL, "json-several")   /* another report behind the report */                       \
    /* of members */                                                                               \
    X(MEMBER_MISSING, "member-missing")                                                            \
    X(MEMBER_NULL, "member-null")                                                                  \
    X(MEMBER_EMPTY, "member-empty")           /* "" */                                             \
    X(MEMBER_TYPE, "member-type")             /* of another JSON type than the RFC says */         \
    X(MEMBER_NAME, "member-name")             /* letter case, '_' for '-', a draft's name */       \
    X(MEMBER_MISPLACED, "member-misplaced")   /* in another object than the RFC says */            \
    X(MEMBER_REPEATED, "member-repeated")     /* two spellings of one: the first counts; the same  \
                                                 name twice: the last */                           \
    X(NOT_A_LIST, "not-a-list")               /* one value where a list belongs */                 \
    X(ELEMENT_TYPE, "element-type")           /* an element that cannot be read */                 \
    X(TEXT_CONTROL, "text-control-character") /* line ends and the like inside a text */           \
    X(TEXT_BLANKS, "text-blanks")             /* around a text */                                  \
    /* of counts */                                                                                \
    X(COUNT_STRING, "count-string")                                                                \
    X(COUNT_FRACTION, "count-fraction")                                                            \
    X(COUNT_NEGATIVE, "count-negative")       /* taken as 0 */                                     \
    X(COUNT_TOO_LARGE, "count-too-large")     /* taken as 2^53 */                                  \
    X(COUNT_UNREADABLE, "count-unreadable")   /* taken as missing */                               \
    X(COUNT_DERIVED, "count-derived")         /* missing, and made from the other counts */        \
    X(COUNT_UNEXPLAINED, "count-unexplained") /* details sum to less than the summary */           \
    /* of times */                                                                                 \
    X(TIME_NO_ZONE, "time-no-zone") /* taken as UTC */                                             \
    X(TIME_OFFSET, "time-offset")   /* legal, but UTC is asked for */                              \
    X(TIME_FORM, "time-form")       /* readable, but not RFC 3339 */                               \
    X(TIME_UNREADABLE, "time-unreadable")                                                          \
    X(TIME_INFERRED, "time-inferred")   /* from the file name; the end from the begin */           \
    X(RANGE_REVERSED, "range-reversed") /* it ends before it begins; swapped */                    \
    X(RANGE_LONG, "range-long")         /* more than two days */                                   \
    X(RANGE_OFF_DAY, "range-off-day")   /* does not begin at midnight UTC */                       \
    /* of policies and details */                                                                  \
    X(POLICIES_EMPTY, "policies-empty")                                                            \
    X(POLICY_TYPE_UNKNOWN, "policy-type-unknown")                                                  \
    X(POLICY_STRING_CR, "policy-string-cr")       /* the file has CRLF line ends */                \
    X(POLICY_STRING_LINES, "policy-string-lines") /* several lines in one element */               \
    X(POLICY_STRING_JSON, "policy-string-json")   /* a JSON list inside a string */                \
    X(MX_HOST_PREFIX, "mx-host-prefix")           /* "mx: mx1.example.com" */                      \
    X(MX_HOST_INVALID, "mx-host-invalid")                                                          \
    X(DOMAIN_FORM, "domain-form")         /* capitals, a final dot, U-labels */                    \
    X(DOMAIN_INVALID, "domain-invalid")   /* no host name; kept as written */                      \
    X(DOMAIN_INFERRED, "domain-inferred") /* missing, and found elsewhere */                       \
    X(DOMAIN_UNKNOWN, "domain-unknown")   /* missing, and found nowhere */                         \
    X(DETAILS_MISSING, "details-missing") /* failures without any detail */                        \
    X(RESULT_TYPE_UNKNOWN, "result-type-unknown")                                                  \
    X(RESULT_TYPE_MISSING, "result-type-missing")                                                  \
    X(LETTER_CASE, "letter-case") /* of a policy type or a result type */                          \
    X(ADDRESS_INVALID, "address-invalid")                                                          \
    X(HOST_INVALID, "host-invalid")                                                                \
    /* of what the report came in */                                                               \
    X(HEADER_DOMAIN_DIFFERS,                                                                       \
      "header-domain-differs")                /* TLS-Report-Domain is none of the domains */       \
    X(SUBMITTER_DIFFERS, "submitter-differs") /* from the domain of contact-info */                \
    X(FILE_NAME_FORM, "file-name-form")       /* not sender!domain!begin!end */                    \
    X(FILE_DOMAIN_DIFFERS, "file-domain-differs")                                                  \
    X(FILE_RANGE_DIFFERS, "file-range-differs")

enum sts_deviation {
#define X(symbol, name) STS_DEVIATION_##symbol,
    STS_DEVIATIONS(X)
#undef X
        STS_DEVIATION_COUNT
};

/* Why a text is no report.  X(symbol, name, English sentence) */
#define STS_REPORT_FAULTS(X)                                                                       \
    X(NONE, "none", "no fault")                                                                    \
    X(EMPTY, "empty", "there is nothing in it")                                                    \
    X(NOT_JSON, "not-json", "it is not JSON")                                                      \
    X(TRUNCATED, "truncated", "the JSON ends in the middle")                                       \
    X(TOO_LARGE, "too-large", "it is larger than 64 MiB")                                          \
    X(TOO_DEEP, "too-deep", "its lists and objects are nested too deeply")                         \
    X(TOO_MANY, "too-many-members", "it has too many members")                                     \
    X(NOT_A_REPORT, "not-a-report", "it is JSON, but no TLS report: it has no policies")

enum sts_report_fault {
#define X(symbol, name, text) STS_REPORT_FAULT_##symbol,
    STS_REPORT_FAULTS(X)
#undef X
        STS_REPORT_FAULT_COUNT
};

struct sts_report_note {
    enum sts_deviation code;
    const char *path;  /* "policies[0].summary", "" the whole */
    const char *found; /* what stood there, printable and cut; NULL: nothing */
};

struct sts_report_detail {
    const char *result_type; /* lower case; NULL missing */
    const char *sending_ip;
    const char *mx; /* receiving-mx-hostname, lower case, no final dot */
    const char *helo;
    const char *receiving_ip;
    const char *reason; /* failure-reason-code */
    const char *info;   /* additional-information */
    int64_t sessions;   /* at least 0; derived where the sender gave none */
};

/* Where a policy domain that the sender left out was found. */
enum sts_domain_source {
    STS_DOMAIN_STATED,
    STS_DOMAIN_OTHER_POLICY,
    STS_DOMAIN_HEADER, /* TLS-Report-Domain of the mail */
    STS_DOMAIN_SUBJECT,
    STS_DOMAIN_FILE_NAME,
    STS_DOMAIN_REPORT_ID,
    STS_DOMAIN_NOWHERE, /* domain is NULL */
};

struct sts_report_policy {
    const char *type;   /* lower case: "sts", "tlsa", "no-policy-found" or the sender's own */
    const char *domain; /* lower-case A-labels, no final dot; as written where it is no name */
    enum sts_domain_source domain_source;
    /* Whose mail it was: the same, but for a tlsa policy whose domain names the MX host (RFC 7671's
     * base domain, as Postfix writes it) and whose report names the domain elsewhere. */
    const char *recipient;
    const char *const *strings; /* policy-string, one line each, without line ends */
    size_t string_count;
    const char *const *mx; /* mx-host */
    size_t mx_count;
    int64_t stated_successful, stated_failed; /* STS_REPORT_UNKNOWN where not stated */
    int64_t successful, failed;               /* at least 0 */
    const struct sts_report_detail *details;
    size_t detail_count;
};

/* What is known of the mail or file the report came in; any member may be NULL. */
struct sts_report_origin {
    const char *header_domain;    /* TLS-Report-Domain */
    const char *header_submitter; /* TLS-Report-Submitter */
    const char *subject;
    const char *file_name; /* without folders */
};

struct sts_report;

/* Read the first report of a text.  *ret_used is where something else stands behind it, another
 * report or not; the length where nothing does.  *ret is set on STS_OK only; free with
 * sts_report_free().  STS_E_INVALID and STS_E_LIMIT: *ret_fault tells why; *ret_used is the same
 * where the object ends but cannot be read (not-json, not-a-report), else how far it was looked at.
 * origin may be NULL. */
STS_API STS_MUST_USE enum sts_status sts_report_parse(const char *text, size_t length,
                                                      const struct sts_report_origin *origin,
                                                      size_t *ret_used,
                                                      enum sts_report_fault *ret_fault,
                                                      struct sts_report **ret);
STS_API void sts_report_free(struct sts_report *report);

STS_API const char *sts_report_organization(const struct sts_report *report);
STS_API const char *sts_report_contact(const struct sts_report *report);
STS_API const char *sts_report_id(const struct sts_report *report);
/* Who sent it, as far as the report tells: the organization in lower case, else the domain of the
 * contact, else the submitter of the mail; NULL: nobody. */
STS_API const char *sts_report_sender(const struct sts_report *report);
/* As written.  An end at midnight is the first second that is over, any other the last that is
 * not.  False: not known. */
STS_API bool sts_report_range(const struct sts_report *report, int64_t *ret_begin,
                              int64_t *ret_end);
STS_API const struct sts_report_policy *sts_report_policies(const struct sts_report *report,
                                                            size_t *ret_count);
/* The deviations.  *ret_total counts those beyond STS_REPORT_NOTES_MAX too; it may be NULL. */
STS_API const struct sts_report_note *sts_report_notes(const struct sts_report *report,
                                                       size_t *ret_count, size_t *ret_total);

/* Sessions of one domain, as the recipient of sts_report_policy names it: policies of one type add
 * up.  Some senders report the same sessions under `sts` and under `tlsa`, so of these two sums the
 * larger counts, for successes and for failures; all other types add to it.  domain NULL: of the
 * policies whose domain is known nowhere. */
STS_API void sts_report_sessions(const struct sts_report *report, const char *domain,
                                 int64_t *ret_successful, int64_t *ret_failed);

/* Two reports with the same key are one: sender, id, range, policy domains.  The fingerprint is
 * that of the content; the same key with another fingerprint is a revision.  Without an id nothing
 * tells two reports apart but what they say: the key is the fingerprint then.  Hexadecimal. */
STS_API void sts_report_key(const struct sts_report *report, char key[STS_REPORT_FINGERPRINT_SIZE]);
STS_API void sts_report_fingerprint(const struct sts_report *report,
                                    char fingerprint[STS_REPORT_FINGERPRINT_SIZE]);

/* Is it one of the eleven of RFC 8460 section 4.3?  In lower case; NULL is none. */
STS_API bool sts_result_type_known(const char *result_type);

/* Stable names, "json-bom", "truncated"; the sentence is English.  Never NULL. */
STS_API const char *sts_deviation_name(enum sts_deviation code);
STS_API const char *sts_report_fault_name(enum sts_report_fault fault);
STS_API const char *sts_report_fault_text(enum sts_report_fault fault);

#ifdef __cplusplus
}
#endif

#endif
