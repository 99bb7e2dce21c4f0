/* SPDX-License-Identifier: MIT */
/* collect_audit.h - mtasts collect audit: is every session that Postfix reported counted? */
#ifndef CMD_COLLECT_AUDIT_H
#define CMD_COLLECT_AUDIT_H

#include <string.h>

#include "cmd/options.h"

/* Is it asked for?  Then no socket is read. */
static inline bool collect_is_audit(const struct options *options)
{
    return options->operand_count && strcmp(options->operands[0], "audit") == 0;
}

int collect_audit(TALLOC_CTX *ctx, const struct options *options);

#endif
