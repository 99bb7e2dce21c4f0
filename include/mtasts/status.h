/* SPDX-License-Identifier: MIT */
/* status.h - how a call of libmtasts can fail.
 *
 * Three kinds of failure have three types.  A failure of ours (no memory, misuse) is an
 * enum sts_status.  A defect in somebody's text is a struct sts_issue (issue.h): the parser goes
 * on and lists them all.  What a network did is neither: libmtasts opens no sockets.
 */
#ifndef MTASTS_STATUS_H
#define MTASTS_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

#define STS_API      __attribute__((visibility("default")))
#define STS_MUST_USE __attribute__((warn_unused_result))

enum sts_status {
    STS_OK = 0,
    STS_E_NOMEM = -1,   /* memory ran out; nothing was changed */
    STS_E_INVALID = -2, /* the caller's argument is outside its documented range */
    STS_E_LIMIT = -3,   /* the input is larger than the stated ceiling; nothing was read */
    STS_E_IO = -4,      /* a file could not be read or written; not by libmtasts */
    STS_E_REFUSED = -5, /* a store does not accept what was to be written; not by libmtasts */
};

/* A short English sentence, lower case, without a full stop.  Never NULL. */
STS_API const char *sts_status_text(enum sts_status status);

/* The version of the library that runs, "MAJOR.MINOR.PATCH". */
STS_API const char *sts_version(void);

#ifdef __cplusplus
}
#endif

#endif
