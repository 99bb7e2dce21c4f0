/* SPDX-License-Identifier: MIT */
/* issue.h - a defect in a text, with its place.
 *
 * A parser lists every defect it sees in one pass.  `code` is the kind, with a stable name
 * ("policy-mx-invalid") that never changes its meaning; `reason` says which of several ways.
 */
#ifndef MTASTS_ISSUE_H
#define MTASTS_ISSUE_H

#include <stddef.h>

#include <mtasts/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* X(symbol, name).  Records of RFC 8461 section 3.1, policies of section 3.2,
 * records of RFC 8460 section 3. */
#define STS_ISSUE_CODES(X)                                                                         \
    X(RECORD_VERSION_INVALID, "sts-record-version-invalid")                                        \
    X(RECORD_ID_MISSING, "sts-record-id-missing")                                                  \
    X(RECORD_ID_INVALID, "sts-record-id-invalid")                                                  \
    X(RECORD_SYNTAX_INVALID, "sts-record-syntax-invalid")                                          \
    X(RECORD_POLICY_PASTED, "sts-record-policy-pasted")                                            \
    X(RECORD_QUOTED, "sts-record-quoted")                                                          \
    X(RECORD_DUPLICATE_FIELD, "sts-record-duplicate-field")                                        \
    X(RECORD_VERSION_SPACING, "sts-record-version-spacing")                                        \
    X(RECORD_TRAILING_SPACE, "sts-record-trailing-space")                                          \
    X(POLICY_EMPTY, "policy-empty")                                                                \
    X(POLICY_HTML, "policy-html")                                                                  \
    X(POLICY_BOM, "policy-bom")                                                                    \
    X(POLICY_BARE_CR, "policy-bare-cr")                                                            \
    X(POLICY_LINE_MALFORMED, "policy-line-malformed")                                              \
    X(POLICY_VERSION_MISSING, "policy-version-missing")                                            \
    X(POLICY_VERSION_INVALID, "policy-version-invalid")                                            \
    X(POLICY_MODE_MISSING, "policy-mode-missing")                                                  \
    X(POLICY_MODE_INVALID, "policy-mode-invalid")                                                  \
    X(POLICY_MAX_AGE_MISSING, "policy-max-age-missing")                                            \
    X(POLICY_MAX_AGE_INVALID, "policy-max-age-invalid")                                            \
    X(POLICY_MAX_AGE_TOO_LARGE, "policy-max-age-too-large")                                        \
    X(POLICY_MX_MISSING, "policy-mx-missing")                                                      \
    X(POLICY_MX_MISSING_IN_NONE, "policy-mx-missing-in-none")                                      \
    X(POLICY_MX_INVALID, "policy-mx-invalid")                                                      \
    X(POLICY_KEY_CASE, "policy-key-case")                                                          \
    X(POLICY_DUPLICATE_FIELD, "policy-duplicate-field")                                            \
    X(POLICY_BLANK_LINE, "policy-blank-line")                                                      \
    X(POLICY_SPACING, "policy-spacing")                                                            \
    X(POLICY_EXTENSION_INVALID, "policy-extension-invalid")                                        \
    X(POLICY_EXTENSION_UNKNOWN, "policy-extension-unknown")                                        \
    X(TLSRPT_VERSION_INVALID, "tlsrpt-record-version-invalid")                                     \
    X(TLSRPT_SYNTAX_INVALID, "tlsrpt-record-syntax-invalid")                                       \
    X(TLSRPT_RUA_MISSING, "tlsrpt-rua-missing")                                                    \
    X(TLSRPT_RUA_INVALID, "tlsrpt-rua-invalid")                                                    \
    X(TLSRPT_VERSION_SPACING, "tlsrpt-record-version-spacing")

enum sts_issue_code {
#define X(symbol, name) STS_ISSUE_##symbol,
    STS_ISSUE_CODES(X)
#undef X
        STS_ISSUE_COUNT
};

