/* SPDX-License-Identifier: MIT */
/* facts_values.c - rules for the texts of the facts. */
#include "facts/facts_values.h"

#include "base/ascii.h"
#include "base/dname.h"
#include "base/hname.h"
#include "base/i18n.h"

static bool is_domain(struct bytes text)
{
    for (size_t i = 0; i < text.length; i++)
        if (ascii_is_upper((unsigned char)text.data[i]))
            return false;
    return hname_valid(text);
}

static bool is_address(struct bytes text)
{
    return text.length && text.data[0] != '[' && hname_is_address(text);
}

static bool is_hex(struct bytes text)
{
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)ascii_lower(text.data[i]);

        if (!ascii_is_digit(c) && (c < 'a' || c > 'f'))
            return false;
    }
    return true;
}

const struct text_rule text_domain = {is_domain, N_("expected a host name of lower-case A-labels")};
const struct text_rule text_name = {dname_valid, N_("expected a DNS name")};
const struct text_rule text_asked = {dname_labels_valid, N_("expected a DNS name")};
const struct text_rule text_address = {is_address, N_("expected an IP address")};
const struct text_rule text_hex = {is_hex, N_("expected hexadecimal digits")};
