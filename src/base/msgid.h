/* SPDX-License-Identifier: MIT */
/* msgid.h - marks a sentence for translation where it stands in a table.
 *
 * Whoever shows it looks it up (base/i18n.h). */
#ifndef BASE_MSGID_H
#define BASE_MSGID_H

/* In parentheses, so that a comma forgotten between two of them does not compile. */
#define N_(text) (text)

#endif
