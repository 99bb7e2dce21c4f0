/* SPDX-License-Identifier: MIT */
/* ca_rows.h - public CAs, and the names by which CAA records mean them. */
#ifndef VENDORS_CA_ROWS_H
#define VENDORS_CA_ROWS_H

#include <stdbool.h>

#include "base/bytes.h"

struct ca_row {
    const char *name;                 /* for people */
    const char *const *organisations; /* how the O of its issuing certificates begins */
    const char *const *identifiers;   /* those it heeds, the usual one first */
};

/* By the issuer of a certificate, as in struct certificate; NULL: it is not known. */
const struct ca_row *ca_of_issuer(const char *issuer);
/* Does the CA heed this identifier? */
bool ca_heeds(const struct ca_row *ca, struct bytes identifier);

#endif
