/* SPDX-License-Identifier: MIT */
/* environment.h - what the environment says of options, over what files say: the store, colour, a
 * laboratory, and the proxy, as other programs read it. */
#ifndef CMD_ENVIRONMENT_H
#define CMD_ENVIRONMENT_H

/* The variable that overrides files for the option of that long name; NULL: none is set. */
const char *environment_variable(const char *option);
/* What it says, as a value of the option; NULL: none is set. */
const char *environment_value(const char *option);

/* The proxy for https; NULL: none. */
const char *environment_proxy(void);
/* The hosts reached without it; NULL: not set. */
const char *environment_no_proxy(void);

#endif
