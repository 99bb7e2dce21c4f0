/* SPDX-License-Identifier: MIT */
/* i18n.h - sentences in the reader's language, which each thread chooses for itself.
 *
 * N_() (base/msgid.h) marks a msgid where it stands in a table, _() looks it up where it is shown
 * (render/, cmd/).  The msgid itself is the English text.  Catalogues and the language that counts
 * where a thread chose none are set once, before there are other threads (cmd/lang.c); after that
 * nothing here needs a lock. */
#ifndef BASE_I18N_H
#define BASE_I18N_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/msgid.h"

enum i18n_language {
    I18N_DEFAULT, /* the process's */
    I18N_ENGLISH,
    I18N_GERMAN,
    I18N_LANGUAGE_COUNT
};
/* "en", "de"; I18N_DEFAULT: none of them. */
enum i18n_language i18n_language_named(const char *name);
const char *i18n_language_name(enum i18n_language language);

/* The catalogue of a language, which is borrowed for good.  False: it is none. */
bool i18n_add(enum i18n_language language, struct bytes catalogue);
void i18n_set_default(enum i18n_language language);

/* The language of this thread from now on; what it was comes back, to be set again afterwards. */
enum i18n_language i18n_use(enum i18n_language language);
/* What this thread chose, for another that works for it. */
enum i18n_language i18n_used(void);

/* The empty msgid is the catalogue's own header, never a sentence. */
__attribute__((format_arg(1))) const char *i18n_text(const char *msgid);
/* `one` for n == 1, else `many`; the language decides which numbers are which. */
__attribute__((format_arg(1), format_arg(2))) const char *i18n_plural(const char *one,
                                                                      const char *many,
                                                                      unsigned long n);

/* 1,234 or 1.234, for people; what is to be copied, or read by programs, has no separators. */
#define I18N_NUMBER_SIZE sizeof("-9.223.372.036.854.775.808")
const char *i18n_number(int64_t number, char text[I18N_NUMBER_SIZE]);

#define _(msgid) i18n_text(msgid)

#undef ngettext
#define ngettext(one, many, n) i18n_plural(one, many, n)

#endif
