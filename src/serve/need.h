/* SPDX-License-Identifier: MIT */
/* need.h - may whoever asks use this route at all? private to serve/. */
#ifndef SERVE_NEED_H
#define SERVE_NEED_H

#include <stdbool.h>

struct exchange;

/* What the row of the route says (route.h).  False: it was answered why not. */
bool need_is_met(struct exchange *exchange);

#endif
