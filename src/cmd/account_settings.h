/* SPDX-License-Identifier: MIT */
/* account_settings.h - what the options of serve say about signing in elsewhere. */
#ifndef CMD_ACCOUNT_SETTINGS_H
#define CMD_ACCOUNT_SETTINGS_H

#include <talloc.h>

#include "cmd/options.h"

struct account_settings;

/* *ret, owned by ctx, is NULL where nothing is said.  0, or an exit status after a line on standard
 * error. */
int account_settings_read(TALLOC_CTX *ctx, const struct options *options,
                          const struct account_settings **ret);

#endif
