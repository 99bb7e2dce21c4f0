/* SPDX-License-Identifier: MIT */
/* replace.h - files that are replaced whole or not at all.
 *
 * The new contents are written beside the place, into a file that did not exist (O_EXCL) under a
 * name that nobody can guess, and renamed; a symbolic link at the place is replaced, never
 * followed.  Meanwhile its folder is locked, together with all others who write there, so that what
 * a killed program left behind can be told from what another is just writing: the next one that is
 * alone in the folder removes it. */
#ifndef CMD_REPLACE_H
#define CMD_REPLACE_H

#include <stddef.h>

#include <talloc.h>

struct replace_set;
struct replacement;

/* Files that are replaced together: each of their folders is opened and looked through once, and a
 * file needs no descriptor once it is written.  Freeing it frees its replacements.  NULL: no
 * memory. */
struct replace_set *replace_set_new(TALLOC_CTX *ctx);
/* Write the text beside `path`, wholly on the disk.  Owned by the set; NULL: it failed, and errno
 * says why.  Freeing it takes the file away again unless it was put in place. */
struct replacement *replace_begin(struct replace_set *set, const char *path, const char *text,
                                  size_t length);
/* Put it in place, durably.  0, or -1 and errno. */
int replace_finish(struct replacement *replacement);

#endif
