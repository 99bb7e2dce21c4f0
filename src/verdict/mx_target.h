/* SPDX-License-Identifier: MIT */
/* mx_target.h - the target of an MX record: is it a host that a sender can find and reach? */
#ifndef VERDICT_MX_TARGET_H
#define VERDICT_MX_TARGET_H

#include "facts/facts.h"

enum mx_target {
    MX_TARGET_HOST,
    MX_TARGET_ADDRESS,
    MX_TARGET_LOCALHOST,
    MX_TARGET_ONE_LABEL,
    MX_TARGET_BAD_NAME, /* an underscore, for example: DNS allows it, host names do not */
};
/* By the name alone. */
enum mx_target mx_target_of(const char *name);

/* Addresses of the host that nobody on the internet can reach. */
struct mx_nowhere {
    size_t of, count; /* addresses known; those among them that lead nowhere */
    bool own;         /* one is of the machine itself (base/special_address.h) */
};
struct mx_nowhere mx_nowhere(const struct facts *facts, const struct mx_host *host);
bool mx_address_is_nowhere(const struct facts *facts, const char *address);

/* Can a sender find it and connect to it, as far as DNS tells?  Where it cannot, no mx line of a
 * policy helps. */
bool mx_target_findable(const struct facts *facts, const struct mx_host *host);

#endif
