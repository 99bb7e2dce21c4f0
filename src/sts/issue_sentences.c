/* SPDX-License-Identifier: MIT */
/* issue_sentences.c - the sentence for each way in which a text can be wrong. */
#include "mtasts/issue.h"

#include "base/msgid.h"

/* Rows with a reason stand before the row that takes all others of the code.  A sentence with
 * {found} is for issues that have an extent. */
#define ROW(symbol, reason, sentence)                                                              \
    {                                                                                              \
        STS_ISSUE_##symbol, STS_REASON_##reason, sentence                                          \
    }

static const struct {
    enum sts_issue_code code;
    enum sts_issue_reason reason; /* NONE: any other */
    const char *sentence;
} rows[] = {
    /* the _mta-sts record */
    ROW(RECORD_VERSION_INVALID, VERSION_TYPO,
        N_("The record must begin with exactly \"v=STSv1;\": \"{text}\".")),
    ROW(RECORD_VERSION_INVALID, VERSION_SPACED,
        N_("No space is allowed around the '=' in \"v=STSv1;\": \"{text}\".")),
    ROW(RECORD_VERSION_INVALID, VERSION_NOT_FIRST,
        N_("\"v=STSv1;\" must come first in the record: \"{text}\".")),
    ROW(RECORD_VERSION_INVALID, VERSION_NO_DELIMITER,
        N_("The semicolon after \"v=STSv1\" is missing: \"{text}\".")),
    ROW(RECORD_VERSION_INVALID, WHITE_SPACE,
        N_("Whitespace precedes \"v=STSv1;\", so senders ignore the record: \"{text}\".")),
    ROW(RECORD_VERSION_INVALID, NONE,
        N_("The record does not begin with \"v=STSv1;\": \"{text}\".")),
    ROW(RECORD_ID_MISSING, NONE, N_("The record has no id field: \"{text}\".")),
    ROW(RECORD_ID_INVALID, HIDDEN_CHARACTER,
        N_("Column {column} contains {character}, but only ASCII is allowed there: \"{text}\".")),
    ROW(RECORD_ID_INVALID, TOO_LONG, N_("The id is longer than 32 characters: \"{text}\".")),
    ROW(RECORD_ID_INVALID, EMPTY_VALUE, N_("The id is empty: \"{text}\".")),
    ROW(RECORD_ID_INVALID, BAD_CHARACTER,
        N_("The id may contain only letters and digits, not \"{found}\" at column {column}: "
           "\"{text}\".")),
    ROW(RECORD_ID_INVALID, NONE,
        N_("The id is not 1 to 32 letters and digits (column {column}): \"{text}\".")),
    ROW(RECORD_SYNTAX_INVALID, HIDDEN_CHARACTER,
        N_("Column {column} contains {character}, but only ASCII is allowed there: \"{text}\".")),
    ROW(RECORD_SYNTAX_INVALID, EMPTY_FIELD,
        N_("Column {column} contains an empty field: \"{text}\".")),
    ROW(RECORD_SYNTAX_INVALID, NO_EQUALS,
        N_("The field at column {column} has no '=': \"{text}\".")),
    ROW(RECORD_SYNTAX_INVALID, BAD_NAME,
        N_("The name of the field at column {column} is invalid: \"{text}\".")),
    ROW(RECORD_SYNTAX_INVALID, BAD_VALUE,
        N_("The value of the field at column {column} is invalid: \"{text}\".")),
    ROW(RECORD_SYNTAX_INVALID, NONE,
        N_("The record violates the grammar at column {column}: \"{text}\".")),
    ROW(RECORD_POLICY_PASTED, NONE,
        N_("The record contains policy fields, which belong in the file at the policy host: "
           "\"{text}\".")),
    ROW(RECORD_QUOTED, NONE,
        N_("The record itself contains quotation marks or backslashes: {text}")),
    ROW(RECORD_DUPLICATE_FIELD, NONE,
        N_("Column {column} repeats a field; the first counts, but not for every sender: "
           "\"{text}\".")),
    ROW(RECORD_VERSION_SPACING, NONE,
        N_("There is a space before the first semicolon; some senders ignore such a record: "
           "\"{text}\".")),
    ROW(RECORD_TRAILING_SPACE, NONE,
        N_("There are spaces after the last field; strict senders reject that: \"{text}\".")),

    /* the policy */
    ROW(POLICY_EMPTY, NONE, N_("The policy file is empty.")),
    ROW(POLICY_HTML, NONE, N_("A web page is served instead of the policy.")),
    ROW(POLICY_BOM, UTF16,
        N_("The policy file is encoded in UTF-16; senders read "
           "ASCII.")),
    ROW(POLICY_BOM, NONE,
        N_("The policy file begins with a byte order mark, so its first line is not recognised.")),
    ROW(POLICY_BARE_CR, NONE, N_("Line {line} ends with CR only; it must end with LF or CR LF.")),
    ROW(POLICY_LINE_MALFORMED, LITERAL_LINE_END,
        N_("Line {line} contains a backslash and a letter (\"\\n\") at column {column}, where the "
           "line should end.")),
    ROW(POLICY_LINE_MALFORMED, HIDDEN_CHARACTER,
        N_("Line {line} contains {character} at column {column}, where only ASCII is allowed: "
           "\"{line_text}\".")),
    ROW(POLICY_LINE_MALFORMED, COMMENT,
        N_("Line {line} has a comment, which policies do not allow: \"{line_text}\".")),
    ROW(POLICY_LINE_MALFORMED, JSON,
        N_("The policy is written as JSON; it must consist of \"key: value\" lines.")),
    ROW(POLICY_LINE_MALFORMED, QUOTED,
        N_("Line {line} contains quotation marks, which do not belong there: \"{line_text}\".")),
    ROW(POLICY_LINE_MALFORMED, NO_COLON, N_("Line {line} has no colon: \"{line_text}\".")),
    ROW(POLICY_LINE_MALFORMED, NO_FIELD,
        N_("The text is not a policy: none of its lines is a policy field; the first is "
           "\"{line_text}\".")),
    ROW(POLICY_LINE_MALFORMED, EMPTY_VALUE, N_("Line {line} has no value: \"{line_text}\".")),
    ROW(POLICY_LINE_MALFORMED, CONTROL_CHARACTER,
        N_("Line {line} contains a control character at column {column}.")),
    ROW(POLICY_LINE_MALFORMED, NONE, N_("Line {line} is not \"key: value\".")),
    ROW(POLICY_VERSION_MISSING, KEY_TYPO,
        N_("The \"{wanted}:\" line is missing; line {line} is probably meant to be it, but its key "
           "is \"{key}\": \"{line_text}\".")),
    ROW(POLICY_VERSION_MISSING, NONE, N_("The policy has no \"version: STSv1\" line.")),
    ROW(POLICY_VERSION_INVALID, HIDDEN_CHARACTER,
        N_("Line {line} contains {character} at column {column}, where only ASCII is allowed: "
           "\"{line_text}\".")),
    ROW(POLICY_VERSION_INVALID, NONE,
        N_("The version in line {line} is not exactly STSv1: \"{line_text}\".")),
    ROW(POLICY_MODE_MISSING, KEY_TYPO,
        N_("The \"{wanted}:\" line is missing; line {line} is probably meant to be it, but its key "
           "is \"{key}\": \"{line_text}\".")),
    ROW(POLICY_MODE_MISSING, NONE, N_("The policy has no \"mode:\" line.")),
    ROW(POLICY_MODE_INVALID, HIDDEN_CHARACTER,
        N_("Line {line} contains {character} at column {column}, where only ASCII is allowed: "
           "\"{line_text}\".")),
    ROW(POLICY_MODE_INVALID, DRAFT_REPORT,
        N_("Line {line}: \"report\" comes from a draft of the standard; use \"testing\".")),
    ROW(POLICY_MODE_INVALID, LETTER_CASE,
        N_("The mode in line {line} must be in lower case: \"{line_text}\".")),
    ROW(POLICY_MODE_INVALID, NONE,
        N_("The mode in line {line} is not enforce, testing or none: \"{line_text}\".")),
    ROW(POLICY_MAX_AGE_MISSING, KEY_TYPO,
        N_("The \"{wanted}:\" line is missing; line {line} is probably meant to be it, but its key "
           "is \"{key}\": \"{line_text}\".")),
    ROW(POLICY_MAX_AGE_MISSING, NONE, N_("The policy has no \"max_age:\" line.")),
    ROW(POLICY_MAX_AGE_INVALID, HIDDEN_CHARACTER,
        N_("Line {line} contains {character} at column {column}, where only ASCII is allowed: "
           "\"{line_text}\".")),
    ROW(POLICY_MAX_AGE_INVALID, TOO_MANY_DIGITS,
        N_("max_age in line {line} has more than ten digits: \"{line_text}\".")),
    ROW(POLICY_MAX_AGE_INVALID, NONE,
        N_("max_age in line {line} is not a number of seconds: \"{line_text}\".")),
    ROW(POLICY_MAX_AGE_TOO_LARGE, NONE,
        N_("max_age in line {line} is more than a year (31557600 seconds): \"{line_text}\".")),
    ROW(POLICY_MX_MISSING, KEY_TYPO,
        N_("The \"{wanted}:\" line is missing; line {line} is probably meant to be it, but its key "
           "is \"{key}\": \"{line_text}\".")),
    ROW(POLICY_MX_MISSING, NONE, N_("The policy has no \"mx:\" line.")),
    ROW(POLICY_MX_MISSING_IN_NONE, KEY_TYPO,
        N_("The \"{wanted}:\" line is missing; line {line} is probably meant to be it, but its key "
           "is \"{key}\": \"{line_text}\".")),
    ROW(POLICY_MX_MISSING_IN_NONE, NONE,
        N_("The policy has no \"mx:\" line; this is valid with mode none, but some senders "
           "reject it.")),
    ROW(POLICY_MX_INVALID, MX_PORT,
        N_("Line {line} contains a port, which does not belong there: \"{found}\".")),
    ROW(POLICY_MX_INVALID, HIDDEN_CHARACTER,
        N_("Line {line} contains {character} at column {column}, where only ASCII is allowed: "
           "\"{line_text}\".")),
    ROW(POLICY_MX_INVALID, MX_EMAIL,
        N_("Line {line} contains an email address instead of an MX host name: \"{found}\".")),
    ROW(POLICY_MX_INVALID, MX_TRAILING_DOT,
        N_("The pattern in line {line} ends with a dot: \"{found}\".")),
    ROW(POLICY_MX_INVALID, MX_LEADING_DOT,
        N_("The pattern in line {line} begins with a dot; a wildcard is written \"*.\": "
           "\"{found}\".")),
    ROW(POLICY_MX_INVALID, MX_BARE_STAR,
        N_("Line {line}: an asterisk alone is not a pattern; a domain must follow.")),
    ROW(POLICY_MX_INVALID, MX_STAR_INSIDE,
        N_("Line {line}: an asterisk is allowed only as the whole first label: \"{found}\".")),
    ROW(POLICY_MX_INVALID, MX_ADDRESS,
        N_("Line {line} contains an IP address instead of a host name: \"{found}\".")),
    ROW(POLICY_MX_INVALID, MX_U_LABEL,
        N_("The name in line {line} must be written in its ASCII form (xn--): \"{found}\".")),
    ROW(POLICY_MX_INVALID, MX_LIST,
        N_("Line {line} lists several names; each needs a line of its own: \"{found}\".")),
    ROW(POLICY_MX_INVALID, MX_PREFERENCE,
        N_("Line {line} contains a preference number, which does not belong there: \"{found}\".")),
    ROW(POLICY_MX_INVALID, MX_UNDERSCORE,
        N_("The name in line {line} contains an underscore: \"{found}\".")),
    ROW(POLICY_MX_INVALID, MX_URL,
        N_("Line {line} contains a URL instead of a host name: \"{found}\".")),
    ROW(POLICY_MX_INVALID, EMPTY_VALUE, N_("The pattern in line {line} is empty.")),
    ROW(POLICY_MX_INVALID, TOO_LONG,
        N_("The policy has more than 1,024 mx lines; those from line {line} on were not read: "
           "\"{line_text}\".")),
    ROW(POLICY_MX_INVALID, NONE,
        N_("The pattern in line {line} is not a host name: \"{line_text}\".")),
    ROW(POLICY_KEY_CASE, NONE,
        N_("The key in line {line} must be in lower case: \"{line_text}\".")),
    ROW(POLICY_DUPLICATE_FIELD, DIFFERENT,
        N_("Line {line} repeats \"{key}\" with a different value; some senders use the first, "
           "others the last.")),
    ROW(POLICY_DUPLICATE_FIELD, NONE, N_("Line {line} repeats a field: \"{line_text}\".")),
    ROW(POLICY_BLANK_LINE, NONE, N_("Line {line} is blank.")),
    ROW(POLICY_SPACING, NONE,
        N_("Line {line} has spaces where none are allowed (column {column}): \"{line_text}\".")),
    ROW(POLICY_EXTENSION_INVALID, KEY_TYPO,
        N_("Line {line} is a field that violates the grammar; did you mean \"{wanted}\"? "
           "\"{line_text}\".")),
    ROW(POLICY_EXTENSION_INVALID, NONE,
        N_("Line {line} is an unknown field that violates the grammar: \"{line_text}\".")),
    ROW(POLICY_EXTENSION_UNKNOWN, LETTER_CASE,
        N_("Senders ignore line {line}: keys are case-sensitive, and another line of the policy "
           "has \"{wanted}\": \"{line_text}\".")),
    ROW(POLICY_EXTENSION_UNKNOWN, KEY_TYPO,
        N_("Senders ignore line {line}, whose key no standard defines; did you mean "
           "\"{wanted}\"? \"{line_text}\".")),
    ROW(POLICY_EXTENSION_UNKNOWN, NONE,
        N_("Line {line} is a field that senders ignore: \"{line_text}\".")),

    /* the _smtp._tls record */
    ROW(TLSRPT_VERSION_INVALID, VERSION_NO_DELIMITER,
        N_("The semicolon after \"v=TLSRPTv1\" is missing: \"{text}\".")),
    ROW(TLSRPT_VERSION_INVALID, WHITE_SPACE,
        N_("Whitespace precedes \"v=TLSRPTv1;\", so senders ignore the record: \"{text}\".")),
    ROW(TLSRPT_VERSION_INVALID, NONE,
        N_("The record must begin with exactly \"v=TLSRPTv1;\": \"{text}\".")),
    ROW(TLSRPT_VERSION_SPACING, NONE,
        N_("There is whitespace before the first semicolon: \"{text}\".")),
    ROW(TLSRPT_SYNTAX_INVALID, HIDDEN_CHARACTER,
        N_("Column {column} contains {character}, but only ASCII is allowed there: \"{text}\".")),
    ROW(TLSRPT_SYNTAX_INVALID, NONE,
        N_("The record violates the grammar at column {column}: \"{text}\".")),
    ROW(TLSRPT_RUA_MISSING, NONE,
        N_("The record names no destination for reports (rua=): \"{text}\".")),
    ROW(TLSRPT_RUA_INVALID, HIDDEN_CHARACTER,
        N_("Column {column} contains {character}, but only ASCII is allowed there: \"{text}\".")),
    ROW(TLSRPT_RUA_INVALID, URI_NO_SCHEME,
        N_("\"{found}\" must begin with \"mailto:\" or \"https:\".")),
    ROW(TLSRPT_RUA_INVALID, URI_SCHEME,
        N_("Reports can only be sent to \"mailto:\" or \"https:\", not to \"{found}\".")),
    ROW(TLSRPT_RUA_INVALID, URI_UNENCODED,
        N_("\"{found}\" contains a character that must be percent-encoded.")),
    ROW(TLSRPT_RUA_INVALID, URI_SPACE,
        N_("The report address at column {column} contains a space: \"{text}\".")),
    ROW(TLSRPT_RUA_INVALID, NONE,
        N_("The report address at column {column} is not a URI: \"{text}\".")),
};

const char *sts_issue_sentence(enum sts_issue_code code, enum sts_issue_reason reason)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].code == code && (rows[i].reason == STS_REASON_NONE || rows[i].reason == reason))
            return rows[i].sentence;
    return "";
}
