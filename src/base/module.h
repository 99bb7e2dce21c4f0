/* SPDX-License-Identifier: MIT */
/* module.h - the parts of the program whose libraries are loaded where they are first used.
 *
 * GMime, libarchive and libopendkim bring some thirty other libraries, which take longer to load
 * than all that a check needs; so does libnats, which only scans of several machines need.  What
 * calls them are shared objects of their own.  The functions have their names in the program too:
 * there they pass the call on (intake/loaded.c, dkim/loaded.c, queue/loaded.c). */
#ifndef BASE_MODULE_H
#define BASE_MODULE_H

enum module { MODULE_MAIL, MODULE_QUEUE };

/* From now on no file of the module has to be read any more.  By any thread; the first call is
 * made before the sandbox, which keeps the libraries out of reach, is entered. */
void module_load(enum module which);
/* The functions that it exports by that name; loads it.  Without the module this ends the program,
 * as it ends where one of its libraries is missing: it was not installed as a whole. */
const void *module_functions(enum module which, const char *name);

#endif
