/* SPDX-License-Identifier: MIT */
/* scan_options.h - how a scan looks, on the command line. */
#ifndef CMD_SCAN_OPTIONS_H
#define CMD_SCAN_OPTIONS_H

#include "cmd/options.h"
#include "scan/scan.h"

/* All but the files and the callbacks. */
void scan_options(const struct options *options, struct scan_config *config,
                  struct net_options *net);

#endif
