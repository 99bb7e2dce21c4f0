/* SPDX-License-Identifier: MIT */
/* replace.h - files that are replaced whole or not at all.
 *
 * The new contents are written beside the place, into a file that did not exist (O_EXCL) under a
 * name that nobody can guess, and renamed; a symbolic link at the place is replaced, never
 * followed.  While it is written it is locked, so that what a killed program left behind can be
 * told from what another is just writing: the next one at the same place removes it. */
#ifndef CMD_REPLACE_H
#define CMD_REPLACE_H

#include <stddef.h>

#include <talloc.h>

struct replacement;

/* Write the text beside `path`, wholly on the disk.  Owned by ctx; NULL: it failed, and errno says
 * why.  Freeing it takes the file away again unless it was put in place. */
struct replacement *replace_begin(TALLOC_CTX *ctx, const char *path, const char *text,
                                  size_t length);
/* Put it in place, durably.  0, or -1 and errno. */
int replace_finish(struct replacement *replacement);

#endif
