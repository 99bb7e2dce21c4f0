/* SPDX-License-Identifier: MIT */
/* admission.h - from the head of a request to its route, or to the status that it is refused with;
 * private to serve/. */
#ifndef SERVE_ADMISSION_H
#define SERVE_ADMISSION_H

#include <stdbool.h>

struct exchange;

/* Sets visitor, id and match of the exchange.  0, or the status. */
unsigned admission_check(struct exchange *exchange, const char *peer, bool over_tls);

#endif
