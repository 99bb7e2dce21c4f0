/* SPDX-License-Identifier: MIT */
/* mx_meant.h - the name that an MX record was meant to hold. */
#ifndef RULES_MX_MEANT_H
#define RULES_MX_MEANT_H

#include <talloc.h>

#include "facts/facts.h"

/* The name that was meant where the final dot is missing and the zone's name was appended:
 * "mx.example.com" for mx.example.com.example.com, which does not exist.  NULL: not so. */
const char *mx_target_meant(const struct facts *facts, const struct mx_host *host, TALLOC_CTX *ctx);

#endif
