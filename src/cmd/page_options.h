/* SPDX-License-Identifier: MIT */
/* page_options.h - how pages should look on this standard output. */
#ifndef CMD_PAGE_OPTIONS_H
#define CMD_PAGE_OPTIONS_H

#include "cmd/options.h"
#include "render/page.h"

struct page_options page_options_of(const struct options *options);

#endif