/* Which of several ways a code can be true.  X(symbol, name). */
#define STS_ISSUE_REASONS(X)                                                                       \
    X(NONE, "none")                                                                                \
    /* of a version */                                                                             \
    X(VERSION_TYPO, "version-typo")     /* v=STS1, v=stsv1, V=STSv1, v=STSv10, STSv2 ... */        \
    X(VERSION_SPACED, "version-spaced") /* v = STSv1 */                                            \
    X(VERSION_NOT_FIRST, "version-not-first")                                                      \
    X(VERSION_NO_DELIMITER, "version-no-delimiter") /* v=STSv1 id=...: the ';' is missing */       \
    /* of a field of a record */                                                                   \
    X(BAD_CHARACTER, "bad-character")                                                              \
    X(TOO_LONG, "too-long")                                                                        \
    X(EMPTY_VALUE, "empty-value")                                                                  \
    X(EMPTY_FIELD, "empty-field") /* ";;" */                                                       \
    X(NO_EQUALS, "no-equals")                                                                      \
    X(BAD_NAME, "bad-name")                                                                        \
    X(BAD_VALUE, "bad-value")                                                                      \
    X(WHITE_SPACE, "white-space")                                                                  \
    /* of a policy line */                                                                         \
    X(COMMENT, "comment")                                                                          \
    X(JSON, "json")                                                                                \
    X(QUOTED, "quoted")                                                                            \
    X(NO_COLON, "no-colon")                                                                        \
    X(NO_FIELD, "no-field") /* of the whole text: not one field of a policy */                     \
    X(CONTROL_CHARACTER, "control-character")                                                      \
    X(UTF16, "utf-16")                                                                             \
    X(DIFFERENT, "different")       /* a repeated field with another value */                      \
    X(DRAFT_REPORT, "draft-report") /* mode: report, a draft's word for testing */                 \
    X(LETTER_CASE, "letter-case")   /* Enforce, ENFORCE */                                         \
    X(NOT_DIGITS, "not-digits")                                                                    \
    X(TOO_MANY_DIGITS, "too-many-digits")                                                          \
    /* of an mx pattern */                                                                         \
    X(MX_EMAIL, "mx-email")                                                                        \
    X(MX_TRAILING_DOT, "mx-trailing-dot")                                                          \
    X(MX_LEADING_DOT, "mx-leading-dot")                                                            \
    X(MX_BARE_STAR, "mx-bare-star")                                                                \
    X(MX_STAR_INSIDE, "mx-star-inside") /* foo*.example, mail.*.example, two stars */              \
    X(MX_ADDRESS, "mx-address")         /* an IP address */                                        \
    X(MX_U_LABEL, "mx-u-label")         /* not ASCII: the A-label belongs there */                 \
    X(MX_LIST, "mx-list")               /* several names in one line */                            \
    X(MX_PREFERENCE, "mx-preference")   /* "10 mail.example.com" */                                \
    X(MX_UNDERSCORE, "mx-underscore")                                                              \
    X(MX_URL, "mx-url")                                                                            \
    X(MX_LABEL, "mx-label") /* a label empty, over 63, or with a bad character */                  \
    /* of a reporting URI */                                                                       \
    X(URI_SCHEME, "uri-scheme")       /* neither mailto: nor https: */                             \
    X(URI_NO_SCHEME, "uri-no-scheme") /* a bare address */                                         \
    X(URI_UNENCODED, "uri-unencoded") /* '!' or other character to be percent-encoded */           \
    X(URI_SPACE, "uri-space")                                                                      \
    X(URI_MALFORMED, "uri-malformed")                                                              \
    /* of any place */                                                                             \
    X(HIDDEN_CHARACTER, "hidden-character") /* cannot be seen, or is not what it looks like */     \
    X(LITERAL_LINE_END, "literal-line-end") /* the two characters \\n in place of a line end */    \
    X(KEY_TYPO, "key-typo")                 /* an unknown key, plainly meant as a known one */     \
    X(MX_PORT, "mx-port")                   /* "mail.example.com:25" */

enum sts_issue_reason {
#define X(symbol, name) STS_REASON_##symbol,
    STS_ISSUE_REASONS(X)
#undef X
        STS_REASON_COUNT
};

struct sts_issue {
    enum sts_issue_code code;
    enum sts_issue_reason reason;
    size_t offset;   /* bytes from the start of the text */
    size_t length;   /* bytes; 0 where something is missing */
    unsigned line;   /* from 1; a record is one line */
    unsigned column; /* bytes from 1 */
};

/* The stable name, "policy-mx-invalid".  Never NULL. */
STS_API const char *sts_issue_name(enum sts_issue_code code);
STS_API const char *sts_reason_name(enum sts_issue_reason reason);

/* ---- for people ------------------------------------------------------------------------------ */

#define STS_ISSUE_TEXT_SIZE 1024 /* bytes that hold any sentence, filled in, and its NUL */

/* What is wrong, in English: a sentence with places such as {line} and {found}.  It is a msgid of
 * the gettext domain "mtasts", so a caller who has a locale may translate it:
 *
 *     sentence = dgettext("mtasts", sts_issue_sentence(issue->code, issue->reason));
 *     status = sts_issue_text(issue, sentence, text, length, buffer, sizeof(buffer));
 *
 * Never NULL; "" where the code is out of range.  A constant. */
STS_API const char *sts_issue_sentence(enum sts_issue_code code, enum sts_issue_reason reason);

/* A sentence with its places filled in from the text that was parsed.  Values are untrusted: they
 * are made printable (control, bidirectional and invisible characters stand as \\xNN) and long ones
 * are cut, with an ellipsis.  The buffer holds UTF-8 and a NUL in any case, cut where it is smaller
 * than the sentence.  Errors: STS_E_NOMEM, a value is missing; STS_E_INVALID, size is 0. */
STS_API STS_MUST_USE enum sts_status sts_issue_text(const struct sts_issue *issue,
                                                    const char *sentence, const char *text,
                                                    size_t length, char *buffer, size_t size);

#ifdef __cplusplus
}
#endif

#endif
