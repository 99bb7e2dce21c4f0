/* SPDX-License-Identifier: MIT */
/* domain_import.h - domains and their tags out of what somebody typed, pasted or uploaded.
 *
 * Plain text: domains between line ends, blanks, commas and semicolons, each in whatever form
 * base/pasted.h understands; what follows a '#' at the beginning of a line is a remark.  Where the
 * first line names the columns of a table and the first is "domain", the text is CSV (RFC 4180,
 * with commas, semicolons or tabs; no field goes on in another line), of which the columns "domain"
 * and "tags" count: what the service exports is read again. */
#ifndef APP_DOMAIN_IMPORT_H
#define APP_DOMAIN_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "base/bytes.h"

#define IMPORT_LINES_MAX 50000 /* and so many domains: more than any owner has */
#define IMPORT_BYTES_MAX (4u << 20)

enum import_fault {
    IMPORT_NO_DOMAIN,  /* it is no domain name */
    IMPORT_NO_TAG,     /* a tag of it is none */
    IMPORT_BEYOND_MAX, /* there are IMPORT_LINES_MAX before it */
};
/* A msgid. */
const char *import_fault_text(enum import_fault fault);

struct import_domain {
    const char *name; /* A-labels, lower case */
    const char *tags; /* as domain_tags() has them; "": none */
    int64_t line;     /* where it came first, from 1 */
};

struct import_refused {
    int64_t line;
    const char *given; /* fit to be seen */
    enum import_fault fault;
};

struct domain_import {
    struct import_domain *domains; /* each once, in their order */
    size_t domain_count;
    struct import_refused *refused; /* of IMPORT_BEYOND_MAX the first */
    size_t refused_count;
    size_t repeated; /* words that name a domain once more */
};

/* Owned by ctx.  STS_E_LIMIT: longer than IMPORT_BYTES_MAX. */
STS_MUST_USE enum sts_status domain_import_read(TALLOC_CTX *ctx, struct bytes text,
                                                struct domain_import **ret);

#endif
