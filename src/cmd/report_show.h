/* SPDX-License-Identifier: MIT */
/* report_show.h - what was gathered out of reports, as text, JSON or CSV. */
#ifndef CMD_REPORT_SHOW_H
#define CMD_REPORT_SHOW_H

#include <talloc.h>

#include "app/gather.h"
#include "app/report_checks.h"
#include "cmd/options.h"

/* Beside the checks of their domains, if there are any.  An exit status. */
int report_show(TALLOC_CTX *ctx, const struct options *options, const struct gathered *gathered,
                const struct report_checks *checks);

#endif
