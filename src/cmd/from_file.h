/* SPDX-License-Identifier: MIT */
/* from_file.h - facts that were written down earlier, in place of the network (--from). */
#ifndef CMD_FROM_FILE_H
#define CMD_FROM_FILE_H

#include "cmd/show_domains.h"

/* Shows each document of the file of --from: one in any layout, or one a line.  The exit status:
 * the worst of all; what was wrong has been said. */
int from_file_run(TALLOC_CTX *ctx, const struct options *options, show_fn show, void *arg);
/* The same where a file without any document is as good (documents_read_any()). */
int from_file_run_any(TALLOC_CTX *ctx, const struct options *options, show_fn show, void *arg);

#endif
