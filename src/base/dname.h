/* SPDX-License-Identifier: MIT */
/* dname.h - names of the DNS: labels of any octets, which a text holds as RFC 1035 section 5.1
 * writes them, `\.` for an octet that is no separator, `\032` for one that cannot be seen. */
#ifndef BASE_DNAME_H
#define BASE_DNAME_H

#include <stdbool.h>

#include "base/bytes.h"

#define DNAME_MAX 255 /* octets of a name in a message, with the root label */

/* A name that a DNS message can hold, written in visible ASCII without a final dot; "." is the
 * root. */
bool dname_valid(struct bytes name);
/* The same of any length: what may be asked for, though nobody can answer. */
bool dname_labels_valid(struct bytes name);

#endif
