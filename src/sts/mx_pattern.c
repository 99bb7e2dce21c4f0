/* SPDX-License-Identifier: MIT */
/* mx_pattern.c - why the value of an "mx" line is no pattern. */
#include "sts/mx_pattern.h"

#include "base/ascii.h"
#include "base/hname.h"
#include "base/scanner.h"
#include "base/text.h"

static bool has(struct bytes text, char c)
{
    return bytes_find_char(text, c) >= 0;
}

static bool is_list(struct bytes text)
{
    return has(text, ' ') || has(text, '\t') || has(text, ',') || has(text, ';');
}

static bool is_ascii(struct bytes text)
{
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.data[i] >= 0x80)
            return false;
    return true;
}

static bool is_number(struct bytes text)
{
    struct scanner scanner = scanner_begin(text);

    return scanner_while(&scanner, ascii_is_digit).length && scanner_at_end(&scanner);
}

/* "10 mail.example.com", "mail.example.com 10" */
static bool has_preference(struct bytes text)
{
    size_t end = 0;
    struct bytes behind;

    while (end < text.length && !ascii_is_blank((unsigned char)text.data[end]))
        end++;
    behind = bytes_trim(bytes_from(text, end));
    return behind.length && (is_number((struct bytes){text.data, end}) || is_number(behind));
}

/* "mail.example.com:25" */
static bool has_port(struct bytes text)
{
    long colon = bytes_find_char(text, ':');

    return colon > 0 && is_number(bytes_from(text, (size_t)colon + 1));
}

/* Something else than a name was put there. */
static enum sts_issue_reason kind_fault(struct bytes text)
{
    if (has(text, '/'))
        return STS_REASON_MX_URL;
    if (has(text, '@'))
        return STS_REASON_MX_EMAIL;
    if (hname_is_address(text))
        return STS_REASON_MX_ADDRESS;
    if (has_preference(text))
        return STS_REASON_MX_PREFERENCE;
    if (has_port(text))
        return STS_REASON_MX_PORT;
    if (is_list(text))
        return STS_REASON_MX_LIST;
    if (!is_ascii(text))
        return text_is_utf8(text.data, text.length) ? STS_REASON_MX_U_LABEL
                                                    : STS_REASON_BAD_CHARACTER;
    return STS_REASON_NONE;
}

/* A name, but not as it must be written. */
static enum sts_issue_reason form_fault(struct bytes text)
{
    struct bytes name = bytes_from(text, bytes_begin(text, "*.") ? 2 : 0);

    if (bytes_equal(text, "*") || bytes_equal(text, "*."))
        return STS_REASON_MX_BARE_STAR;
    if (has(name, '*'))
        return STS_REASON_MX_STAR_INSIDE;
    if (text.data[0] == '.')
        return STS_REASON_MX_LEADING_DOT;
    if (text.data[text.length - 1] == '.')
        return STS_REASON_MX_TRAILING_DOT;
    if (has(name, '_'))
        return STS_REASON_MX_UNDERSCORE;
    return hname_valid(name) ? STS_REASON_NONE : STS_REASON_MX_LABEL;
}

enum sts_issue_reason mx_pattern_fault(struct bytes pattern)
{
    enum sts_issue_reason reason;

    if (!pattern.length)
        return STS_REASON_EMPTY_VALUE;
    reason = kind_fault(pattern);
    return reason ? reason : form_fault(pattern);
}
