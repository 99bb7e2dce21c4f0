/* SPDX-License-Identifier: MIT */
/* control.h - a socket by which the owner of the daemon asks it what it knows, in netstrings as
 * those of mail servers: a word, a blank and what it is about.
 *
 *   explain DOMAIN  looks up what is due, then one line of JSON
 *   warm DOMAIN     likewise, but an empty answer
 *   dump            the first lines of JSON; more: those that follow; empty: there are no more
 *   purge DOMAIN    "1" forgotten, "0" not known, "busy" under way
 *
 * Whatever else is asked is answered with "?".  Who is neither root nor the user of the daemon is
 * not heard. */
#ifndef POLICYD_CONTROL_H
#define POLICYD_CONTROL_H

#include "policyd/server.h"

/* fd: of a unix socket that listens; not closed.  Until ctx is freed, which is before the daemon.
 */
STS_MUST_USE enum sts_status control_start(TALLOC_CTX *ctx, struct policyd *policyd, int fd);

#endif
