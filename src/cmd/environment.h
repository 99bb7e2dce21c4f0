/* SPDX-License-Identifier: MIT */
/* environment.h - what the environment says of the network: the proxy, as other programs read it,
 * and whether it is a laboratory. */
#ifndef CMD_ENVIRONMENT_H
#define CMD_ENVIRONMENT_H

#include <stdbool.h>

/* The variable that names the proxy for https; NULL: none is set. */
const char *environment_proxy_variable(void);
/* Its value; NULL: none, or it is empty. */
const char *environment_proxy(void);
/* The hosts reached without it; NULL: not set. */
const char *environment_no_proxy(void);

/* As --allow-private: a laboratory says so for all that is run in it. */
bool environment_allows_private(void);

#endif
