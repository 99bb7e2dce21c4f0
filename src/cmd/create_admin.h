/* SPDX-License-Identifier: MIT */
/* create_admin.h - serve --create-admin: an administrator of the web service, whose password comes
 * from the terminal or standard input, never from the command line. */
#ifndef CMD_CREATE_ADMIN_H
#define CMD_CREATE_ADMIN_H

#include <talloc.h>

#include "cmd/options.h"

/* The exit status. */
int create_admin(TALLOC_CTX *ctx, const struct options *options);

#endif
