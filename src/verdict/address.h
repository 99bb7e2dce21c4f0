/* SPDX-License-Identifier: MIT */
/* address.h - addresses that nobody on the internet can reach. */
#ifndef VERDICT_ADDRESS_H
#define VERDICT_ADDRESS_H

#include "verdict/view.h"

enum address_kind {
    ADDRESS_PUBLIC,
    ADDRESS_PLACEHOLDER, /* discard and documentation blocks: they stand for "behind a proxy" */
    ADDRESS_PRIVATE,     /* of a private network, of the machine itself, reserved */
};

/* By its number (base/special_address.h); PUBLIC too where it lies in a block from which something
 * answered this check: then it was made in such a network, where the block's addresses mean
 * something.  Blocks for laboratories count as public inside one. */
enum address_kind address_kind(const struct facts *facts, const char *address);
/* PUBLIC only for the reason above, and it is a private network: senders elsewhere see another. */
bool address_is_inner(const struct facts *facts, const char *address);

#endif
