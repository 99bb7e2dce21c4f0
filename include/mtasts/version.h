/* SPDX-License-Identifier: MIT */
/* version.h - the version of libmtasts that a program is compiled against; that of the library it
 * runs with is sts_version().
 *
 * Until 1.0.0 a new MINOR may change what is declared here, and then the soname changes with it; a
 * new PATCH never does.  From 1.0.0 on only a new MAJOR may.  Within one soname only functions and
 * enumerators are added, these before the ..._COUNT of their enum where it has one.  Structs stay
 * as they are. */
#ifndef MTASTS_VERSION_H
#define MTASTS_VERSION_H

#define MTASTS_VERSION_MAJOR 0
#define MTASTS_VERSION_MINOR 1
#define MTASTS_VERSION_PATCH 0
#define MTASTS_VERSION       "0.1.0"

/* For the preprocessor: #if MTASTS_VERSION_NUMBER >= MTASTS_VERSION_OF(0, 2, 0) */
#define MTASTS_VERSION_OF(major, minor, patch) ((major)*1000000 + (minor)*1000 + (patch))
#define MTASTS_VERSION_NUMBER                                                                      \
    MTASTS_VERSION_OF(MTASTS_VERSION_MAJOR, MTASTS_VERSION_MINOR, MTASTS_VERSION_PATCH)

#endif
