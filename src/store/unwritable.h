/* SPDX-License-Identifier: MIT */
/* unwritable.h - how a file of SQLite is read by somebody who may not write to it.
 *
 * In WAL mode even reading needs two files beside it, FILE-wal and FILE-shm.  Where they exist,
 * SQLite reads them as they are.  Where they do not, nobody has the store open; a reader would have
 * to create them, which it may not, or should not: they would be its own, and keep the owner of the
 * store out.  So the file is read as one that does not change, and looked at again after each
 * statement: if it did change, what was read counts for nothing. */
#ifndef STORE_UNWRITABLE_H
#define STORE_UNWRITABLE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

/* May the file be written to, and others be made beside it? */
bool unwritable_is(const char *path);
/* Is it of WAL mode, with no log beside it?  Then *ret is what it looks like. */
bool unwritable_is_at_rest(const char *path, struct stat *ret);
/* Does it still look like that, with no log beside it? */
bool unwritable_still_is(const char *path, const struct stat *before);

#endif
