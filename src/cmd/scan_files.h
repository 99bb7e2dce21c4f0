/* SPDX-License-Identifier: MIT */
/* scan_files.h - the files of a scan on the command line.  What goes wrong is said here; all return
 * 0 or the exit status. */
#ifndef CMD_SCAN_FILES_H
#define CMD_SCAN_FILES_H

#include "cmd/options.h"
#include "scan/scan.h"

/* The list, and where the results go; the store is tried where it is asked for. */
int scan_files_open(TALLOC_CTX *ctx, const struct options *options, struct scan_config *config);
/* So many results are in the file alone. */
int scan_files_say_unsaved(int64_t count);
/* What ended the scan.  why: of SCAN_NO_NET. */
int scan_files_say(const struct options *options, enum scan_outcome outcome, const char *why);

#endif
