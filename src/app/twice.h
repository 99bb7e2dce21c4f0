/* SPDX-License-Identifier: MIT */
/* twice.h - paths whose reports are read twice, also where they can be read only once. */
#ifndef APP_TWICE_H
#define APP_TWICE_H

#include "app/fault.h"
#include "intake/intake.h"

struct twice;

/* What is neither a file nor a directory, such as a pipe, is copied first, into a file that has no
 * name.  The paths are borrowed; "-" is standard input.  On an error *ret_fault tells why. */
STS_MUST_USE enum sts_status twice_new(TALLOC_CTX *ctx, const char *const *paths, size_t count,
                                       struct twice **ret, struct fault *ret_fault);
/* All of them, from their beginning. */
void twice_read(const struct twice *twice, const struct intake_sink *sink,
                struct intake_result *result);

#endif
