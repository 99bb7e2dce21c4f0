/* SPDX-License-Identifier: MIT */
/* own_address.h - addresses that mean the machine itself, its link, or nobody in particular.
 *
 * Whatever a stranger publishes, nothing is to be connected to at one of these: it would be our own
 * machine or one beside it. */
#ifndef BASE_OWN_ADDRESS_H
#define BASE_OWN_ADDRESS_H

#include <stdbool.h>

/* IPv4 or IPv6, as text without brackets or zone; also one of them mapped into IPv6.  False for
 * what is no address. */
bool own_address(const char *text);

#endif
