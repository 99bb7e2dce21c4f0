/* SPDX-License-Identifier: MIT */
/* caa.h - where the search for CAA records starts; private to probe/. */
#ifndef PROBE_CAA_H
#define PROBE_CAA_H

#include "facts/facts.h"

/* The name that a CA starts from: the host, or for *.X it is X.  NULL: no public CA has certified
 * the host. */
const char *caa_start(const struct tls_session *tls, const char *host);

#endif
