/* SPDX-License-Identifier: MIT */
/* size.h - how many domains at a time this machine bears: by its processors and by the files that
 * the process may open. */
#ifndef SCAN_SIZE_H
#define SCAN_SIZE_H

#include "net/net.h"
#include "scan/scan.h"

/* threads and jobs of config as wanted, 0: what is best here.  Sets both, and what of the network
 * is under way at a time in a thread. */
void scan_set_size(struct scan_config *config, struct net_options *net, size_t files);
/* Of the process, once, before the first thread. */
void scan_tune_memory(void);

#endif
