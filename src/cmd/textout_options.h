/* SPDX-License-Identifier: MIT */
/* textout_options.h - how pages should look on this standard output. */
#ifndef CMD_TEXTOUT_OPTIONS_H
#define CMD_TEXTOUT_OPTIONS_H

#include "cmd/options.h"
#include "render/textout.h"

struct textout_options textout_options_of(const struct options *options);

#endif
