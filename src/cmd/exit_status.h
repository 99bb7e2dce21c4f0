/* SPDX-License-Identifier: MIT */
/* exit_status.h - what a subcommand ends with. */
#ifndef CMD_EXIT_STATUS_H
#define CMD_EXIT_STATUS_H

#include "rules/rules.h"

#define EXIT_UNKNOWN 3 /* as in the monitoring convention */
/* sysexits.h: what people know from other programs of mail. */
#define EXIT_USAGE    64
#define EXIT_INTERNAL 70
#define EXIT_LATER    75 /* of itself it will go again; Postfix keeps the mail and tries later */

/* The monitoring convention, moved by --fail-on. */
int exit_status_of(const struct finding *findings, size_t count, enum severity fail_on);
/* The worse of two: 70, 75, 64, 2, 3, 1, 0 in this order. */
int exit_status_worse(int a, int b);

#endif
