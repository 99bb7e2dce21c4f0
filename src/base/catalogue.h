/* SPDX-License-Identifier: MIT */
/* catalogue.h - sentences and their translations out of a gettext catalogue (.mo).
 *
 * libintl chooses the catalogue by the environment, LANGUAGE first, so all threads of a process
 * have one language, and no locale of a thread changes that.  Hence a reader of our own, for the
 * file that msgfmt writes: sorted msgids, looked up by halving.  It keeps nothing but the borrowed
 * bytes, asks no environment and no lock, and trusts no offset in the file. */
#ifndef BASE_CATALOGUE_H
#define BASE_CATALOGUE_H

#include <stdint.h>

#include "base/bytes.h"

struct catalogue {
    struct bytes file;
    bool big_endian;
    uint32_t count, msgids, translations; /* how many, and where their tables begin */
};

/* False: it is none, or shorter than its own tables. */
bool catalogue_read(struct bytes file, struct catalogue *ret);
/* The translation, in its form-th form (0: the singular, or the only one); NULL: it has none.
 * Borrowed from the file. */
const char *catalogue_find(const struct catalogue *catalogue, const char *msgid, unsigned form);

#endif
