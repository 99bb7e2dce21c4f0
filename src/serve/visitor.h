/* SPDX-License-Identifier: MIT */
/* visitor.h - who asks, as far as a request tells; private to serve/. */
#ifndef SERVE_VISITOR_H
#define SERVE_VISITOR_H

#include <stdbool.h>

struct exchange;

/* Sets exchange->visitor.  peer: the address of the connection; "" of a socket of this machine. */
void visitor_find(struct exchange *exchange, const char *peer, bool over_tls);

#endif
