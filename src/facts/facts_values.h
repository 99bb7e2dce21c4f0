/* SPDX-License-Identifier: MIT */
/* facts_values.h - what a member of the facts can be: no observation holds anything else.
 *
 * Private to facts/. */
#ifndef FACTS_FACTS_VALUES_H
#define FACTS_FACTS_VALUES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

/* What other programs can hold exactly (RFC 7493), and no sum of two of them overflows. */
#define NUMBER_MAX ((int64_t)1 << 53)
/* The years 0000 to 9999: what a certificate can say. */
#define TIME_MIN (-62167219200)
#define TIME_MAX 253402300799

struct text_rule {
    bool (*holds)(struct bytes text);
    const char *what; /* "expected a host name" */
};

/* The domain that was asked for: a host name of lower-case A-labels. */
extern const struct text_rule text_domain;
/* A name out of the DNS (base/dname.h), and one asked of it, which may be too long to be there. */
extern const struct text_rule text_name, text_asked;
extern const struct text_rule text_address; /* IPv4 or IPv6 */
extern const struct text_rule text_hex;

#endif
