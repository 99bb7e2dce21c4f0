/* SPDX-License-Identifier: MIT */
/* environment.h - the proxy that the environment names, as other programs read it. */
#ifndef CMD_ENVIRONMENT_H
#define CMD_ENVIRONMENT_H

/* The variable that names the proxy for https; NULL: none is set. */
const char *environment_proxy_variable(void);
/* Its value; NULL: none, or it is empty. */
const char *environment_proxy(void);
/* The hosts reached without it; NULL: not set. */
const char *environment_no_proxy(void);

#endif
