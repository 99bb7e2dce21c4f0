/* SPDX-License-Identifier: MIT */
/* lang.h - the language of the output, where nobody else chose one. */
#ifndef CMD_LANG_H
#define CMD_LANG_H

#include <stdbool.h>

/* Opens the catalogues; the locale's language. */
void lang_start(void);
/* "en" or "de", or a locale such as "de_AT.UTF-8", whether it is installed or not. */
bool lang_is_known(const char *language);
void lang_use(const char *language);

#endif
