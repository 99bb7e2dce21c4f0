/* SPDX-License-Identifier: MIT */
/* extension.c - names and values of extension fields (RFC 8461 sections 3.1, 3.2; 8460 section 3).
 */
#include "sts/extension.h"

#include "base/ascii.h"
#include "base/hidden.h"
#include "base/text.h"

#define NAME_MAX_LENGTH 32

static const struct extension_fault none = {STS_REASON_NONE, 0, 0};

struct extension_fault extension_name_fault(struct bytes name)
{
    if (!name.length)
        return (struct extension_fault){STS_REASON_BAD_NAME, 0, 0};
    for (size_t i = 0; i < name.length; i++) {
        char c = name.data[i];
        bool mark = c == '_' || c == '-' || c == '.';

        if (hidden_at(bytes_from(name, i)))
            return (struct extension_fault){STS_REASON_HIDDEN_CHARACTER, i,
                                            text_character(name.data + i, name.length - i)};
        if (!ascii_is_alnum((unsigned char)c) && !(mark && i > 0))
            return (struct extension_fault){STS_REASON_BAD_NAME, i, 1};
    }
    if (name.length > NAME_MAX_LENGTH)
        return (struct extension_fault){STS_REASON_TOO_LONG, 0, name.length};
    return none;
}

struct extension_fault extension_record_value_fault(struct bytes value)
{
    if (!value.length)
        return (struct extension_fault){STS_REASON_EMPTY_VALUE, 0, 0};
    for (size_t i = 0; i < value.length; i++) {
        unsigned char c = (unsigned char)value.data[i];

        if (ascii_is_blank(c))
            return (struct extension_fault){STS_REASON_WHITE_SPACE, i, 1};
        if (c < '!' || c > '~' || c == '=' || c == ';')
            return (struct extension_fault){STS_REASON_BAD_VALUE, i, 1};
    }
    return none;
}

struct extension_fault extension_policy_value_fault(struct bytes value)
{
    if (!value.length)
        return (struct extension_fault){STS_REASON_EMPTY_VALUE, 0, 0};
    for (size_t i = 0; i < value.length; i++) {
        unsigned char c = (unsigned char)value.data[i];

        if (c < ' ' || c == 0x7f)
            return (struct extension_fault){STS_REASON_CONTROL_CHARACTER, i, 1};
    }
    if (!text_is_utf8(value.data, value.length))
        return (struct extension_fault){STS_REASON_BAD_VALUE, 0, value.length};
    return none;
}
