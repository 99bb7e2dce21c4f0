/* SPDX-License-Identifier: MIT */
/* routes.h - is there a way out of this machine?  Nothing is sent. */
#ifndef NET_ROUTES_H
#define NET_ROUTES_H

#include <stdbool.h>

/* family: AF_INET or AF_INET6.  Would a datagram to the internet leave, from an address that
 * others can answer? */
bool route_exists(int family);

#endif
