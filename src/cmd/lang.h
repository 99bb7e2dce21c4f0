/* SPDX-License-Identifier: MIT */
/* lang.h - the language of the output. */
#ifndef CMD_LANG_H
#define CMD_LANG_H

/* The locale's language. */
void lang_start(void);
/* "en" or "de", whatever the locale is. */
void lang_use(const char *language);
/* Where the catalogues are, which are opened when they are first needed. */
const char *lang_folder(void);

#endif
