/* SPDX-License-Identifier: MIT */
/* lang.h - the language of the output, where nobody else chose one. */
#ifndef CMD_LANG_H
#define CMD_LANG_H

/* Opens the catalogues; the locale's language. */
void lang_start(void);
/* "en" or "de", whatever the locale is. */
void lang_use(const char *language);

#endif
