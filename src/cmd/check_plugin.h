/* SPDX-License-Identifier: MIT */
/* check_plugin.h - check --plugin. */
#ifndef CMD_CHECK_PLUGIN_H
#define CMD_CHECK_PLUGIN_H

#include <talloc.h>

#include "cmd/options.h"

int check_plugin(TALLOC_CTX *ctx, const struct options *options);

#endif
