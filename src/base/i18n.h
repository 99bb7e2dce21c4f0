/* SPDX-License-Identifier: MIT */
/* i18n.h - sentences in the user's language.
 *
 * N_() (base/msgid.h) marks a msgid where it stands in a table, _() looks it up where it is shown
 * (render/, cmd/). The domain is named in each look-up, so nothing depends on textdomain();
 * cmd/lang.c binds it to the folder of the catalogues.  Without a catalogue, without libintl, or in
 * the C locale the msgid itself is the English text. */
#ifndef BASE_I18N_H
#define BASE_I18N_H

#include "base/msgid.h"

#if __has_include(<libintl.h>) && !defined(MTASTS_NO_NLS)
#include <libintl.h>
#else
#define dgettext(domain, msgid)         ((void)(domain), (msgid))
#define dngettext(domain, one, many, n) ((void)(domain), (n) == 1 ? (one) : (many))
#endif

#define I18N_DOMAIN "mtasts"

/* The empty msgid is the catalogue's own header, never a sentence. */
__attribute__((format_arg(1))) static inline const char *i18n_text(const char *msgid)
{
    return *msgid ? dgettext(I18N_DOMAIN, msgid) : msgid;
}

#define _(msgid) i18n_text(msgid)

/* `one` for n == 1, else `many`; the language decides which numbers are which. */
#undef ngettext
#define ngettext(one, many, n) dngettext(I18N_DOMAIN, one, many, n)

#endif
