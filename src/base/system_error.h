/* SPDX-License-Identifier: MIT */
/* system_error.h - what strerror() says in the C locale, in which the program always asks it, as
 * msgids: facts hold the English words, and whoever shows them translates them as all others.  The
 * C library itself knows one language a process.  The rarer ones stay English. */
#ifndef BASE_SYSTEM_ERROR_H
#define BASE_SYSTEM_ERROR_H

#include <errno.h>

#include "base/msgid.h"

/* X(number, msgid) */
#define SYSTEM_ERRORS(X)                                                                           \
    X(EPERM, N_("Operation not permitted"))                                                        \
    X(ENOENT, N_("No such file or directory"))                                                     \
    X(EIO, N_("Input/output error"))                                                               \
    X(ENXIO, N_("No such device or address"))                                                      \
    X(EACCES, N_("Permission denied"))                                                             \
    X(EBUSY, N_("Device or resource busy"))                                                        \
    X(EEXIST, N_("File exists"))                                                                   \
    X(ENOTDIR, N_("Not a directory"))                                                              \
    X(EISDIR, N_("Is a directory"))                                                                \
    X(EINVAL, N_("Invalid argument"))                                                              \
    X(ENFILE, N_("Too many open files in system"))                                                 \
    X(EMFILE, N_("Too many open files"))                                                           \
    X(EFBIG, N_("File too large"))                                                                 \
    X(ENOSPC, N_("No space left on device"))                                                       \
    X(EROFS, N_("Read-only file system"))                                                          \
    X(EPIPE, N_("Broken pipe"))                                                                    \
    X(ELOOP, N_("Too many levels of symbolic links"))                                              \
    X(ENAMETOOLONG, N_("File name too long"))                                                      \
    X(ENOEXEC, N_("Exec format error"))                                                            \
    X(ENOMEM, N_("Cannot allocate memory"))                                                        \
    X(EAGAIN, N_("Resource temporarily unavailable"))                                              \
    X(EDQUOT, N_("Disk quota exceeded"))                                                           \
    X(EADDRNOTAVAIL, N_("Cannot assign requested address"))                                        \
    X(ECONNREFUSED, N_("Connection refused"))                                                      \
    X(ECONNRESET, N_("Connection reset by peer"))                                                  \
    X(ECONNABORTED, N_("Software caused connection abort"))                                        \
    X(ETIMEDOUT, N_("Connection timed out"))                                                       \
    X(EHOSTUNREACH, N_("No route to host"))                                                        \
    X(EHOSTDOWN, N_("Host is down"))                                                               \
    X(ENETUNREACH, N_("Network is unreachable"))                                                   \
    X(ENETDOWN, N_("Network is down"))

#endif
